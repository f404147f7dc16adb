"""Tables of comma-separated values, to documents: what a server wrote out, or anybody's table of texts.

A table is read a row at a time, and no row is longer than its limit, whatever the file holds.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from partnernet.extract.plain import decoded
from partnernet.load import jsonl, written
from partnernet.load.document import Document, Unreadable
from partnernet.load.notes import inside
from partnernet.load.report import Report
from partnernet.replies.model import REPLY

LINE_LIMIT = 1 << 20
ROW_LIMIT = 4 << 20
COLUMNS_LIMIT = 200

ENTRIES = {"id", "kind", "title", "date", "visibility", "text"}
REPLIES = {"id", "root", "to", "visibility", "text"}
OTHERS = (
    {"id", "name", "art_forms"}, {"id", "name", "partner", "about", "visibility"}, {"entry", "mark", "said_by"},
    {"id", "word", "meaning"},
)  # fmt: skip
"""The tables of partners, people, marks and terms, by some of their columns."""

_NEUTRAL = re.compile("\\A'(?='*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")

Row = dict[str, str]


def find(paths: Sequence[Path], report: Report) -> list[tuple[str, Path]]:
    """Every table, with its name; those of replies come last, since what they answer must be there first."""
    found: list[tuple[bool, str, Path]] = []
    for given in paths:
        above = given.resolve().parent
        for path in sorted(inside(given)) if given.is_dir() else [given.resolve()]:
            name = path.relative_to(above).as_posix()
            if path.suffix.lower() in (".csv", ".tsv", ".txt"):
                found.append(("replies" in path.stem.lower(), name, path))
            else:
                report.bad.append((name, "files of this kind cannot be read as tables"))
    return [(name, path) for _, name, path in sorted(found, key=lambda one: one[0])]


def read(files: Sequence[tuple[str, Path]], report: Report) -> Iterator[Document]:
    """The documents; what cannot be read is reported, and the rest goes on."""
    first: jsonl.First = {}
    seen: set[str] = set()
    for name, path in files:
        try:
            with path.open("rb") as file:
                yield from _documents(name, file, first, seen, report)
        except Unreadable as error:
            report.bad.append((name, str(error)))
        except OSError as error:
            report.bad.append((name, (error.strerror or "it cannot be opened").lower()))


def _documents(name: str, file: BinaryIO, first: jsonl.First, seen: set[str], report: Report) -> Iterator[Document]:
    rows = _rows(file)
    columns = [column.strip().lower() for column in next(rows, [])]
    if any(columns_of <= set(columns) for columns_of in OTHERS):
        report.remarks.append(f"Left as it is, since only entries and replies come in: {name}.")
        return
    if "id" not in columns or not {"text", "body", "title"} & set(columns):
        raise Unreadable("its first line must name the columns; “id”, “title” and “text” are needed")
    for n, row in enumerate(rows, 2):
        if not any(row):
            continue
        given = {column: _NEUTRAL.sub("", cell, count=1) for column, cell in zip(columns, row, strict=False) if cell}
        try:
            made = _document(given, set(columns), f"{name}, row {n}", first)
            if made.source in seen and not made.origin:
                raise Unreadable(f"the id {made.source} was there before")
            seen.add(made.source)
        except Unreadable as error:
            report.bad.append((f"{name}, row {n}", str(error)))
        else:
            yield made


def _document(given: Row, columns: set[str], name: str, first: jsonl.First) -> Document:
    if written.is_id(given.get("id")) and (columns >= ENTRIES or columns >= REPLIES):
        about = given | ({"kind": REPLY.name} if "root" in columns else {})
        return written.document(about, given.get("text", "").replace("\r\n", "\n").replace("\r", "\n"), name)
    return jsonl.document({"text": given.get("body", ""), **given}, first)


def _rows(file: BinaryIO) -> Iterator[list[str]]:
    """The rows of a table, the first one too; raises Unreadable for what is none."""
    lines = _Lines(file)
    head = lines.begin()
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(ROW_LIMIT)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > COLUMNS_LIMIT:
                raise Unreadable(f"line {reader.line_num} has {len(row):,} columns; at most {COLUMNS_LIMIT} are read")
            yield row
            lines.size = 0
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num} is not as in a table: {error}") from error


class _Lines:
    """The lines of a file as text, none of them longer than its limit, nor all of one row together."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._waiting: list[str] = []
        self._n = 0
        self.size = 0
        """How many characters the present row has taken so far."""

    def begin(self) -> str:
        """The first line, which is read again."""
        start = self._file.read(4)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unreadable("it is written in UTF-16; save it anew as CSV in UTF-8")
        self._file.seek(3 if start.startswith(b"\xef\xbb\xbf") else 0)
        head = next(self, "")
        self._waiting.append(head)
        return head

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._waiting:
            return self._waiting.pop()
        line = self._file.readline(LINE_LIMIT + 1)
        if not line:
            raise StopIteration
        self._n += 1
        self.size += len(line)
        if len(line) > LINE_LIMIT:
            raise Unreadable(f"line {self._n} is longer than {LINE_LIMIT >> 20} MB")
        if self.size > ROW_LIMIT:
            raise Unreadable(f"the row that ends in line {self._n} is larger than {ROW_LIMIT >> 20} MB")
        if b"\0" in line:
            raise Unreadable(f"line {self._n} is not text")
        return decoded(line)
