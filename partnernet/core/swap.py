"""Putting what a backup holds in the place of what a data folder holds, so that a crash leaves one or the other.

It is all laid out in a folder of its own inside; the renaming of that folder decides. What is left to do
after it, moving the old things aside and the new ones in, can be stopped anywhere, and is done again by
whoever opens the data folder next. Nothing leaves the data folder, which may be a disk of its own.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from partnernet.core.errors import Refused
from partnernet.core.ledger.node import STATE, sync_folder, write_durably
from partnernet.core.lock import FileLock, held

PART, DECIDED, MOVING = "restore.part", "restore.ready", "restore.moving"
"""The folder that is being laid out; all laid out; the old things are aside, and the new ones move in."""
DATABASE_BEGUN = "restore.database"
"""A file that is there while the database on a server may be the new one already, and the folder is not."""
LOCK = "restore.lock"
FINISHING = "restore.finishing"
ASIDE = "aside.txt"
"""Inside the folder: where the old things go."""
OWNED = (
    "partnernet.db", "partnernet.db-wal", "partnernet.db-shm", "partnernet.db-journal", "files", "node.key",
    "network.key", "network.key.next", "secret.key", STATE, "erasures.jsonl", "search_index", "imports", "exports",
    "before-upgrade",
)  # fmt: skip
"""What belongs to the node that a folder holds."""


class Replacement:
    """What is laid out to take the place of what a folder holds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.part = folder, folder / PART

    def decide(self, aside: str) -> Path | None:
        """Let the new things count from now on, whatever happens; where the old ones are, if there were any."""
        while (self.folder / aside).exists():
            aside += "+"
        write_durably(self.part / ASIDE, aside.encode())
        for folder in sorted(path for path in self.part.rglob("*") if path.is_dir()):
            sync_folder(folder)
        sync_folder(self.part)
        self.part.rename(self.folder / DECIDED)
        sync_folder(self.folder)
        _finish(self.folder)
        return self.folder / aside if (self.folder / aside).exists() else None


@contextmanager
def replacing(folder: Path) -> Iterator[Replacement]:
    """Lay out a replacement; what is not decided at the end leaves no trace."""
    lock = FileLock(folder / LOCK)
    if not lock.acquire():
        raise Refused("A backup is being restored into this folder already: wait until that has ended.")
    replacement = Replacement(folder)
    try:
        _finish(folder)
        _remove(replacement.part)
        replacement.part.mkdir(mode=0o700)
        yield replacement
    finally:
        _remove(replacement.part)
        lock.release()


def settle(folder: Path) -> None:
    """Finish what was decided before a crash; raises Refused where a folder is not to be opened now."""
    if (folder / DECIDED).exists() or (folder / MOVING).exists():
        _finish(folder)
    if (folder / PART).exists() and _is_busy(folder):
        raise Refused("A backup is being restored into this folder: wait until that has ended.")
    if (folder / DATABASE_BEGUN).exists():
        raise Refused(
            "A backup was being restored here, and that was cut off: make an empty database and run "
            f"`partnernet restore` again. To go on with what was here before, remove {DATABASE_BEGUN}."
        )


def _is_busy(folder: Path) -> bool:
    lock = FileLock(folder / LOCK)
    is_free = lock.acquire()
    lock.release()
    return not is_free


def _finish(folder: Path) -> None:
    decided, moving = folder / DECIDED, folder / MOVING
    with held(folder / FINISHING):
        if decided.exists():
            aside = folder / Path((decided / ASIDE).read_text()).name
            for name in OWNED:
                _move(folder / name, aside / name)
            decided.rename(moving)
            sync_folder(folder)
        if moving.exists():
            for path in sorted(moving.iterdir()):
                if path.name in OWNED:
                    path.replace(folder / path.name)
            sync_folder(folder)
            (folder / DATABASE_BEGUN).unlink(missing_ok=True)
            _remove(moving)


def _move(source: Path, target: Path) -> None:
    if source.exists() or source.is_symlink():
        target.parent.mkdir(mode=0o700, exist_ok=True)
        source.replace(target)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
