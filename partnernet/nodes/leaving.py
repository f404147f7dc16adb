"""Somebody who leaves: their name goes from what stewards wrote down about servers, too."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased

from partnernet.core.entry import Entry
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import ERASING, KnownNode, OpRow
from partnernet.people.model import Person

_op = OpRow.__table__.c


def leaving(session: Session, before: int) -> Mapping[str, str]:
    """The names on the cards that what came in past a row number may erase, by card: asked before it is projected."""
    return _names(session, select(_op.thing).where(_op.n > before, text(ERASING)))


def leaving_by(session: Session, ops: Iterable[Op]) -> Mapping[str, str]:
    """The same of some ops that are about to come in."""
    cards = [op.entity for op in ops if op.kind in ERASES]
    return _names(session, cards) if cards else {}


def forget_names(session: Session, leaving: Mapping[str, str]) -> None:
    """Take the names on cards that were erased out of with whom words were compared; to be committed.

    Of somebody who has another card, since they chose who may read it, the name stays.
    """
    if not leaving:
        return
    other, own = aliased(Person), aliased(Entry)
    stays = select(other.id).join(own, own.id == other.id).where(
        other.node == Person.node, other.who == Person.who, ~own.redacted
    )  # fmt: skip
    gone = session.scalars(
        select(Person.id)
        .join(Entry, Entry.id == Person.id)
        .where(Person.id.in_(leaving), Entry.redacted, ~stays.exists())
    ).all()
    names = {leaving[card].casefold() for card in gone}
    for node in session.scalars(select(KnownNode).where(KnownNode.met != "")) if names else ():
        if any(name in node.met.casefold() for name in names):
            node.met = ""
    session.flush()


def _names(session: Session, cards: Any) -> Mapping[str, str]:
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(cards), Person.name != "")).all())
