"""A backup or a restoring that is killed at any of its steps leaves nothing half done."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from partnernet.backups import reading
from partnernet.core.db import db
from partnernet.people.model import Account
from tests.backups import house
from tests.backups.conftest import josie
from tests.laws.budget import LONG
from tests.postgres import ON_POSTGRES
from tests.progress import Progress
from tests.server import node_environment

__all__ = ("josie",)

KILLS = 60 if LONG else 1
LAST = 40 if LONG else 0
"""How many of the last steps of restoring are tried, each one: there it is decided (see `tests/core/test_swap.py`)."""

KILLED = """
import os, signal, sys
left = [int(sys.argv[1])]
def count(event, arguments):
    if event in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"):
        if "__pycache__" in str(arguments[0]): return
        if event == "open" and not isinstance(arguments[2], int): return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR): return
        left[0] -= 1
        if left[0] == -1: os.kill(os.getpid(), signal.SIGKILL)
from partnernet.cli import main
sys.addaudithook(count)
status = main(sys.argv[2:])
print(int(sys.argv[1]) - left[0])
sys.exit(status)
"""
"""Runs a command, and kills it before a step that changes something on the disk; else says how many there were.

That Python keeps what it compiled is no step: only the first run does that.
"""

NEVER = 1 << 30


def run(step: int, node: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = node_environment(node.parent, PARTNERNET_DATA=str(node))
    return subprocess.run([sys.executable, "-c", KILLED, str(step), *arguments], env=environment, cwd=node.parent,
                          capture_output=True, text=True, timeout=300, check=False)  # fmt: skip


def steps(total: int, seed: int) -> list[int]:
    return sorted(random.Random(seed).sample(range(total), min(KILLS, total)))


@pytest.fixture
def only_with_files() -> None:
    if ON_POSTGRES:
        pytest.skip("killed at the same steps of the same folder as with SQLite; its database is restored in one go")


@pytest.mark.usefixtures("only_with_files")
def test_a_backup_that_is_killed_is_whole_or_not_there(
    app: Flask, josie: Account, tmp_path: Path, progress: Progress
) -> None:
    db.session.rollback()
    db.engine.dispose()
    node, out = app.config["DATA"], tmp_path / "out" / "one.tar.gz"
    out.parent.mkdir()
    for _ in range(2):  # at the first time it makes locks as well
        whole = run(NEVER, node, "backup", str(out))
        assert whole.returncode == 0, whole.stderr
    before, total = out.read_bytes(), int(whole.stdout.split()[-1])
    for step in progress.through(steps(total, 1)):
        assert run(step, node, "backup", str(out)).returncode == -9
        reading.check(out)
        assert out.read_bytes() == before or not list(out.parent.glob("*.part*"))
    again = run(NEVER, node, "backup", str(out))
    assert again.returncode == 0 and [path.name for path in out.parent.iterdir()] == ["one.tar.gz"]


@pytest.mark.usefixtures("only_with_files")
def test_a_restoring_that_is_killed_is_before_or_after(
    app: Flask, josie: Account, tmp_path: Path, progress: Progress
) -> None:
    backup = house.back_up(app, tmp_path / "one.tar.gz").path
    house.erase_canary(db.session())
    db.session.rollback()
    db.engine.dispose()
    whole = run(NEVER, tmp_path / "count", "restore", str(backup))
    assert whole.returncode == 0, whole.stderr
    total = int(whole.stdout.split()[-1])
    for step in progress.through(sorted({*steps(total, 2), *range(total - LAST, total)})):
        node = tmp_path / f"at{step}"
        assert run(step, node, "restore", str(backup)).returncode == -9
        settled = run(NEVER, node, "verify")
        assert settled.returncode == 0, settled.stdout + settled.stderr
        if not (node / "files").exists():
            again = run(NEVER, node, "restore", "--force", str(backup))
            assert again.returncode == 0, again.stderr
        assert len(list(node.glob("files/??/*"))) == 2 and not list(node.glob("restore.p*"))
