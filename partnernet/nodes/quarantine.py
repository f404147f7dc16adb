"""What waits outside: how much of it there may be, a safe look at it, and what becomes of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from partnernet.core.db import insert_missing, lock_ledger, write
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.nodes import alarms, known, quotas
from partnernet.nodes.admit import SEEN, release

OPS_LIMIT = 100_000
BYTES_LIMIT = 128 << 20
"""What may wait of one server."""
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

    def takes(self, node: str, size: int) -> bool:
        """Whether one more line of a server may wait; it is counted if it may."""
        used = self._used.get(node)
        if used is None:
            used = self._used[node] = self._of(node)
        if used[0] >= OPS_LIMIT or used[1] + size > BYTES_LIMIT:
            return False
        used[0] += 1
        used[1] += size
        return True

    def _of(self, node: str) -> list[int]:
        if self.session.get(KnownNode, node) is None:
            if self._strangers < 0:
                seen = select(func.count()).select_from(KnownNode).where(KnownNode.origin == SEEN)
                self._strangers = self.session.scalar(seen) or 0
            if self._strangers >= SERVERS_LIMIT:
                return [OPS_LIMIT, BYTES_LIMIT]
            self._strangers += 1
        waiting = select(func.count(), func.coalesce(func.sum(func.length(Quarantined.line)), 0))
        count, size = self.session.execute(waiting.where(Quarantined.node == node)).one()
        return [count, size]


def keep(session: Session, rows: Iterable[Mapping[str, Any]], room: Room) -> int:
    """Keep lines outside, as rows of `Quarantined`; how many there was no room for."""
    write(session)
    lock_ledger(session)
    kept, refused = [], Counter[str]()
    for row in rows:
        if room.takes(row["node"], len(row["line"])):
            kept.append(row)
        else:
            refused[row["node"]] += 1
    known.hear_of(session, {row["node"] for row in kept})
    insert_missing(session, Quarantined.__table__, kept)
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
