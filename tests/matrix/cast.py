"""A node with everybody who may knock at its doors, and one of each thing that lies behind them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db, write
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.core.ledger.node import Node, NodeItself, SigningKey, new_handle, new_incarnation
from partnernet.core.ledger.op import join
from partnernet.core.ledger.tables import KnownNode, OpRow, Quarantined
from partnernet.core.policy import MEMBER, NETWORK, PUBLIC, STEWARD, Actor
from partnernet.nodes import alarms
from partnernet.people import accounts, links, sessions
from partnernet.people.model import Account
from partnernet.search import saved
from partnernet.web.guard import COOKIE
from tests.factories import actor_of, make_account, make_network, make_partner

CARDS = ("person", "partner", "network", "page")
FILE = b"What we paid for the van, and to whom.\n"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door: who they are to the policy, and the cookie of their browser."""

    name: str
    actor: Actor | None
    token: str = ""

    def browser(self, app: Flask) -> FlaskClient:
        """Their browser."""
        client = app.test_client()
        if self.token:
            client.set_cookie(COOKIE, self.token)
        return client


@dataclass(slots=True)
class Cast:
    """Who and what there is. `things` are all entities by kind, as rows that no session holds any more."""

    visitors: dict[str, Visitor] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    things: dict[str, list[Entry]] = field(default_factory=dict)
    files: dict[str, Entry] = field(default_factory=dict)
    """The entity through which each file, by its hash, may be read."""
    tokens: dict[str, str] = field(default_factory=dict)
    invitation: int = 0
    search: int = 0
    """A search that the author keeps."""
    batch: str = ""
    """An import that waits for a steward to decide."""
    neighbour: str = ""
    """The key of the node that it came from."""

    def all(self) -> list[Entry]:
        """Every entity of every kind."""
        return [thing for things in self.things.values() for thing in things]

    def handle(self, who: str) -> str:
        """The handle of somebody who is signed in."""
        actor = self.visitors[who].actor
        return actor.handle if actor is not None else ""

    def distinct(self) -> list[Entry]:
        """One of each sort of entity that the policy can tell apart."""
        sorts = {
            (thing.kind, thing.log, thing.node, thing.by, thing.deleted, thing.redacted): thing for thing in self.all()
        }
        return list(sorts.values())


def assemble(app: Flask, other: Flask) -> Cast:
    """Fill a fresh node, and have it hear from another fresh one."""
    cast = Cast()
    with app.app_context():
        session = db.session()
        make_network(session)
        _let_people_in(session, cast)
        _write(app, session, cast)
        make_links(session, cast)
        keep_search(session, cast)
        commit(session)
        session.expire_all()
        for thing in session.scalars(select(Entry).order_by(Entry.ts, Entry.id)):
            cast.things.setdefault(thing.kind, []).append(thing)
        cast.files = {sha256: session.get_one(Entry, cast.files[sha256].id) for sha256 in cast.files}
        session.expunge_all()
    hear_from(other, app, cast)
    return cast


def _let_people_in(session: Session, cast: Cast) -> None:
    near, far = make_partner(session, "The Corn Hall").id, make_partner(session, "Salt House").id
    people: Mapping[str, tuple[str, str, str, str]] = {
        "author": ("Josie Marsh", MEMBER, near, NETWORK),
        "colleague": ("Tom Reed", MEMBER, near, NETWORK),
        "neighbour": ("Amara Obi", MEMBER, far, PUBLIC),
        "steward": ("Bea Thorne", STEWARD, far, NETWORK),
        "suspended": ("Sid Fell", MEMBER, near, NETWORK),
    }
    cast.visitors["stranger"] = Visitor("stranger", None)
    for who, (name, role, partner, visibility) in people.items():
        account = make_account(session, name, password="", role=role, partner=partner, visibility=visibility)
        cast.accounts[who] = account.id
        token = sessions.start(session, account.id)
        commit(session)
        cast.visitors[who] = Visitor(who, actor_of(session, account), token)
    write(session)
    session.get_one(Account, cast.accounts["suspended"]).suspended = True
    cast.visitors["suspended"] = Visitor("suspended", None, cast.visitors["suspended"].token)


