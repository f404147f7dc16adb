"""The folder of the index: generations, `current` with the name of the one to use, and two signs.

`lock` is held by the one indexer; `rebuild` stands while somebody has asked for a new index. Everything
in the folder is disposable: whatever stands in the way of a file of ours is removed.
"""

import contextlib
import os
import re
import secrets
import shutil
from pathlib import Path

from partnernet.core.ledger.node import write_durably
from partnernet.search.state import Damaged

CURRENT, LOCK, REBUILD = "current", "lock", "rebuild"
NAME_LIMIT = 100
"""Bytes that are read of `current`, however long it is."""

_name = re.compile(r"generation-[0-9a-f]{16}").fullmatch


def prepare(folder: Path) -> None:
    """See that there is a folder, for its owner alone, in which the lock can be taken."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    clear(folder / LOCK)


def current_folder(folder: Path) -> Path:
    """The folder of the current generation; raises Damaged where none is named."""
    try:
        if not (folder / CURRENT).is_file():  # what is no file might never end, or wait for somebody
            raise Damaged("There is no index yet.")
        with (folder / CURRENT).open("rb") as file:
            name = file.read(NAME_LIMIT).decode().strip()
    except (OSError, ValueError) as error:
        raise Damaged("The index names no generation.") from error
    if not _name(name):
        raise Damaged("The index names no generation.")
    return folder / name


def new_folder(folder: Path) -> Path:
    """A folder for a new generation; made by whoever fills it."""
    return folder / f"generation-{secrets.token_hex(8)}"


def make_current(folder: Path, generation: Path) -> None:
    """Swap: from now on searches go to another generation."""
    clear(folder / CURRENT)
    write_durably(folder / CURRENT, generation.name.encode(), mode=0o600)


def name_none(folder: Path) -> None:
    """Let nobody search in a generation that cannot be trusted, until a new one is made."""
    remove(folder / CURRENT)


def is_asked_for(folder: Path) -> bool:
    """Whether somebody wants a new index."""
    return os.path.lexists(folder / REBUILD)


def ask(folder: Path) -> None:
    """Have the indexer, in whichever process it is, make the index anew."""
    clear(folder / REBUILD)
    write_durably(folder / REBUILD, b"", mode=0o600)


def answered(folder: Path) -> None:
    """A new index was made."""
    remove(folder / REBUILD)


def sweep(folder: Path, keep: Path) -> None:
    """Remove the generations that are not used any more, and what was written half."""
    for pattern in ("generation-*", "*.part"):
        for path in folder.glob(pattern):
            if path != keep:
                remove(path)


def clear(path: Path) -> None:
    """Remove what stands where a file of ours belongs and is none."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        remove(path)


def remove(path: Path) -> None:
    """Remove whatever it is; what another program still holds goes the next time."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        path.unlink()
