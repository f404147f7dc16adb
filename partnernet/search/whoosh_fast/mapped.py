"""Segments read in place: Whoosh copies each into private memory for every reader."""

import mmap
import os
from typing import Any

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.structfile import BufferFile


class Cursor:
    """A place in a piece of a memory map, read like a file without copying the whole."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def read(self, size: int = -1) -> bytes:
        start = self._at
        self._at = len(self._view) if size < 0 else min(start + size, len(self._view))
        return bytes(self._view[start : self._at])

    def readline(self) -> bytes:
        """Up to and with the next line break; pickles written by Whoosh hold short lines only."""
        line = bytearray()
        while byte := self.read(1):
            line += byte
            if byte == b"\n":
                break
        return bytes(line)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._view)}[whence]
        self._at = origin + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._view = memoryview(b"")


class MappedFile(BufferFile):  # type: ignore[misc] # Whoosh has no types
    """A file inside a segment, in place."""

    def __init__(self, view: memoryview, name: str, offset: int) -> None:
        super().__init__(b"", name=name)
        self._buf, self.file, self.offset = view, Cursor(view), offset


class MappedStorage(CompoundStorage):  # type: ignore[misc] # Whoosh has no types
    """The files inside a segment; the map goes when the last of them is let go."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(self._source, mmap.mmap):
            return super().open_file(name, *args, **kwargs)
        offset, length = self.range(name)
        return MappedFile(memoryview(self._source)[offset : offset + length], name, offset)

    def close(self) -> None:
        self.is_closed, self._source = True, None


class MappedSegment(W3Segment):  # type: ignore[misc] # Whoosh has no types
    """A segment whose files are read in place."""

    def open_compound_file(self, storage: Any) -> MappedStorage:
        return MappedStorage(storage.open_file(self.make_filename(self.COMPOUND_EXT)))
