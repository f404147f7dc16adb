"""What waits outside: how much of it there may be, a safe look at it, and what becomes of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, upsert, write
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.nodes import alarms, known, quotas
from partnernet.nodes.admit import SAID, SEEN, release

OPS_LIMIT = 100_000
BYTES_LIMIT = 128 << 20
"""What may wait of one server."""
DOCUMENTS_LIMIT, ALL_DOCUMENTS_LIMIT, ALL_DOCUMENTS_BYTES = 100, 1_000, 32 << 20
"""How many lists and revocations may wait of one server, and of all together: each is looked at again with whatever
the network signs, since it may be that which makes it count."""
SERVERS_LIMIT = 1_000
"""How many servers may be known that nobody has decided about."""
LOOKED_AT = 2_000
TITLES_SHOWN = 50
TITLE_LENGTH = 200
TOO_MUCH = "as much as may wait of one server waits here already"


@dataclass(slots=True)
class Room:
    """How much more may wait, counted once and kept up while lines come."""

    session: Session
    _used: dict[str, list[int]] = field(default_factory=dict)
    _strangers: int = -1
    _documents: dict[str, list[int]] | None = None

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Whether one more row of `Quarantined` may wait; it is counted if it may."""
        node, size = row["node"], len(row["line"])
        used = self._used.get(node)
        if used is None:
            used = self._used[node] = self._of(node)
        if used[0] >= OPS_LIMIT or used[1] + size > BYTES_LIMIT:
            return False
        if row["network"] is not None and not self._takes_document(node, size):
            return False
        used[0] += 1
        used[1] += size
        return True

    def _takes_document(self, node: str, size: int) -> bool:
        if self._documents is None:
            counted = select(Quarantined.node, func.count(), func.sum(func.length(Quarantined.line)))
            rows = self.session.execute(
                counted.where(Quarantined.network.is_not(None)).group_by(Quarantined.node)
            ).all()
            self._documents = {key: [count, length] for key, count, length in rows}
        count, length = (sum(column) for column in zip((0, 0), *self._documents.values(), strict=True))
        of_node = self._documents.setdefault(node, [0, 0])
        if of_node[0] >= DOCUMENTS_LIMIT or count >= ALL_DOCUMENTS_LIMIT or length + size > ALL_DOCUMENTS_BYTES:
            return False
        of_node[0] += 1
        of_node[1] += size
        return True

    def _of(self, node: str) -> list[int]:
        if self.session.get(KnownNode, node) is None:
            if self._strangers < 0:
                seen = select(func.count()).select_from(KnownNode).where(KnownNode.origin.in_((SEEN, SAID)))
                self._strangers = self.session.scalar(seen) or 0
            if self._strangers >= SERVERS_LIMIT:
                return [OPS_LIMIT, BYTES_LIMIT]
            self._strangers += 1
        waiting = select(func.count(), func.coalesce(func.sum(func.length(Quarantined.line)), 0))
        count, size = self.session.execute(waiting.where(Quarantined.node == node)).one()
        return [count, size]


def keep(session: Session, rows: Sequence[Mapping[str, Any]], room: Room) -> int:
    """Keep lines outside, as rows of `Quarantined`; how many there was no room for."""
    write(session)
    lock_ledger(session)
    lengths = select(Quarantined.id, func.length(Quarantined.line)).where(
        Quarantined.id.in_([row["id"] for row in rows])
    )
    waits: dict[str, int] = dict(session.execute(lengths).all())
    kept, refused = {}, Counter[str]()
    for row in rows:
        if len(row["line"]) <= waits.get(row["id"], 0):
            continue  # it waits already, as whole as this; without its words, it is replaced by what has them
        if room.takes(row):
            kept[row["id"]], waits[row["id"]] = row, len(row["line"])
        else:
            refused[row["node"]] += 1
    known.hear_of(session, {row["node"] for row in kept.values()})
    upsert(session, Quarantined.__table__, list(kept.values()))
    for node in refused:
        alarms.raise_alarm(session, alarms.FULL, node)
    return refused.total()


def discard(session: Session, node: str) -> int:
    """Throw away what waits of a server; how much it was. It comes again with the next bundle that holds it."""
    write(session)
    return session.execute(delete(Quarantined).where(Quarantined.node == node)).rowcount  # type: ignore[attr-defined, no-any-return]


def take_what_waits(session: Session) -> None:
    """Let in, of servers that may write, what waits within their quotas: what came over them, or can be read by now."""
    write(session)
    lock_ledger(session)
    rows = session.execute(
        select(KnownNode.key, KnownNode.writes)
        .where(KnownNode.admitted, select(Quarantined.id).where(Quarantined.node == KnownNode.key).exists())
    ).all()  # fmt: skip
    allowed = quotas.left(session, [row.key for row in rows])
    for row in rows:
        new, size = release(session, [row.key], row.writes, allowed[row.key].ops, allowed[row.key].bytes)
        if new:
            quotas.note(session, {row.key: (new, size)})


# -- looking -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """What waits of one server, as far as it was looked at: nothing of it is checked or rendered."""

    count: int
    bytes: int
    looked_at: int
    kinds: Mapping[str, int]
    titles: Sequence[tuple[str, str]]
    """The kind and the first words of what makes something, the newest first."""


def look(session: Session, node: str) -> Look:
    """Look at what waits of a server."""
    of_node = Quarantined.node == node
    sums = select(func.count(), func.coalesce(func.sum(func.length(Quarantined.line)), 0)).where(of_node)
    count, size = session.execute(sums).one()
    lines = session.scalars(
        select(Quarantined.line).where(of_node).order_by(Quarantined.since.desc(), Quarantined.id).limit(LOOKED_AT)
    ).all()
    said = list(_said(lines))
    titles = [(kind, title) for kind, title in said if title]
    return Look(count, size, len(lines), Counter(kind for kind, _ in said), titles[:TITLES_SHOWN])


def _said(lines: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    """The kind and the first words of each line: words alone, whatever else is in it."""
    for line in lines:
        op = orjson.loads(line)
        head, body = op.get("h"), op.get("b")
        kind = head.get("kind") if isinstance(head, dict) else None
        fields = body.get("set") if isinstance(body, dict) else None
        words = [fields.get(name) for name in ("title", "name", "body")] if isinstance(fields, dict) else []
        title = next((word for word in words if isinstance(word, str) and word.strip()), "")
        yield kind if isinstance(kind, str) else "", " ".join(title[: 4 * TITLE_LENGTH].split())[:TITLE_LENGTH]
