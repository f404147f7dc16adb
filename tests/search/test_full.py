"""A disk that is full, a folder that is gone or closed: search goes on as far as it can, and indexing waits."""

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position
from partnernet.core.errors import StorageFull
from partnernet.search import indexer as indexers
from partnernet.search.engine import BEHIND
from partnernet.search.folder import CURRENT, LOCK, current_folder
from partnernet.search.indexer import Indexer, start
from partnernet.search.state import Damaged
from tests.postgres import ON_POSTGRES
from tests.search.cast import discuss, generation, index, search, titles, update
from tests.search.test_indexer import PATIENCE, _until
from tests.server import node_environment


@pytest.fixture
def running(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Indexer]:
    """An indexer without much patience, which has indexed one entry."""
    monkeypatch.setattr(indexers, "BACK_OFF", (0.01,))
    monkeypatch.setattr(indexers, "POLL", 0.02)
    discuss(session, "One heron")
    indexer = start(app)
    assert index().wait_for(last_position(session), PATIENCE)
    yield indexer
    indexer.stop()


def nothing_is_left_over() -> bool:
    folder = index().folder
    try:
        current, held = current_folder(folder), {path.name for path in folder.iterdir()}
        files = {path.name for path in current.iterdir()}
        return held == {CURRENT, LOCK, current.name} and files == {*generation().refresh().files, "state.json"}
    except (Damaged, OSError):
        return False  # the indexer is at work


def failing(number: int) -> Callable[..., None]:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "cannot be written"), (errno.EIO, "failed")]
)
def test_search_goes_on_while_nothing_can_be_stored_and_catches_up(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int, words: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(number))
        discuss(session, "Two herons")
        _until(lambda: words in caplog.text)
        found = search(session, "heron")
        assert [hit.title for hit in found.hits] == ["One heron"]
        assert BEHIND in found.notes
    assert index().wait_for(last_position(session), PATIENCE)
    assert sorted(titles(session, "heron")) == ["One heron", "Two herons"]
    _until(nothing_is_left_over)


@pytest.mark.usefixtures("running")
def test_a_folder_that_is_taken_away_is_made_again_though_nobody_writes(session: Session) -> None:
    before = current_folder(index().folder)
    shutil.rmtree(index().folder)
    _until(lambda: titles(session, "heron") == ["One heron"])
    assert current_folder(index().folder) != before
    _until(nothing_is_left_over)


@pytest.mark.usefixtures("running")
def test_a_lock_that_is_taken_away_is_taken_again(session: Session) -> None:
    (index().folder / LOCK).unlink()
    _until((index().folder / LOCK).exists)
    discuss(session, "Two herons")
    assert index().wait_for(last_position(session), PATIENCE)
    assert len(titles(session, "heron")) == 2


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, StorageFull), (errno.EIO, OSError)])
def test_a_command_that_has_no_room_to_index_says_what_to_do(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    discuss(session, "One heron")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(number))
        with pytest.raises(error, match="make room, then run" if error is StorageFull else "Input/output"):
            indexers.catch_up(app)
    indexers.catch_up(app)
    assert titles(session, "heron") == ["One heron"]


@pytest.mark.skipif(os.name != "posix", reason="the limit on a file's size is one of POSIX")
@pytest.mark.skipif(ON_POSTGRES, reason="the command would make a database of its own, in SQLite")
def test_a_rebuild_without_room_says_so_and_leaves_the_old_index(session: Session, tmp_path: Path) -> None:
    draw = random.Random(1)
    for _ in range(20):
        discuss(session, "One heron", " ".join(f"word{draw.getrandbits(40):x}" for _ in range(400)))
    update()
    before = current_folder(index().folder)
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536)); " + (
        "from partnernet.cli import main; sys.exit(main(['index', 'rebuild']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], env=node_environment(tmp_path), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode
    assert done.stderr == "There is no room for a new index: make some, and ask again.\n"
    assert current_folder(index().folder) == before
    assert len(titles(session, "heron")) == 20
    assert nothing_is_left_over()
