"""An indexer that is killed at any moment leaves an index that answers rightly, and is brought up again.

The moments are drawn, not waited for: a process of its own counts its calls, and kills itself at one.
"""

import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import upkeep
from partnernet.search.folder import CURRENT, LOCK, current_folder
from partnernet.search.status import disagreements
from tests.factories import own_node
from tests.laws.budget import LONG
from tests.progress import Progress
from tests.search.cast import discuss, generation, ids, index, remake, reopened, update

KILLS = 80 if LONG else 6
"""Of each kind of work."""

WORDS = ("heron", "egret", "ibis")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process can be copied on POSIX alone")


def purge() -> None:
    opened = generation()
    opened.refresh()
    opened.purge()


def merge() -> None:
    opened = generation()
    opened.refresh()
    assert upkeep.tidy(opened)


WORK: dict[str, Callable[[], None]] = {"catching up": update, "a new index": remake, "purge": purge, "merge": merge}


@pytest.fixture
def behind(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of an index of several segments, with removed documents in it, that is behind."""
    monkeypatch.setattr(upkeep, "SMALL", 0)  # no commit takes a segment along
    node = NodeItself(own_node())
    entries = [discuss(session, f"Heron {n}", "An egret.") for n in range(4)]
    update()
    for n in range(6):
        discuss(session, f"Egret {n}", "An ibis. " * n)
    update()
    verbs.redact(session, node, entries[0])
    commit(session)
    update()
    verbs.edit(session, node, entries[1], {"title": "An ibis"})
    verbs.delete(session, node, entries[2])
    commit(session)
    discuss(session, "A heron and an ibis")
    shutil.copytree(index().folder, tmp_path / "behind")
    return tmp_path / "behind"


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_an_indexer_killed_at_any_moment_leaves_nothing_wrong(
    app: Flask, session: Session, behind: Path, work: Callable[[], None], progress: Progress
) -> None:
    before = answers(session)
    draw, calls = random.Random(7), in_another_process(work, None)
    assert calls > 100
    for _ in progress.through(range(KILLS)):
        put_back(behind)
        moment = draw.randrange(calls)
        in_another_process(work, moment)
        reopened()
        found = answers(session)
        update()
        right = answers(session)
        assert all(found[word] in (before[word], right[word]) for word in WORDS), moment
        assert right == expected(session), moment
        assert disagreements(app) == [], moment
        held = {path.name for path in index().folder.iterdir()}
        assert held == {CURRENT, LOCK, current_folder(index().folder).name}, moment


def answers(session: Session) -> dict[str, set[str]]:
    return {word: ids(session, word) for word in WORDS}


def expected(session: Session) -> dict[str, set[str]]:
    """What an index says that was made at one go."""
    remake()
    return answers(session)


def put_back(copy: Path) -> None:
    shutil.rmtree(index().folder)
    shutil.copytree(copy, index().folder)


def in_another_process(work: Callable[[], None], moment: int | None) -> int:
    """Do some work in a copy of this process, which is killed at a call; how many calls it made, if it was not."""
    db.session.remove()
    db.engine.dispose()
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert killed or said, "the work failed"
        return int(said or b"0")
    try:
        calls = 0

        def count(*event: object) -> None:
            nonlocal calls
            calls += 1
            if calls == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        work()
        sys.setprofile(None)
        os.write(writing, str(calls).encode())
    finally:
        os._exit(0)
