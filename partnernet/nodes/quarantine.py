"""What waits outside: how much of it there may be, a safe look at it, and what becomes of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import orjson
from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, upsert, write
from partnernet.core.handful import FETCHED
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.nodes import alarms, known, quotas
from partnernet.nodes.admit import SAID, SEEN, release

SERVERS_LIMIT = 1_000
"""How many servers may be known that nobody has decided about."""
LOOKED_AT = 2_000
TITLES_SHOWN = 50
TITLE_LENGTH = 200
TOO_MUCH = "as much as may wait of one server waits here already"


class Amount(NamedTuple):
    """How much waits: lines and their bytes, bytes of files that came with them; and of it, lists and revocations."""

    ops: int = 0
    bytes: int = 0
    files: int = 0
    documents: int = 0
    document_bytes: int = 0

    def plus(self, more: "Amount") -> "Amount":
        """Both together."""
        return Amount(*map(add, self, more))

    def fits(self, limit: "Amount") -> bool:
        """Whether nothing is over its limit."""
        return all(mine <= most for mine, most in zip(self, limit, strict=True))


OF_ONE = Amount(100_000, 128 << 20, 1 << 30, 100, 32 << 20)
OF_ALL = Amount(1_000_000, 2 << 30, 4 << 30, 1_000, 32 << 20)
"""What may wait of one server, and of all together. Lists and revocations are few, since each is looked at again with
whatever the network signs: it may be that which makes it count."""

NOTHING = Amount()


@dataclass(slots=True)
class Room:
    """How much more may wait, counted once and kept up while lines come."""

    session: Session
    _used: dict[str, Amount] | None = None
    _all: Amount = NOTHING
    _strangers: int = -1
    _crowd: set[str] = field(default_factory=set)

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Whether one more row of `Quarantined` may wait; it is counted if it may."""
        size = len(row["line"])
        more = Amount(1, size, row["files"])
        if row["network"] is not None:
            more = more._replace(documents=1, document_bytes=size)
        return self._adds(row["node"], more)

    def takes_file(self, node: str, size: int) -> bool:
        """Whether one more file may wait that came with what a server wrote; it is counted if it may."""
        return self._adds(node, Amount(files=size))

    def is_crowded(self, node: str) -> bool:
        """Whether nothing of a server is kept since nobody has decided about it, nor about many others."""
        return node in self._crowd

    def _adds(self, node: str, more: Amount) -> bool:
        if self._used is None:
            self._used = amounts(self.session)
            self._all = reduce(Amount.plus, self._used.values(), NOTHING)
        if node not in self._used and not self._welcomes(node):
            return False
        of_node, of_all = self._used.get(node, NOTHING).plus(more), self._all.plus(more)
        if not of_node.fits(OF_ONE) or not of_all.fits(OF_ALL):
            return False
        self._used[node], self._all = of_node, of_all
        return True

    def _welcomes(self, node: str) -> bool:
        """Whether a server may be known here; of those that nobody has decided about there are so many at most."""
        if self.session.get(KnownNode, node) is not None:
            return True
        if self._strangers < 0:
            self._strangers = strangers(self.session)
        if self._strangers >= SERVERS_LIMIT:
            self._crowd.add(node)
            return False
        self._strangers += 1
        return True


def amounts(session: Session) -> dict[str, Amount]:
    """How much waits of each server."""
    size, is_document = func.length(Quarantined.line), Quarantined.network.is_not(None)
    sums = (func.count(), func.sum(size), func.sum(Quarantined.files), func.count(Quarantined.network),
            func.sum(case((is_document, size), else_=0)))  # fmt: skip
    rows = session.execute(select(Quarantined.node, *sums).group_by(Quarantined.node)).all()
    return {node: Amount(*map(int, counted)) for node, *counted in rows}


def strangers(session: Session) -> int:
    """How many servers there are that nobody has decided about."""
    seen = select(func.count()).select_from(KnownNode).where(KnownNode.origin.in_((SEEN, SAID)))
    return session.scalar(seen) or 0


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
            continue  # it waits already, as whole as this
        if room.takes(row):
            kept[row["id"]], waits[row["id"]] = row, len(row["line"])
        else:
            refused[row["node"]] += 1
    known.hear_of(session, {row["node"] for row in kept.values()})
    upsert(session, Quarantined.__table__, list(kept.values()))
    for node in sorted(refused):
        tell(session, None if room.is_crowded(node) else node)
    return refused.total()


def tell(session: Session, node: str | None) -> None:
    """Raise the alarm that no more is kept of a server; of any new one, where it is None."""
    alarms.raise_alarm(session, alarms.FULL if node else alarms.CROWD, node)


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
        left = allowed[row.key]
        release(session, [row.key], row.writes, left.ops, left.bytes, left.files)


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
    newest = select(Quarantined.line).where(of_node).order_by(Quarantined.since.desc(), Quarantined.id).limit(LOOKED_AT)
    said = list(_said(session.scalars(newest, execution_options={"yield_per": FETCHED})))
    titles = [(kind, title) for kind, title in said if title]
    return Look(count, size, len(said), Counter(kind for kind, _ in said), titles[:TITLES_SHOWN])


def _said(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The kind and the first words of each line: words alone, whatever else is in it."""
    for line in lines:
        op = orjson.loads(line)
        head, body = op.get("h"), op.get("b")
        kind = head.get("kind") if isinstance(head, dict) else None
        fields = body.get("set") if isinstance(body, dict) else None
        words = [fields.get(name) for name in ("title", "name", "body")] if isinstance(fields, dict) else []
        title = next((word for word in words if isinstance(word, str) and word.strip()), "")
        yield kind if isinstance(kind, str) else "", " ".join(title[: 4 * TITLE_LENGTH].split())[:TITLE_LENGTH]
