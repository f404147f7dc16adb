"""An index that has come to harm is noticed and made anew, and nothing wrong is answered, then or later."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search.engine import BEING_MADE
from partnernet.search.folder import CURRENT, LOCK, current_folder
from partnernet.search.status import disagreements, status
from tests.factories import own_node
from tests.progress import Progress
from tests.search import damage
from tests.search.cast import discuss, generation, index, reopened, search, update

WORDS = ("heron", "egret", "ibis", "stork", "zanzibar", "heron -egret", '"heron egret"', "kind:discussion")

Answers = dict[str, tuple[list[str], int]]


@pytest.fixture
def whole(session: Session, tmp_path: Path) -> Path:
    """A copy of an index of several commits, with something removed in it."""
    for n in range(6):
        discuss(session, f"Heron {n}", "An egret." * (n % 2))
    update()
    gone = discuss(session, "Zanzibar", "A heron that leaves.")
    discuss(session, "Ibis", "A stork and an egret.", log="network")
    update()
    verbs.delete(session, NodeItself(own_node()), gone)
    commit(session)
    update()
    shutil.copytree(index().folder, tmp_path / "whole")
    return tmp_path / "whole"


def answers(session: Session) -> Answers:
    found = {word: search(session, word) for word in WORDS}
    return {
        word: ([hit.entry.id for hit in results.hits], results.count)
        for word, results in found.items()
        if BEING_MADE not in results.notes or results.hits or results.count
    }


def put_back(whole: Path, tmp_path: Path) -> None:
    for path in (index().folder, tmp_path / "node" / "elsewhere"):
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
    shutil.copytree(whole, index().folder)


@damage.part
def test_harm_is_noticed_at_the_start_and_mended(
    app: Flask, session: Session, whole: Path, tmp_path: Path, numbers: range, progress: Progress
) -> None:
    right = answers(session)
    assert len(right) == len(WORDS)
    for number in progress.through(numbers):
        put_back(whole, tmp_path)
        what = damage.harm(index().folder, number)
        reopened()
        assert answers(session).items() <= right.items(), what
        assert status(app).sentence, what
        update()
        assert answers(session) == right, what
        reopened()
        assert answers(session) == right, what
        assert disagreements(app) == [], what
        nothing_is_left_over(what)


def nothing_is_left_over(what: str) -> None:
    folder = index().folder
    held = {path.name for path in folder.iterdir()}
    assert held == {CURRENT, LOCK, current_folder(folder).name}, what
    state = generation().refresh()
    assert {path.name for path in current_folder(folder).iterdir()} >= {*state.files, "state.json"}, what


def test_each_kind_of_harm_is_done_in_an_ordinary_run() -> None:
    assert 2 * len(damage.DAMAGES) <= damage.COUNT
