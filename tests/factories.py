"""The cast of the tests, and plain functions that make what they need."""

from collections.abc import Sequence
from functools import lru_cache

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.entry import Entry
from partnernet.core.ledger.node import Node, NodeItself
from partnernet.core.policy import MEMBER, NETWORK, Actor
from partnernet.entries import model as entries
from partnernet.network.founding import ensure
from partnernet.partners import model as partners
from partnernet.partners.model import Partner
from partnernet.people import accounts, cards, passwords, sessions
from partnernet.people.model import Account
from partnernet.web.guard import COOKIE

PASSWORD = "a quiet harbour at dusk"


def own_node() -> Node:
    """The node of the test."""
    node: Node = current_app.extensions["partnernet.node"]
    return node


def make_network(session: Session) -> None:
    """Found the network that this node belongs to."""
    ensure(session, current_app._get_current_object())  # type: ignore[attr-defined] # what the proxy stands for


def make_partner(session: Session, name: str = "Wether Fell Youth Dance", **values: object) -> Partner:
    """A partner that the node itself has added."""
    op = partners.share(session, {"name": name, **values}, by=NodeItself(own_node()))
    commit(session)
    return session.get_one(Partner, op.id)


def make_account(
    session: Session, name: str = "Josie Calder", *, email: str = "", password: str = PASSWORD,
    role: str = MEMBER, partner: str = "", about: str = "", visibility: str = NETWORK,
) -> Account:  # fmt: skip
    """Somebody with an account and a card; `josie.calder@example.org` unless another address is given."""
    account = accounts.open_account(
        session, own_node(), email=email or f"{name.lower().replace(' ', '.')}@example.org", name=name,
        password=hashed(password) if password else "", role=role, partner=partner, about=about,
        visibility=visibility,
    )  # fmt: skip
    commit(session)
    return account


def actor_of(session: Session, account: Account) -> Actor:
    """Who an account acts as."""
    _, person = cards.of(session, account)
    partner = session.get(Partner, person.partner) if person.partner else None
    membership = sessions.network_steward(session, own_node(), account.handle)
    return Actor(
        own_node(), account.handle, account.card, person.name, account.role, account.id,
        partner.id if partner else None, partner.name if partner else "", membership,
    )  # fmt: skip


def sign_in(client: FlaskClient, account: Account, session: Session) -> FlaskClient:
    """The browser, in which somebody is signed in now."""
    write(session)
    token = sessions.start(session, account.id)
    commit(session)
    client.set_cookie(COOKIE, token)
    return client


def card_of(session: Session, account: Account) -> Entry:
    """The card of an account."""
    return cards.of(session, account)[0]


def read_again(session: Session) -> None:
    """Forget what the test has read, so that it sees what a request has changed since."""
    session.rollback()
    session.expire_all()


@lru_cache
def hashed(password: str) -> str:
    """The hash of a password, made once for all tests."""
    return passwords.hashed(password)


def make_entry(
    session: Session, by: Account, kind: str = "discussion", *, visibility: str = NETWORK, tags: Sequence[str] = (),
    **values: object,
) -> Entry:  # fmt: skip
    """Something that somebody has shared."""
    given = {"title": "What does a hall need?", "body": "A door, and a kettle.", **values}
    entry = entries.share(session, kind, given, visibility, tags, by=actor_of(session, by))
    commit(session)
    return entry


def make_reply(session: Session, to: Entry, by: Account, body: str = "And a dry floor.") -> Entry:
    """An answer that somebody has written."""
    reply = entries.answer(session, to, {"body": body}, by=actor_of(session, by))
    commit(session)
    return reply


def browser_of(account: Account, session: Session) -> FlaskClient:
    """A browser of its own, in which somebody is signed in."""
    return sign_in(current_app.test_client(), account, session)


def flush_batch(session: Session) -> None:
    """Store what was noted while reading."""
    session.rollback()
    current_app.extensions["partnernet.batch"].flush(session)