def _write(app: Flask, session: Session, cast: Cast) -> None:
    author, neighbour, steward = (cast.visitors[who].actor for who in ("author", "neighbour", "steward"))
    assert author and neighbour and steward
    elsewhere = Actor(
        Node(SigningKey.from_seed(bytes(32)), new_incarnation()), new_handle(), "", "Ines Faro", MEMBER, 0
    )
    for kind in list(KINDS.values()):
        if kind.name in CARDS or kind.name == "reply" or not kind.plural:
            continue
        _share(session, author, kind, PUBLIC)
        _share(session, neighbour, kind, NETWORK)
        _share(session, elsewhere, kind, NETWORK)
        verbs.delete(session, author, _share(session, author, kind, NETWORK))
        verbs.redact(session, author, _share(session, author, kind, NETWORK))
        network = _share(session, author, kind, NETWORK)
        if kind.has_thread:
            _reply(session, author, network, "Count me in.")
            verbs.delete(session, author, _reply(session, author, network, "I take it back."))
            _reply(session, neighbour, _share(session, author, kind, PUBLIC), "Here, too.")
        for log in (PUBLIC, NETWORK):
            _with_file(app, session, cast, author, kind, log)
    write(session)
    page = {"slug": "charter", "title": "What we agreed on", "body": "We share the van."}
    verbs.create(session, NodeItself(author.node), "page", PUBLIC, page)


def _share(session: Session, by: Actor, kind: Kind, log: str, **more: object) -> Entry:
    op = verbs.create(session, by, kind.name, log, _worded(kind, log) | more)
    return session.scalars(select(Entry).where(Entry.id == op.id)).one()


def _worded(kind: Kind, log: str) -> dict[str, object]:
    words = {
        "title": f"A {kind.name} in {log}", "body": f"Said in {log} alone. We meet at the *harbour*.",
        "also": [f"another in {log}"], "said_by": "somebody",
    }  # fmt: skip
    return {name: text for name, text in words.items() if name in kind.fields}


def _reply(session: Session, by: Actor, under: Entry, body: str) -> Entry:
    op = verbs.create(session, by, "reply", under.log, {"body": body}, under=under)
    return session.scalars(select(Entry).where(Entry.id == op.id)).one()


def _with_file(app: Flask, session: Session, cast: Cast, by: Actor, kind: Kind, log: str) -> None:
    if "files" not in kind.fields:
        return
    stored = app.extensions["partnernet.files"].store(io.BytesIO(FILE + f"{kind} {log}".encode()), 10_000)
    named = {"sha256": stored.sha256, "name": "costs.txt", "type": "text/plain", "size": stored.size}
    cast.files[stored.sha256] = _share(session, by, kind, log, files=[named])


def hear_from(other: Flask, app: Flask, cast: Cast) -> None:
    """A steward elsewhere hands a bundle over, and ours brings it in without deciding about it yet."""
    with other.app_context():
        session = db.session()
        make_network(session)
        steward = make_account(session, "Ola Lund", password="", role=STEWARD)
        token = sessions.start(session, steward.id)
        commit(session)
        cast.neighbour = other.extensions["partnernet.node"].id
        waits = session.scalars(select(OpRow).limit(1)).one()
        line = join(waits.id, waits.head, waits.body, waits.sig)
    with app.app_context():
        write()
        db.session.add(KnownNode(
            key=cast.neighbour, admitted=False, since=0, name="Northside Dance", address="https://north.example",
            writes=[], origin="seen",
        ))  # fmt: skip
        db.session.add(Quarantined(id="q" * 52, node=cast.neighbour, line=line, since=0))
        alarms.raise_alarm(db.session(), alarms.QUOTA, cast.neighbour)
        commit()
    there = Visitor("steward elsewhere", None, token).browser(other)
    bundle = there.post("/exchange/export", data={"logs": "everything", "form": ".pn.zip"})
    assert bundle.mimetype == "application/octet-stream", bundle.text
    given = {"bundle": (io.BytesIO(bundle.data), "from-elsewhere.pn.zip")}
    answer = cast.visitors["steward"].browser(app).post("/exchange/imports", data=given)
    assert answer.status_code == 303, answer.text
    cast.batch = answer.location.rpartition("/")[2]


def keep_search(session: Session, cast: Cast) -> None:
    """Have the author keep a search, of which something is new."""
    author = cast.visitors["author"].actor
    assert author
    search = saved.save(session, "Harbours", "q=harbour&kind=discussion", by=author, looked=0)
    cast.search = search.id


def make_links(session: Session, cast: Cast) -> None:
    """Make an invitation, and a link for a new password."""
    link, token = links.invite(session, name="Νία")
    cast.invitation, cast.tokens["invitation"] = link.id, token
    account = accounts.find(session, cast.accounts["colleague"])
    account.password = "hashed"  # so that theirs is a link for another one, not for a first
    _, cast.tokens["account"] = links.for_account(session, account)
