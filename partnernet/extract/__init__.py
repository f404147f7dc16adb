"""Extract: the text of a document, read in a process of its own, since documents come from anybody.

`process.extract` is what the rest of the house calls. What runs in the process is `python -m partnernet.extract`;
it starts for each file anew, so nothing in here imports more than its format needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

VERSION = 1
"""Raise it when the same file would be read differently: every text is read anew."""

FILE_LIMIT = 50 << 20
"""Bytes of a file that is looked at at all."""
TEXT_LIMIT = 2_000_000
"""Characters that are kept of one file."""
PAGES_LIMIT = 1_000
PIECE = 6_000
"""Characters of one piece: a longer page is several."""
UNPACKED_LIMIT = 100 << 20
"""Bytes that a packed document may unpack to."""

CPU_BUDGET = 60
"""Seconds of work after which what was read so far has to do."""
CPU_LIMIT = 75
"""Seconds of work after which the process is ended, wherever it is."""
MEMORY_LIMIT = 512 << 20
WALL_LIMIT = 300.0
"""Seconds by the clock after which it is ended: a machine that is busy elsewhere may need them."""

READ, UNREADABLE, EMPTY, LARGE = "read", "unreadable", "empty", "large"
"""What became of a file: `empty` has no text, as when it was only scanned."""

LOCKED, PROTECTED, DAMAGED, UNPACKS, SLOW, MEMORY, PART = (
    "locked", "protected", "damaged", "unpacks", "slow", "memory", "part",
)  # fmt: skip
"""Why a file cannot be read; `part` is of one that was read, but for its end."""

PAGES, SLIDES, SHEETS = "page", "slide", "sheet"
"""What a file is divided in; empty where it is not."""

ENDINGS = {
    ".pdf": "pdf",
    ".docx": "packed", ".pptx": "packed", ".xlsx": "packed", ".odt": "packed", ".odp": "packed", ".ods": "packed",
    ".txt": "text", ".csv": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
}  # fmt: skip
"""The endings of names whose files have a text, and how it is read."""

Fragments = Iterator[tuple[int, str, str]]
"""What a reader gives, in order: the number of the page, its name where it has one, and some of its text."""


class Unreadable(Exception):
    """A file has no text that could be read; `reason` is one of the words above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Enough(Exception):
    """So much was read, or so long, that what there is has to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a file's text, small enough to be found by itself; `page` is 0 where there are none."""

    page: int
    label: str
    text: str


def ending(name: str) -> str:
    """The ending of a file's name that says how its text is read; empty where it has none that is known."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in ENDINGS else ""
