"""Tables as CSV: one file a kind, for spreadsheets.

UTF-8 with a byte-order mark: without it Excel reads the letters of another alphabet, and whatever else reads CSV
knows it. Lines end and fields are quoted as RFC 4180 says. No field is a formula to a spreadsheet.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from partnernet.core.entry import Entry, Mark
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import visible_in
from partnernet.entries.model import CAME_FROM
from partnernet.glossary.model import Term
from partnernet.interchange.choice import Choice
from partnernet.interchange.front import iso
from partnernet.interchange.places import Place
from partnernet.interchange.tally import Tally
from partnernet.interchange.texts import REPLY, Reading, Text
from partnernet.partners.model import PARTNER, Partner
from partnernet.people.model import Person
from partnernet.people.names import names

PAGE = 500

ENTRIES = (
    "id", "kind", "title", "date", "author", "brought_in_by", "partner", "visibility", "tags", "edited",
    "came_from", "files", "lang", "source",
)  # fmt: skip
REPLIES = (
    "id", "root", "to", "date", "author", "brought_in_by", "partner", "visibility", "edited", "files", "source", "text",
)  # fmt: skip
PARTNERS = ("id", *(name for name in PARTNER.fields if name != "picture"))
PEOPLE = ("id", "name", "partner", "about", "visibility")
MARKS = ("entry", "mark", "subject", "value", "said_by", "partner", "date")
TERMS = ("id", "word", "also", "meaning", "said_by", "visibility", "date")

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]").match


def neutral(value: str) -> str:
    """A field that no spreadsheet runs: what looks like a formula has an apostrophe before it."""
    return f"'{value}" if _FORMULA(value) else value


def own_columns() -> list[str]:
    """What the kinds have beside the columns of every entry, each once."""
    found: dict[str, None] = {}
    for kind in KINDS.values():
        if kind.is_listed and kind.table is not None:
            found.update(dict.fromkeys(name for name in kind.fields if name in kind.table.c))
    return [name for name in found if name not in ENTRIES]


def write(reading: Reading, place: Place, tally: Tally) -> None:
    """Write the tables of everything that was chosen, and of cards, marks and terms."""
    write_texts(reading, place, tally)
    for name, columns, rows in (
        ("partners.csv", PARTNERS, _partners(reading)),
        ("people.csv", PEOPLE, _people(reading)),
        ("marks.csv", MARKS, _marks(reading)),
        ("terms.csv", TERMS, _terms(reading)),
    ):
        with _table(place, name, columns) as add:
            for row in rows:
                add(row)
                tally.add({"people": "person"}.get(name[:-4], name[:-5]))


def write_texts(reading: Reading, place: Place, tally: Tally) -> None:
    """Write the entries and the replies to them."""
    with _table(place, "entries.csv", [*ENTRIES, *own_columns(), "text"]) as add:
        for text in reading.entries():
            add({**_of_entry(text), **text.more})
            tally.add(text.kind)
    with _table(place, "replies.csv", REPLIES) as add:
        for root in reading.answered():
            for reply in reading.replies(root):
                add(_of_entry(reply) | {"root": reply.root, "to": reply.parent})
                tally.add(reply.kind)


class _Sheet:
    """One table, a row at a time."""

    def __init__(self, file: BinaryIO, columns: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        self._columns = columns
        self._text.write("\ufeff")
        self._rows = csv.writer(self._text, lineterminator="\r\n")
        self._rows.writerow(columns)

    def __call__(self, row: Mapping[str, Any]) -> None:
        self._rows.writerow([neutral(_cell(row.get(name))) for name in self._columns])

    def end(self) -> None:
        """Hand everything on; the file itself stays open."""
        self._text.flush()
        self._text.detach()


@contextmanager
def _table(place: Place, name: str, columns: Sequence[str]) -> Iterator[_Sheet]:
    with place.file(name) as file:
        sheet = _Sheet(file, columns)
        yield sheet
        sheet.end()


def _of_entry(text: Text) -> dict[str, Any]:
    return {
        "id": text.id, "kind": text.kind, "title": text.title, "date": iso(text.when), "author": text.author,
        "brought_in_by": text.brought_in_by, "partner": text.partner, "visibility": text.log,
        "tags": ", ".join(text.tags), "edited": iso(text.edited) if text.edited else "",
        "came_from": [origin.id for origin in text.came_from], "files": [file.name for file in text.files],
        "lang": text.lang, "source": text.source, "text": text.body,
    }  # fmt: skip


def _partners(reading: Reading) -> Iterator[dict[str, Any]]:
    for row in _cards(reading, Partner):
        yield {name: getattr(row.Partner, name, "") for name in PARTNERS}


def _people(reading: Reading) -> Iterator[dict[str, Any]]:
    for row in _cards(reading, Person):
        card = row.Person
        yield {
            "id": card.id, "name": card.name, "partner": reading.partner(card.partner), "about": card.about,
            "visibility": row.log,
        }  # fmt: skip


def _terms(reading: Reading) -> Iterator[dict[str, Any]]:
    for row in _cards(reading, Term):
        term = row.Term
        yield {
            "id": term.id, "word": row.title, "also": term.also, "meaning": row.body, "said_by": term.said_by,
            "visibility": row.log, "date": iso(row.when),
        }  # fmt: skip


def _cards(reading: Reading, model: Any) -> Iterable[Any]:
    """The cards of one kind that may be read, in pages; all of them, whatever was chosen of the entries."""
    last = ""
    while True:
        wanted = (
            select(model, Entry.log, Entry.title, Entry.body, Entry.when)
            .join(Entry, Entry.id == model.id)
            .where(visible_in(reading.choice.logs), ~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None))
            .where(model.id > last).order_by(model.id).limit(PAGE)
        )  # fmt: skip
        rows = reading.session.execute(wanted).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1][0].id
        reading.session.expunge_all()


def _marks(reading: Reading) -> Iterator[dict[str, Any]]:
    """What people and partners said of the entries that were chosen and of the replies to them."""
    last = ""
    while True:
        wanted = _marks_of(reading.choice).where(Mark.thing > last).order_by(Mark.thing).limit(PAGE)
        rows = reading.session.execute(wanted).all()
        known = names(reading.session, reading.choice.reader, {(row.node, row.by) for row in rows})
        for row in rows:
            yield {
                "entry": row.entry, "mark": row.mark, "subject": row.subject, "value": row.value,
                "said_by": str(known[row.node, row.by].text), "partner": reading.partner(row.partner),
                "date": iso(row.ts),
            }  # fmt: skip
        if len(rows) < PAGE:
            return
        last = rows[-1].thing


def _marks_of(choice: Choice) -> Any:
    root, origin, logs = aliased(Entry), aliased(Entry), choice.logs
    kinds = [kind.name for kind in choice.chosen]
    period = [
        *([root.when >= choice.first] if choice.first is not None else []),
        *([root.when < choice.end] if choice.end is not None else []),
    ]
    can_be_seen = or_(Mark.mark != CAME_FROM.name, and_(origin.listed, visible_in(logs, origin)))
    return (
        select(Mark.thing, Mark.entry, Mark.mark, Mark.subject, Mark.value, Mark.node, Mark.by, Mark.partner, Mark.ts)
        .join(Entry, Entry.id == Mark.entry)
        .join(root, root.id == func.coalesce(Entry.root, Entry.id))
        .outerjoin(origin, and_(Mark.mark == CAME_FROM.name, origin.id == Mark.subject))
        .where(Mark.value != "", visible_in(logs, Mark), visible_in(logs), ~Entry.deleted, ~Entry.redacted)
        .where(or_(Entry.listed, Entry.kind == REPLY), root.listed, root.kind.in_(kinds), *period, can_be_seen)
    )


def _cell(value: Any) -> str:
    """A value as one field: lists a line each."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(str(item) for item in value)
    return str(value)
