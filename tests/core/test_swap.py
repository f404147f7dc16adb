"""One thing in the place of another: killed before any of its steps, a folder holds the old or the new, whole."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from partnernet.core import swap
from partnernet.core.errors import Refused
from partnernet.core.lock import FileLock

STEPS = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds an old node."""
    return old(tmp_path / "node")


def old(folder: Path) -> Path:
    lay(folder, "old")
    (folder / "partnernet.db-wal").write_text("old")
    (folder / "search_index").mkdir()
    (folder / "backups").mkdir()
    (folder / "backups" / "one").write_text("kept")
    return folder


def lay(folder: Path, what: str) -> None:
    for name in ("partnernet.db", "node.key", "node-state.json", "files/ab/one"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(what)


def held(folder: Path) -> set[str]:
    """What the things of a folder are: old, new or both; none of them may be nowhere."""
    return {(folder / name).read_text() for name in ("partnernet.db", "node.key", "node-state.json", "files/ab/one")}


def replace(folder: Path) -> None:
    with swap.replacing(folder) as replacement:
        lay(replacement.part, "new")
        replacement.decide("before")


def killed_at(step: int, work: Callable[[], None]) -> bool:
    """Do something in a process that is killed before one of its steps; whether it was."""
    child = os.fork()
    if child == 0:
        left = [step]

        def count(event: str, arguments: Any) -> None:
            if event in STEPS:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_the_new_is_in_place_and_the_old_aside(folder: Path) -> None:
    replace(folder)
    aside = folder / "before"
    assert (folder / "partnernet.db").read_text() == "new" and not (folder / "partnernet.db-wal").exists()
    assert held(aside) == {"old"} and (aside / "partnernet.db-wal").exists() and (aside / "search_index").is_dir()
    assert (folder / "backups" / "one").read_text() == "kept"
    assert {path.name for path in folder.iterdir() if path.name.startswith("restore.")} == {swap.LOCK, swap.FINISHING}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_killed_before_any_step_it_is_one_or_the_other(tmp_path: Path) -> None:
    outcomes = []
    for step in range(1_000):
        folder = old(tmp_path / str(step))
        if not killed_at(step, lambda folder=folder: replace(folder)):  # type: ignore[misc] # of this round
            break
        swap.settle(folder)
        aside = folder / "before"
        outcomes += held(folder)
        assert len(outcomes) == step + 1 and aside.exists() is (outcomes[-1] == "new")
        assert not aside.exists() or held(aside) == {"old"}
        replace(folder)
        assert held(folder) == {"new"}
    assert outcomes == sorted(outcomes, reverse=True), "once it is decided, it stays so"
    assert set(outcomes) == {"old", "new"} and len(outcomes) > 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_finishing_can_be_killed_as_well(tmp_path: Path) -> None:
    decided = next(step for step in range(1_000) if is_decided(tmp_path / f"first{step}", step))
    for step in range(1_000):
        folder = old(tmp_path / str(step))
        assert killed_at(decided, lambda folder=folder: replace(folder))  # type: ignore[misc] # of this round
        was_killed = killed_at(step, lambda folder=folder: swap.settle(folder))  # type: ignore[misc] # the same
        swap.settle(folder)
        assert held(folder) == {"new"} and held(folder / "before") == {"old"}
        if not was_killed:
            return


def is_decided(folder: Path, step: int) -> bool:
    killed_at(step, lambda: replace(old(folder)))
    return (folder / swap.DECIDED).exists()


def test_what_is_not_decided_leaves_no_trace(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), swap.replacing(folder) as replacement:
        lay(replacement.part, "new")
        raise ZeroDivisionError
    assert not (folder / swap.PART).exists() and held(folder) == {"old"}


def test_two_at_once_are_refused_and_nobody_opens_it_meanwhile(folder: Path) -> None:
    lock = FileLock(folder / swap.LOCK)
    (folder / swap.PART).mkdir()
    assert lock.acquire()
    try:
        with pytest.raises(Refused, match="already"):
            replace(folder)
        with pytest.raises(Refused, match="wait until"):
            swap.settle(folder)
    finally:
        lock.release()
    swap.settle(folder)
    replace(folder)


def test_a_database_that_may_be_another_one_already_keeps_the_folder_shut(folder: Path) -> None:
    (folder / swap.DATABASE_BEGUN).touch()
    with pytest.raises(Refused, match="empty database"):
        swap.settle(folder)
    replace(folder)
    swap.settle(folder)
