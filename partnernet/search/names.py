"""The names that filters and facets go by: kinds, partners and persons, as far as the reader may see them."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import visible_in
from partnernet.partners.model import Partner
from partnernet.people.model import Person
from partnernet.search.analysis import fold

SHORTEST_ID = 12


def kind_label(kind: str) -> str:
    """A kind in words."""
    return str(KINDS[kind].word) if kind in KINDS else kind.replace("_", " ").capitalize()


def kinds_called(value: str) -> set[str]:
    """The kinds that a word stands for, in the singular or the plural, as addresses or as pages have it."""
    word = fold(value)
    return {
        name
        for name, kind in KINDS.items()
        if word in (name, kind.plural, f"{name}s", name.replace("_", " "), fold(str(kind.word)), fold(str(kind.words)))
    }


def partner_names(session: Session, ids: Collection[str], logs: Collection[str]) -> dict[str, str]:
    """The names of some partners, for whoever reads some logs."""
    rows = session.execute(_partners(tuple(sorted(logs))), {"ids": list(ids)})
    return {row.id: row.name for row in rows if row.name}


def partners_called(session: Session, values: Sequence[str], visible: ColumnElement[bool]) -> set[str]:
    """The partners whose name has the words of a value in it, or whose id begins so."""
    rows = session.execute(_cards(Partner, visible)).all()
    return {row.id for row in rows if _is_called(row, values)}


def authors_called(session: Session, values: Sequence[str], visible: ColumnElement[bool]) -> set[str]:
    """The persons, as node and handle, whose name has the words of a value in it, or whose card's id begins so."""
    cards = select(Person.id, Person.node, Person.who, Person.name).join(Entry, Entry.id == Person.id)
    rows = session.execute(cards.where(visible, ~Entry.deleted, ~Entry.redacted)).all()
    return {f"{row.node}/{row.who}" for row in rows if _is_called(row, values)}


def _is_called(row: Any, values: Sequence[str]) -> bool:
    name = fold(row.name)
    return any(fold(value) in name or (len(value) >= SHORTEST_ID and row.id.startswith(value)) for value in values)


def author_cards(session: Session, authors: Collection[str], logs: Collection[str]) -> dict[str, tuple[str, str]]:
    """The cards of some persons, each given as node and handle, for whoever reads some logs: short id, and name."""
    handles = [author.partition("/")[2] for author in authors]
    rows = session.execute(_persons(tuple(sorted(logs))), {"handles": handles}) if handles else ()
    return {f"{row.node}/{row.who}": (row.id[:SHORT_ID], row.name) for row in rows if row.name}


def author_name(session: Session, value: str, visible: ColumnElement[bool]) -> str:
    """The name on the card whose id begins with a value; empty where there is none to be seen."""
    if len(value) < SHORTEST_ID or not value.isalnum():
        return ""
    begins = Person.id.startswith(value.lower(), autoescape=True)
    return session.scalars(_cards(Person, visible).with_only_columns(Person.name).where(begins)).first() or ""


def thread_called(session: Session, value: str, visible: ColumnElement[bool]) -> str | None:
    """The entity whose id begins with a value; None where there is none to be seen."""
    if len(value) < SHORTEST_ID or not value.isalnum():
        return None
    begins = Entry.id.startswith(value.lower(), autoescape=True)
    return session.scalars(select(Entry.id).where(begins, visible).order_by(Entry.id)).first()


@lru_cache(maxsize=16)
def _partners(logs: tuple[str, ...]) -> Any:
    """Made once for all who read the same logs, since making it takes longer than asking it."""
    return _cards(Partner, visible_in(logs)).where(Partner.id.in_(bindparam("ids", expanding=True)))


@lru_cache(maxsize=16)
def _persons(logs: tuple[str, ...]) -> Any:
    cards = select(Person.id, Person.node, Person.who, Person.name).join(Entry, Entry.id == Person.id)
    return cards.where(
        visible_in(logs), ~Entry.deleted, ~Entry.redacted, Person.who.in_(bindparam("handles", expanding=True))
    ).order_by(Person.id)


def _cards(model: Any, visible: ColumnElement[bool]) -> Any:
    cards = select(model.id, model.name).join(Entry, Entry.id == model.id)
    return cards.where(visible, ~Entry.deleted, ~Entry.redacted)
