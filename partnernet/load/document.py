"""What a reader of any format hands on: one document, and what could not be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from partnernet.core.ledger.kinds import TEXT_LIMIT, TITLE_LIMIT, line, moment
from partnernet.core.time import DAY, day_ms, from_ms, now_ms
from partnernet.load.plain import clean

CREDIT_LIMIT = 200
SOURCE_LIMIT = 500
TAG_LIMIT = 60
CONTINUES = "\n\n… *This goes on in the file below.*"
WHOLE_TEXT = "whole text.md"

_TITLE = line(TITLE_LIMIT, empty=False)


class Unreadable(Exception):
    """A document cannot be brought in; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with a document, as bytes or on the disk."""

    name: str
    content: bytes = b""
    path: Path | None = None
    goes_to: str = "files"
    """The field of the entry that it stands in."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What a picture shows, its caption and its credit."""
    stands_for: str = ""
    """How the text names it, where it shows it; there stands its address once it is kept."""


@dataclass(slots=True)
class Document:
    """One document to bring in. `source` is its id outside, `parent` that of what it answers."""

    source: str
    kind: str
    title: str
    body: str
    name: str = ""
    """What it is called in the report."""
    date: int | None = None
    """When it was written, in milliseconds."""
    held: str = ""
    credit: str = ""
    tags: Sequence[str] = ()
    parent: str = ""
    enclosures: list[Enclosure] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    """The enclosures, once they are kept."""
    picture: dict[str, Any] | None = None
    root: str = ""
    """The source of the entry it stands under, for where what it answers is not here."""
    origin: str = ""
    """What names an entry of this or another server, written out and read back; empty for all else."""
    visibility: str = ""
    partner: str = ""
    """The name of the partner for whom it was said."""
    more: dict[str, Any] = field(default_factory=dict)
    """Fields of its kind, partners by name."""
    is_exact: bool = False
    """Whether its title is what people have written, and stays as it is where it may."""

    def fit(self) -> "Document":
        """Bring every part within its limit: a text that is too long goes on in a file."""
        if not (self.is_exact and _TITLE(self.title)):
            self.title = one_line(self.title, TITLE_LIMIT) or "Without a title"
        self.credit = one_line(self.credit, CREDIT_LIMIT)
        if len(self.body) > TEXT_LIMIT:
            self.enclosures.append(Enclosure(WHOLE_TEXT, self.body.encode()))
            kept = self.body[: TEXT_LIMIT - len(CONTINUES)]
            self.body = (kept.rsplit("\n", 1)[0] if "\n" in kept[-10_000:] else kept) + CONTINUES
        if self.date is not None and not (moment(self.date) and self.date <= now_ms() + DAY):
            self.date = None  # a clock that was wrong; such a thing would stand on top of every list
        return self


def one_line(text: str, limit: int) -> str:
    """A text on one line, cut at a word where it is too long."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rsplit(" ", 1)[0] + "…"


def as_tag(word: str) -> str:
    """A word as a tag; empty where nothing is left of it."""
    return one_line(word.replace(",", " ").lower(), TAG_LIMIT).rstrip("…").strip()


def when(day: date) -> int:
    """A day in milliseconds: noon, so that it is the same day in every zone of Europe."""
    return day_ms(day) + DAY // 2


def day_of(milliseconds: int) -> str:
    """The day of a time, as YYYY-MM-DD."""
    return from_ms(milliseconds).date().isoformat()
