"""A lock between processes, held by a file; it is free again when its process ends, however that ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class FileLock:
    """One holder at a time among the processes of a machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    @property
    def is_held(self) -> bool:
        """Whether this process holds it."""
        return self._file is not None

    @property
    def is_in_place(self) -> bool:
        """Whether the file that this process holds is the one that others would find."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
        except OSError:
            return False

    def acquire(self, *, wait: bool = False) -> bool:
        """Take the lock if it is free, or once it is; whether this process holds it now."""
        if self._file is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("ab")
        if not _take(file, wait):
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let it go."""
        if self._file is not None:
            self._file.close()
            self._file = None


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock for a short piece of work, after whoever has it now."""
    lock = FileLock(path)
    if not lock.acquire(wait=True):
        raise TimeoutError(f"{path.name} is held by another process for too long")
    try:
        yield
    finally:
        lock.release()


def _take(file: IO[bytes], wait: bool) -> bool:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        else:
            import msvcrt

            file.seek(0)
            mode = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK  # type: ignore[attr-defined,unused-ignore] # Windows only
            msvcrt.locking(file.fileno(), mode, 1)  # type: ignore[attr-defined,unused-ignore] # Windows only
    except OSError:
        return False
    return True
