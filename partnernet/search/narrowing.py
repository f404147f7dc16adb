"""How a search is narrowed, in words: what stands above the results, each with a way to take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.time import from_ms
from partnernet.core.words import _
from partnernet.search import names
from partnernet.search.asking import Reader
from partnernet.search.document import CREDITED
from partnernet.search.query import read_day
from partnernet.search.results import Facet
from partnernet.web.dates import day_short

COLUMNS = {
    "kind": "kind", "partner": "partner", "by": "author", "tag": "tags", "stage": "stage", "year": "year",
}  # fmt: skip
"""The column that each parameter of an address narrows by."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One way in which a search is narrowed: the parameter, and what it does in words."""

    name: str
    words: str


def narrowed(
    session: Session, reader: Reader, given: Mapping[str, str], facets: Mapping[str, Sequence[Facet]]
) -> list[Narrowed]:
    """All ways in which the parameters of an address narrow what is found."""
    found = []
    for name, value in given.items():
        if name == "in":
            title = thread_title(session, value, reader)
            words = _("in “%(title)s”", title=title) if title else _("in %(value)s", value=value[:60])
        elif name in COLUMNS:
            words = _words(session, reader, name, value, facets.get(COLUMNS[name], ()))
        else:
            words = _days(name, value)
        if words:
            found.append(Narrowed(name, words))
    return found


def thread_title(session: Session, value: str, reader: Reader) -> str:
    """The title of the entry that a search is narrowed to; empty where there is none to be seen."""
    entry = names.thread_called(session, value, reader.visible)
    if entry is None:
        return ""
    row = session.execute(select(Entry.title, Entry.kind).where(Entry.id == entry, reader.visible)).first()
    return (row.title or names.kind_label(row.kind)) if row else ""


def day_of(name: str, value: str) -> str:
    """The day that `from` or `to` means, as a field of a form has it: of a year or month the first or the last."""
    span = read_day(value)
    if span is None:
        return ""
    return f"{from_ms(span[0] if name == 'from' else span[1] - 1):%Y-%m-%d}".zfill(10)


def _words(session: Session, reader: Reader, name: str, value: str, facets: Sequence[Facet]) -> str:
    label = next((facet.label for facet in facets if facet.value == value), "")
    if name == "kind":
        return str(KINDS[value].words) if value in KINDS else value[:60]
    if name == "partner":
        label = label or names.partner_names(session, [value], reader.logs).get(value, value[:60])
        return _("for %(partner)s", partner=label)
    if name == "by":
        return _("written by %(name)s", name=label or _author(session, reader, value))
    if name == "tag":
        return _("with the tag “%(tag)s”", tag=value[:60])
    if name == "stage":
        return _("at the stage %(stage)s", stage=label or value[:60])
    return _("of the year %(year)s", year=value[:60])


def _author(session: Session, reader: Reader, value: str) -> str:
    card = names.author_name(session, value, reader.visible)
    return card or value.removeprefix(CREDITED)[:60]


def _days(name: str, value: str) -> str:
    if name == "all":
        return _("holding all of the words")
    if (span := read_day(value)) is None:
        return ""
    if len(value) == len("2026-03-06"):
        value = day_short(span[0])
    return _("from %(day)s on", day=value) if name == "from" else _("until %(day)s", day=value)
