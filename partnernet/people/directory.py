"""Who there is: the directory of people, the people of a partner, and what somebody wrote."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from partnernet.core import text
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.errors import NotFound
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import Actor, visible_to
from partnernet.partners.model import Partner
from partnernet.people.model import Person
from partnernet.people.names import Pair, address

PAGE = 60
WRITTEN = 20
OF_A_PARTNER = 200
ABOUT = 180
"""Characters of what somebody says of themselves in a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the directory."""

    id: str
    name: str
    partner: str
    partner_url: str
    pair: Pair
    """The node, and the handle at that node."""
    about: str
    """The beginning of what they say of themselves."""
    of: str = ""
    """The id of the partner."""

    @property
    def url(self) -> str:
        return address("people", self.id, self.name)


@dataclass(frozen=True, slots=True)
class Written:
    """One thing that somebody wrote."""

    entry: Entry
    title: str
    passage: str = ""
    """The beginning of a reply; `title` is that of what it answers."""


def people(session: Session, actor: Actor | None, after: str = "") -> tuple[list[Line], str]:
    """A page of the people whose cards one may read, by name; and the key of the next page."""
    key = tuple_(func.lower(Person.name), Person.id)
    wanted = _cards(actor).order_by(func.lower(Person.name), Person.id).limit(PAGE + 1)
    if after:
        last = select(func.lower(Person.name), Person.id).where(Person.id == after)
        wanted = wanted.where(key > last.scalar_subquery())
    rows = session.execute(wanted).all()
    lines = [_line(row) for row in rows[:PAGE]]
    return lines, lines[-1].id if len(rows) > PAGE else ""


def people_of(session: Session, actor: Actor | None, partner: str, also: Pair = ("", "")) -> list[Line]:
    """The people of a partner whose cards one may read, by name; `also` is one more, of any partner."""
    node, handle = also
    chosen = or_(Person.partner == partner, and_(Person.who == handle, Person.node == node))
    wanted = _cards(actor).where(chosen).order_by(func.lower(Person.name), Person.id)
    return [_line(row) for row in session.execute(wanted.limit(OF_A_PARTNER))]


def find(session: Session, actor: Actor | None, ref: str) -> tuple[Entry, Person]:
    """A card by its address, if one may read it; erased ones are found, too."""
    short = ref.partition("-")[0]
    if len(short) != SHORT_ID or not short.isalnum():
        raise NotFound()
    row = session.execute(
        select(Entry, Person)
        .join(Person, Person.id == Entry.id)
        .where(Entry.id >= short, Entry.id < short + "~", visible_to(actor))
        .order_by(Entry.id)
    ).first()
    if row is None:
        raise NotFound()
    return row.Entry, row.Person


def written(session: Session, actor: Actor | None, card: Person, before: str = "") -> tuple[list[Written], str]:
    """A page of what a person wrote, newest first; and the key of the next page, if there is one."""
    root = aliased(Entry)
    alive = and_(Entry.root.is_not(None), Entry.log == root.log, ~Entry.deleted, ~Entry.redacted, root.listed)
    wanted = (
        select(Entry, root.title)
        .outerjoin(root, root.id == Entry.root)
        .where(Entry.by == card.who, Entry.node == card.node, visible_to(actor), or_(Entry.listed, alive))
        .where(Entry.kind.in_([kind.name for kind in KINDS.values() if kind.is_listed] + ["reply"]))
        .order_by(Entry.when.desc(), Entry.id.desc())
        .limit(WRITTEN + 1)
    )
    if before:
        last = select(Entry.when, Entry.id).where(Entry.id == before)
        wanted = wanted.where(tuple_(Entry.when, Entry.id) < last.scalar_subquery())
    rows = session.execute(wanted).all()
    lines = [_titled(row) for row in rows[:WRITTEN]]
    return lines, lines[-1].entry.id if len(rows) > WRITTEN else ""


def _titled(row: Any) -> Written:
    entry = row.Entry
    if entry.root is None:
        return Written(entry, entry.title)
    return Written(entry, row.title, text.excerpt(entry.body, 120))


def _cards(actor: Actor | None) -> Any:
    return (
        select(
            Person.id,
            Person.node,
            Person.who,
            Person.name,
            Person.about,
            Partner.id.label("partner"),
            Partner.name.label("partner_name"),
        )
        .join(Entry, Entry.id == Person.id)
        .outerjoin(Partner, Partner.id == Person.partner)
        .where(
            visible_to(actor),
            ~Entry.redacted,
            ~Entry.deleted,
            Entry.superseded_by.is_(None),
            Person.name != "",
        )
    )


def _line(row: Any) -> Line:
    url = address("partners", row.partner, row.partner_name or "") if row.partner else ""
    about = text.excerpt(row.about, ABOUT)
    return Line(row.id, row.name, row.partner_name or "", url, (row.node, row.who), about, row.partner or "")
