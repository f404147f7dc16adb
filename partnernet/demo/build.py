"""Writes the invented network into the ledger of a fresh node."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position
from partnernet.core.db import chunks, commit, db, write, writing
from partnernet.core.entry import Entry
from partnernet.core.errors import Refused
from partnernet.core.ledger import verbs
from partnernet.core.ledger.bulk import Bulk
from partnernet.core.ledger.kinds import KINDS, MARKS
from partnernet.core.ledger.node import Author, Node, NodeItself
from partnernet.core.ledger.op import Op
from partnernet.core.policy import MEMBER, STEWARD, Actor
from partnernet.core.time import day_ms, from_ms
from partnernet.demo.acts import DAY, PERSON, Act, handle
from partnernet.demo.cast import CONTACT, NETWORK, PEOPLE, PRINTED_BY, STRAPLINE, WELCOME
from partnernet.demo.year import plan
from partnernet.models import load_all
from partnernet.network import founding
from partnernet.network.model import OWN, setting, settle

SEED = 1812
UNREAD_DAYS = 12
"""For how many days those with accounts have not been here."""
AT_ONCE = 25
"""Acts in a transaction: few, since what comes in one comes to this node in no order."""
PICTURE_LIMIT = 2 << 20


@dataclass(slots=True)
class Made:
    """An entity of the plan in the ledger; `before` are the heads that its last author had seen."""

    id: str
    root: str | None
    log: str
    heads: list[str]
    before: list[str] = field(default_factory=list)


def build(app: Flask, seed: int = SEED, today: date | None = None) -> None:
    """Make the invented network on a fresh node; the same for the same seed and day."""
    load_all()
    session = db.session()
    if setting(session, OWN):
        raise Refused("This server has a network already: give the demo a folder of its own with PARTNERNET_DATA.")
    day = today or date.today()
    acts = plan(seed, day)
    pictures = _pictures(app, acts)
    write(session)
    node = founding.found(session, app.extensions["partnernet.node"], app.config["DATA"], NETWORK)
    commit(session)
    app.extensions["partnernet.node"] = node
    story = Story(session, node, seed, pictures)
    since = day_ms(day) - UNREAD_DAYS * DAY
    for some in chunks([act for act in acts if act.at < since], AT_ONCE):
        story.write(some)
    seen = last_position(session)
    for some in chunks([act for act in acts if act.at >= since], AT_ONCE):
        story.write(some, "import")  # as if it had come while they were away: some of it needs them
    with writing(session):
        network = session.get_one(Entry, setting(session, OWN))
        verbs.edit(session, NodeItself(node), network, {"welcome": WELCOME, "strapline": STRAPLINE})
        settle(session, "contact", CONTACT)
        _open_accounts(session, node, story, seen, day)


class Story:
    """The plan as it is told: what has been made so far, and who is speaking."""

    def __init__(self, session: Session, node: Node, seed: int, pictures: Mapping[str, dict[str, Any]]) -> None:
        self.session, self.node, self.seed, self.pictures = session, node, seed, pictures
        self.made: dict[str, Made] = {}

    def write(self, acts: Sequence[Act], cause: str = "replay") -> None:
        """Write some acts, in one transaction; unless told otherwise as history, which needs nobody."""
        with writing(self.session):
            bulk = Bulk(self.session)
            for act in acts:
                self._write(bulk, act)
            bulk.store(cause)

    def _write(self, bulk: Bulk, act: Act) -> None:
        by = self._author(act)
        if act.verb == "create":
            self._create(bulk, act, by)
            return
        made = self.made[act.key]
        if act.verb == "mark":
            root = made.root or made.id
            bulk.append(by, "mark", made.log, self._named(act.values), ent=made.id, root=root, clock=lambda: act.at)
            return
        parents = made.before if act.beside else made.heads
        body = {"edit": {"set": dict(act.values)}, "delete": {"set": {"deleted": True}}}.get(act.verb, {})
        if act.verb == "edit":
            self._check(act)
        op = bulk.append(by, act.verb, made.log, body, ent=made.id, root=made.root, par=parents, clock=lambda: act.at)
        if act.verb in ("edit", "delete"):
            heads = [*made.heads, op.id] if act.beside else [op.id]
            made.before, made.heads = made.heads, sorted(heads)

    def _create(self, bulk: Bulk, act: Act, by: Author) -> Op:
        values = self._values(act)
        verbs.check(act.kind, values)
        header: dict[str, Any] = {"clock": lambda: act.at}
        log, root = act.visibility, None
        if act.under:
            above = self.made[act.under]
            log, root = above.log, above.root or above.id
            header |= {"re": above.id} if above.root else {}
        if act.kind == "person":
            header["who"] = by.handle
        op = bulk.append(by, act.kind, log, {"set": values}, root=root, **header)
        self.made[act.key] = Made(op.id, root, log, [op.id], [op.id])
        return op

    def _values(self, act: Act) -> dict[str, Any]:
        """The values of an act, with the entities that it names by their ids, and its picture."""
        return self._named(act.values) | ({"picture": self.pictures[act.picture]} if act.picture else {})

    def _named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.made[value].id if isinstance(value, str) and value in self.made else value
            for name, value in values.items()
        }

    def _check(self, act: Act) -> None:
        verbs.check(act.key.partition(" ")[0] if " reply " not in act.key else "reply", act.values)

    def _author(self, act: Act) -> Author:
        if not act.who:
            return NodeItself(self.node)
        partner = self.made.get(f"partner {PERSON[act.who].partner}")
        mark = MARKS.get(str(act.values.get("mark"))) if act.verb == "mark" else None
        speaks = partner is not None and act.kind != "person" and (mark is None or mark.for_partner)
        return Actor(
            self.node, handle(self.seed, act.who), "", act.who, MEMBER, 0, partner.id if speaks and partner else None
        )


def _pictures(app: Flask, acts: Sequence[Act]) -> dict[str, dict[str, Any]]:
    """Draw and keep the pictures; how an op names each."""
    from partnernet.demo.pictures import draw

    kept = {}
    for act in acts:
        if act.picture and "picture" in KINDS[act.kind].fields:
            content, words = draw(act.picture)
            stored = app.extensions["partnernet.files"].store(io.BytesIO(content), PICTURE_LIMIT)
            kept[act.picture] = {
                "sha256": stored.sha256, "name": "picture.webp", "type": "image/webp", "size": stored.size,
                "alt": words, "credit": PRINTED_BY,
            }  # fmt: skip
    return kept


def _open_accounts(session: Session, node: Node, story: Story, seen: int, day: date) -> None:
    """Accounts for some of the people, as if they had been here until a few days ago."""
    from partnernet.people import stewards
    from partnernet.people.model import Account

    created = from_ms(day_ms(day) - 366 * DAY)
    for person in PEOPLE:
        if not person.account:
            continue
        card = story.made[f"person {person.name}"].id
        role = STEWARD if person.account == STEWARD else MEMBER
        account = Account(email=person.email, handle=handle(story.seed, person.name), card=card, role=role)
        account.created, account.visited = created, seen
        session.add(account)
    session.flush()
    stewards.renew(session, node)
