"""The files of one generation: synced before they count, and only those seen that a state names."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from weakref import WeakSet

from whoosh.filedb.filestore import FileStorage

from partnernet.core.ledger.node import sync_folder
from partnernet.search.state import FILE


class ClosingStorage(FileStorage):  # type: ignore[misc] # Whoosh has no types
    """Whoosh's files in a folder; those that a failed writer left open can be closed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.path = folder
        self._open: WeakSet[Any] = WeakSet()
        self._beneath: list[ClosingStorage] = []

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return self._noted(super().create_file(name, *args, **kwargs))

    def open_file(self, name: str, **kwargs: Any) -> Any:
        return self._noted(super().open_file(name, **kwargs))

    def temp_storage(self, name: str | None = None) -> "ClosingStorage":
        beneath = ClosingStorage(self.path / (name or "temporary"))
        self._beneath.append(beneath)
        beneath.create()
        return beneath

    def abandon(self) -> None:
        """Close whatever is open still."""
        for beneath in self._beneath:
            beneath.abandon()
        for file in list(self._open):
            with contextlib.suppress(OSError):
                file.close()

    def _noted(self, file: Any) -> Any:
        self._open.add(file.file)
        return file


class DurableStorage(ClosingStorage):
    """Whoosh's files in a folder.

    Whoosh renames its table of contents as its last step: whatever was made until then is synced
    before, and the folder after. What the last state names is kept until the next one is written.
    """

    def __init__(self, folder: Path, committed: Iterable[str]) -> None:
        super().__init__(folder)
        self._committed = frozenset(committed)
        self._seen = set(self._committed)
        self._unsynced: set[str] = set()

    def list(self) -> list[str]:
        return sorted(self._seen)

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._seen.add(name)
        self._unsynced.add(name)
        return super().create_file(name, *args, **kwargs)

    def delete_file(self, name: str) -> None:
        self._seen.discard(name)
        self._unsynced.discard(name)
        if name not in self._committed:
            super().delete_file(name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        for name in sorted(self._unsynced):
            _sync(self.path / name)
        self._unsynced.clear()
        super().rename_file(oldname, newname, safe)
        self._seen.discard(oldname)
        self._seen.add(newname)
        sync_folder(self.path)

    def sweep(self, keep: Iterable[str]) -> None:
        """Remove every file that is not to be kept; what another program still holds goes the next time."""
        kept = {*keep, FILE}
        for path in self.path.iterdir():
            if path.is_dir():
                for part in path.iterdir():
                    _remove(part)
                with contextlib.suppress(OSError):
                    path.rmdir()
            elif path.name not in kept:
                _remove(path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
