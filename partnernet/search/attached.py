"""The files of an entity as passages: their pages stand in the index behind the sections of its text.

A file without a text of its own is one passage: its name, and what a picture shows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment
from partnernet.core.file_text import FileReading, FileText
from partnernet.core.words import _
from partnernet.extract import PAGES, SHEETS, SLIDES
from partnernet.search.passages import PASSAGES_LIMIT, Passage
from partnernet.web.addresses import file_anchor

SHOWN_WITH_PAGE = "application/pdf"
"""The type of file that a browser opens at a page."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that an entity names, without its text."""

    entry: str
    sha256: str
    name: str
    type: str
    words: str
    """What it shows and what is said of it, for a picture."""
    unit: str
    pieces: int
    characters: int
    lang: str
    """The language of its text; empty where it is not known."""
    version: int

    @property
    def stamp(self) -> tuple[object, ...]:
        """What changes with anything that the index holds of it."""
        return (self.sha256, self.name, self.words, self.pieces, self.characters, self.lang, self.version)

    def passage(self, piece: Any = None) -> Passage:
        """A piece of it as a passage: its name counts with each, and most with the first."""
        name = self.name.replace("_", " ")
        if piece is None:
            return Passage(self.words, name)
        heading = piece.label or ("" if piece.n else name)
        return Passage(piece.text, heading, "" if heading == name else name)


@dataclass(frozen=True, slots=True)
class FoundIn:
    """A piece of a file that was found."""

    file: Attached
    passage: Passage
    page: int = 0
    label: str = ""

    @property
    def where(self) -> str:
        """Which file it is, and where in it."""
        name, number = self.file.name, str(self.page)
        if self.page and self.file.unit == PAGES:
            return _("%(name)s, page %(number)s", name=name, number=number)
        if self.page and self.file.unit == SLIDES:
            return _("%(name)s, slide %(number)s", name=name, number=number)
        if self.label and self.file.unit == SHEETS:
            return _("%(name)s, sheet “%(label)s”", name=name, label=self.label)
        return name

    def url(self, page: str) -> str:
        """Its address: a page of the file where a browser can open it there, else its place on a page."""
        if self.file.type == SHOWN_WITH_PAGE and self.page:
            return f"/files/{self.file.sha256}#page={self.page}"
        return self.page_url(page)

    def page_url(self, page: str) -> str:
        """The address of the file's place on a page."""
        return f"{page}#{file_anchor(self.file)}"


def attached(session: Session, ids: Collection[str]) -> dict[str, list[Attached]]:
    """The files of some entities, in their order."""
    found: dict[str, list[Attached]] = {}
    for some in chunks(sorted(ids)):
        for row in session.execute(_files(some)):
            words = " ".join(filter(None, (row.alt, row.caption)))
            file = Attached(row.entry, row.sha256, row.name, row.type, words, *row[6:])
            found.setdefault(row.entry, []).append(file)
    return found


def passages_in(session: Session, files: Sequence[Attached]) -> Iterator[tuple[Passage, str]]:
    """The passages of an entity's files with the language of each, a file at a time in memory."""
    return islice(_passages(session, files), PASSAGES_LIMIT)


def found_in(session: Session, wanted: Mapping[str, int]) -> dict[str, FoundIn]:
    """For some entities, the passage of so high a number among those of their files, counted from 0."""
    found: dict[str, FoundIn] = {}
    places: dict[tuple[str, int], list[Attached]] = {}
    for entry, files in attached(session, wanted.keys()).items():
        file, n = _at(files, wanted[entry])
        found[entry] = FoundIn(file, file.passage())
        if file.pieces:
            places.setdefault((file.sha256, n), []).append(file)
    if places:
        pieces = select(FileText).where(tuple_(FileText.sha256, FileText.n).in_(list(places)))
        for piece in session.scalars(pieces):
            for file in places[(piece.sha256, piece.n)]:
                found[file.entry] = FoundIn(file, file.passage(piece), piece.page, piece.label)
    return found


def _files(ids: Sequence[str]) -> Any:
    reading = FileReading
    return (
        select(
            Attachment.entry, Attachment.sha256, Attachment.name, Attachment.type, Attachment.alt, Attachment.caption,
            func.coalesce(reading.unit, ""), func.coalesce(reading.pieces, 0), func.coalesce(reading.characters, 0),
            func.coalesce(reading.lang, ""), func.coalesce(reading.version, 0),
        )
        .outerjoin(reading, reading.sha256 == Attachment.sha256)
        .where(Attachment.entry.in_(ids), Attachment.field == "files")
        .order_by(Attachment.entry, Attachment.n)
    )  # fmt: skip


def _passages(session: Session, files: Sequence[Attached]) -> Iterator[tuple[Passage, str]]:
    for file in files:
        if not file.pieces:
            yield file.passage(), file.lang
            continue
        pieces = select(FileText.n, FileText.label, FileText.text).where(FileText.sha256 == file.sha256)
        for piece in session.execute(pieces.order_by(FileText.n)).all():
            yield file.passage(piece), file.lang


def _at(files: Sequence[Attached], number: int) -> tuple[Attached, int]:
    """The file and the piece of it to which a number leads; the last, where there are fewer by now."""
    for file in files:
        if number < max(1, file.pieces):
            return file, number
        number -= max(1, file.pieces)
    return files[-1], max(0, files[-1].pieces - 1)
