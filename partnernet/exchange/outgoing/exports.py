"""Parts of a divided bundle, which are downloaded one by one: kept for a day, then swept away."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from partnernet.core.errors import NotFound
from partnernet.core.files import storing
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.words import lazy
from partnernet.exchange.bundle import ZIP

KEPT = 24 * 3_600
"""Seconds."""

GONE = lazy("These files are not here any more: they are kept for a day. Please make them again.")

_ID = re.compile(r"[a-z2-7]{16}").fullmatch


class Exports:
    """The folder of exports that were made, each in a folder named after it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> str:
        """Make room for one; its id."""
        made = to_base32(os.urandom(10))
        with storing():
            (self.folder / made).mkdir(parents=True)
        return made

    @contextmanager
    def part(self, made: str, number: int) -> Iterator[BinaryIO]:
        """A part to write."""
        with storing(), self._path(made, number).open("x+b") as file:
            yield file

    def parts(self, made: str) -> list[int]:
        """The size of each part in bytes, in their order; raises NotFound where they are gone."""
        sizes: list[int] = []
        while self._path(made, len(sizes) + 1).is_file():
            sizes.append(self._path(made, len(sizes) + 1).stat().st_size)
        if not sizes:
            raise NotFound(str(GONE))
        return sizes

    def path(self, made: str, number: int) -> Path:
        """Where a part lies; raises NotFound where it is not here."""
        if not 1 <= number <= len(self.parts(made)):
            raise NotFound(str(GONE))
        return self._path(made, number)

    def kept(self) -> list[str]:
        """The ids of those that are here."""
        return [folder.name for folder in self.folder.glob("*/") if _ID(folder.name)]

    def forget(self, made: str) -> None:
        """Remove one."""
        if _ID(made):
            shutil.rmtree(self.folder / made, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what is older than a day."""
        for made in self.kept():
            if time.time() - (self.folder / made).stat().st_mtime > KEPT:
                self.forget(made)

    def _path(self, made: str, number: int) -> Path:
        if not _ID(made):
            raise NotFound(str(GONE))
        return self.folder / made / f"{number}{ZIP}"
