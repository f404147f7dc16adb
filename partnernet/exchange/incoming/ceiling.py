"""How much of one server an import may set beside the ledger: no more than could come in or wait in the end.

A stranger can send millions of lines. Somebody may let it in before the import is decided, so both count together: what
its quota takes today, and what may wait of it outside. What is over them is left out before it is read.
"""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import reduce
from math import inf
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.ledger.op import VERSION
from partnernet.core.ledger.tables import KnownNode
from partnernet.exchange.model import LATER, NEW, QUARANTINE
from partnernet.nodes import quarantine, quotas
from partnernet.nodes.admit import LetIn
from partnernet.nodes.quarantine import NOTHING, Amount

SPARED = 10_000
"""Lines of an import that are set beside the ledger whoever wrote them: so few cost less than to ask."""
CROWD = ""
"""In place of a key: servers that are too many for anything of them to be kept."""

_COUNTED = (NEW, QUARANTINE, LATER)


class _Given(NamedTuple):
    """What counts of a staged row."""

    node: str
    verdict: str
    bytes: int


class Ceiling:
    """Counts the lines of one import by server, and says whether there is room for each."""

    def __init__(self, session: Session, welcome: LetIn, *, admits: bool) -> None:
        """`admits`: whether all servers in the import may be let in with it."""
        self._session, self._welcome, self._admits = session, welcome, admits
        self._spared: list[_Given] = []
        self._rooms: _Rooms | None = None
        self._full: set[tuple[str, str]] = set()
        self.over: Counter[str] = Counter()
        """How many lines there was no room for, by server."""

    def is_over(self, line: bytes) -> bool:
        """Whether a line, unread as yet, is by a server for which there was no room before; then it is counted."""
        if not self._full or self._rooms is None:
            return False
        try:
            head = orjson.loads(line)["h"]
            node, is_later, name = head["node"], head["v"] > VERSION, self._rooms.name(head["node"])
            verdict = LATER if is_later else NEW if self._welcome.takes(node, head["log"]) else QUARANTINE
            is_over = (name, verdict) in self._full
        except (ValueError, TypeError, LookupError):  # what is wrong with it is said by whoever reads it
            return False
        if is_over:
            self.over[name] += 1
        return is_over

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Whether there is room for a line that was read, given as its staged row; it is counted either way."""
        given = _Given(row["node"], row["verdict"], len(row["head"]) + len(row["body"] or b""))
        if given.verdict not in _COUNTED or (given.node == self._welcome.own and given.verdict != LATER):
            return True
        if self._rooms is None:
            if len(self._spared) < SPARED:
                self._spared.append(given)
                return True
            self._rooms = _Rooms.of(self._session, self._welcome.own, self._admits)
            for spared in self._spared:
                self._rooms.takes(spared)
            self._spared.clear()
        if self._rooms.takes(given):
            return True
        name = self._rooms.name(given.node)
        self._full.add((name, given.verdict))
        self.over[name] += 1
        return False


# -- rooms -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Room:
    """Room for so many more lines and bytes."""

    lines: float = inf
    bytes: float = inf

    def fits(self, size: int) -> bool:
        return self.lines >= 1 and self.bytes >= size

    def take(self, size: int) -> None:
        self.lines, self.bytes = self.lines - 1, self.bytes - size


@dataclass(frozen=True, slots=True)
class _Server:
    """The rooms of one server; what cannot be read yet has its own, since anybody may have written that."""

    quota: _Room
    outside: _Room
    later: _Room


@dataclass(slots=True)
class _Rooms:
    """What there is room for now, of each server and of all together."""

    session: Session
    known: Set[str]
    places: int
    """How many servers may still be new here."""
    waiting: Mapping[str, Amount]
    outside: _Room
    """For what waits of all servers together."""
    let_in: _Room
    """For what does not fit there, but would come in if its server were let in."""
    servers: dict[str, _Server] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, own: str, admits: bool) -> "_Rooms":
        known = {own, *session.scalars(select(KnownNode.key))}
        places = max(0, quarantine.SERVERS_LIMIT - quarantine.strangers(session))
        waiting = quarantine.amounts(session)
        if admits:
            outside = let_in = _Room()
        else:
            outside = _left(quarantine.OF_ALL, reduce(Amount.plus, waiting.values(), NOTHING))
            let_in = _Room(quotas.DEFAULTS[quotas.OPS_A_DAY], quotas.DEFAULTS[quotas.BYTES_A_DAY])
        return cls(session, known, places, waiting, outside, let_in)

    def name(self, node: str) -> str:
        """The key under which a server is counted: its own, or that of all for whom there is no place."""
        return node if self.places or node in self.known or node in self.servers else CROWD

    def takes(self, given: _Given) -> bool:
        """Whether a line fits; it is counted if it does. Whoever is let in has used its quota before it waits."""
        if self.name(given.node) == CROWD:
            return False
        server, size = self._server(given.node), given.bytes
        own = server.later if given.verdict == LATER else server.outside
        outside, come_in = (own, self.outside), (server.quota, self.let_in)
        if given.verdict == NEW:
            ways = [(server.quota,), outside]
        else:
            ways = [outside] if given.verdict == LATER else [outside, come_in]
        for rooms in ways:
            if all(room.fits(size) for room in rooms):
                for room in rooms:
                    room.take(size)
                return True
        return False

    def _server(self, node: str) -> _Server:
        if node not in self.servers:
            quota = quotas.left(self.session, [node])[node]
            waiting = self.waiting.get(node, NOTHING)
            outside, later = (_left(quarantine.OF_ONE, waiting) for _ in range(2))
            self.servers[node] = _Server(_Room(quota.ops, quota.bytes), outside, later)
            self.places -= node not in self.known
        return self.servers[node]


def _left(limit: Amount, used: Amount) -> _Room:
    return _Room(limit.ops - used.ops, limit.bytes - used.bytes)
