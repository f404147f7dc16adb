"""An invented record of any size: a network's partners, people, entries and replies, signed by one node."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from bench.prose import Speaker
from partnernet.core.db import commit, db, write
from partnernet.core.ledger import op as ops
from partnernet.core.ledger.log import receive
from partnernet.core.ledger.node import Node, new_handle
from partnernet.core.ledger.op import Op
from partnernet.core.time import from_ms
from partnernet.people import sessions
from partnernet.people.model import Account

START = 1_600_000_000_000
STEP = 90_000
PARTNERS, PEOPLE = 30, 300
REPLIES = 9  # under each entry, on average
KINDS = ("discussion", "news", "idea", "note")
CHUNK = 2_000


@dataclass(slots=True)
class Writer:
    """Numbers and signs ops of one node, as its log would."""

    node: Node
    seq: int = 0
    clock: int = START

    def op(self, kind: str, by: str, values: dict[str, Any], **header: Any) -> Op:
        """One more op that sets fields."""
        return self.sign(kind, by, {"set": values}, **header)

    def sign(self, kind: str, by: str, body: dict[str, Any], **header: Any) -> Op:
        """One more op with any body."""
        self.seq += 1
        self.clock += STEP
        head = {
            "node": self.node.id, "by": by, "inc": self.node.inc, "seq": self.seq, "kind": kind, "log": "network",
            "ent": None, "root": None, "par": [], "ts": self.clock, **header,
        }  # fmt: skip
        return ops.write(head, body, self.node.key.sign)


def record(node: Node, size: int, seed: int = 1) -> Iterator[Op]:
    """`size` entries and replies, after the cards of their authors."""
    draw, speaker, writer = random.Random(seed), Speaker(seed), Writer(node)
    partners = [writer.op("partner", "node", {"name": f"Partner {n + 1}"}) for n in range(PARTNERS)]
    yield from partners
    handles = [new_handle() for _ in range(PEOPLE)]
    for n, handle in enumerate(handles):
        card = {"name": f"Person {n + 1}", "partner": partners[n % PARTNERS].id}
        yield writer.op("person", handle, card, who=handle)
    made = 0
    while made < size:
        author = draw.randrange(PEOPLE)
        speaks_for = partners[author % PARTNERS].id
        subject = speaker.subject()
        values = {"title": speaker.title(subject), "body": speaker.post(subject)}
        entry = writer.op(KINDS[made % len(KINDS)], handles[author], values, **{"for": speaks_for})
        yield entry
        made += 1
        for _ in range(min(draw.randint(0, 2 * REPLIES), size - made)):
            by = draw.randrange(PEOPLE)
            yield writer.op("reply", handles[by], {"body": speaker.post(subject)}, root=entry.id,
                            **{"for": partners[by % PARTNERS].id})  # fmt: skip
            made += 1


def fill(app: Flask, size: int) -> str:
    """Put a record into a node; the token of a session that is signed in."""
    node = app.extensions["partnernet.node"]
    session = db.session()
    chunk: list[Op] = []
    first_card: Op | None = None
    for op in record(node, size):
        if first_card is None and op.kind == "person":
            first_card = op
        chunk.append(op)
        if len(chunk) == CHUNK:
            receive(session, chunk)
            commit()
            chunk = []
    receive(session, chunk)
    write()
    assert first_card is not None
    account = Account(email="reader@example.org", handle=first_card.by, card=first_card.id, role="member",
                      created=from_ms(START), visited=1 << 40)  # fmt: skip
    session.add(account)
    session.flush()
    token = sessions.start(session, account.id)
    commit()
    return token
