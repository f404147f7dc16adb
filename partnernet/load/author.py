"""Who brings something in: the node itself, or the person of an account."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import writing
from partnernet.core.errors import Refused
from partnernet.core.ledger.node import Author, Node, NodeItself
from partnernet.core.policy import Actor
from partnernet.network.model import OWN, setting
from partnernet.partners import model as partners
from partnernet.people.accounts import by_email
from partnernet.people.model import Person


def author(session: Session, node: Node, email: str = "", partner: str = "") -> Author:
    """The author for an e-mail address, else the node, speaking for a partner where one is named."""
    if not setting(session, OWN):
        raise Refused("This server has no network yet: run `partnernet init` first.")
    if email:
        person = _person(session, node, email)
        return replace(person, partner=_partner(session, node, partner)) if partner else person
    return NodeItself(node, _partner(session, node, partner) if partner else None)


def _person(session: Session, node: Node, email: str) -> Actor:
    account = by_email(session, email.strip().lower())
    if account is None or account.suspended:
        raise Refused(f"Nobody can sign in as {email}; `partnernet account list` shows who can.")
    card = session.scalars(select(Person).where(Person.id == account.card)).one()
    return Actor(node, account.handle, account.card, card.name, account.role, account.id, card.partner or None)


def _partner(session: Session, node: Node, name: str) -> str:
    """The partner of a name, added by the node itself where there is none."""
    name = " ".join(name.split())
    found = partners.by_name(session, name)
    if found is not None:
        return found.id
    with writing(session):
        return partners.share(session, {"name": name}, by=NodeItself(node)).id
