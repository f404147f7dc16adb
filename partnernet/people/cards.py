"""Person cards: made with an account, worded by their person, and erased when they leave."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import Node, new_handle
from partnernet.core.policy import MEMBER, NETWORK, Actor
from partnernet.people.model import Account, Person

FIELDS = ("name", "partner", "about")


def make(session: Session, node: Node, values: Mapping[str, str], visibility: str = NETWORK) -> tuple[str, str]:
    """Make the card of a new person, in their own hand; their handle and the card's id."""
    handle = new_handle()
    themself = Actor(node, handle, card="", name=values["name"], role=MEMBER, account=0)
    op = verbs.create(session, themself, "person", visibility, values, who=handle)
    return handle, op.id


def of(session: Session, account: Account) -> tuple[Entry, Person]:
    """The card of an account."""
    row = session.execute(
        select(Entry, Person).join(Person, Person.id == Entry.id).where(Entry.id == account.card)
    ).one()
    return row.Entry, row.Person


def reword(session: Session, account: Account, values: Mapping[str, str], visibility: str, *, by: Actor) -> None:
    """Change what a card says, or who may read it; nothing is written where nothing changes."""
    entry, person = of(session, account)
    if visibility != entry.log:
        _move(session, account, entry, values, visibility, by=by)
        return
    changed = {name: value for name, value in values.items() if value != getattr(person, name)}
    if changed:
        verbs.edit(session, by, entry, changed)


def erase(session: Session, by: Actor) -> None:
    """Erase every card that a person ever had here: what they wrote becomes a former member's."""
    own = select(Entry).join(Person, Person.id == Entry.id)
    own = own.where(Person.who == by.handle, Person.node == by.node.id).order_by(Entry.ts)
    for card in session.scalars(own).all():
        verbs.erase_person(session, by, card)


def _move(
    session: Session, account: Account, entry: Entry, values: Mapping[str, Any], visibility: str, *, by: Actor
) -> None:
    """Put a new card in the other log and take the old one away, so that there is only ever one."""
    given = {name: value for name, value in values.items() if value}
    op = verbs.create(session, by, "person", visibility, {**given, "copied_from": entry.id}, who=by.handle)
    verbs.redact(session, by, entry)
    session.refresh(account)
    account.card = op.id
    session.flush()
