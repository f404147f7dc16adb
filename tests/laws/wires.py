"""Servers that call each other: the real pages of the one are asked by the real exchange of the other, in one process.

There is no socket between them. What would go over it is handed on, or lost where the wire is cut.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, update

from partnernet.core.db import commit, db, upsert, write
from partnernet.core.errors import Refused
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import KnownNode
from partnernet.exchange.model import PeerHave
from partnernet.sync import exchange
from partnernet.sync.connection import Answer, Unreachable
from tests.conftest import make_app
from tests.laws import overheard
from tests.laws.overheard import Ear
from tests.laws.place import LOGS, NO_TROUBLE, Place, Trouble
from tests.laws.sticks import Server

PORTS = 49_152


class PowerCut(BaseException):
    """The power went: nothing that handles errors is asked."""


class Host(Server):
    """A whole server with its pages, that others call."""

    crash = PowerCut
    statements = (24, 140)

    def _open(self) -> Engine:
        self.app = make_app(self.folder)
        with self.app.app_context():
            engine = db.engine
        if engine.dialect.name == "sqlite":  # nothing here need outlive a real power cut
            event.listen(engine, "connect", lambda connection, _record: connection.execute("pragma synchronous=off"))
            engine.dispose()
        self.port = PORTS + len(_HOSTS)
        _HOSTS[self.port] = self
        return engine

    def meet(self, other: Place, trouble: Trouble = NO_TROUBLE) -> str:
        """Call another server, over a wire that may be cut after some requests; what befell that, or nothing.

        Nobody pairs a server with a copy of itself: those two hear of each other by stick.
        """
        if not isinstance(other, Host) or other.node.id == self.node.id:
            return super().meet(other)
        pairs = ((self, other), (other, self))
        for one, another in pairs:
            one._admit({some.node for some in another.ops().values()})
            one._pair(another)
        noted = [one._noted(another) for one, another in pairs]
        wire = Wire(self, other, trouble)
        try:
            with self.app.app_context(), patch.object(exchange, "Connection", lambda *given: wire):
                report = exchange.exchange(db.session(), other.node.id, most=trouble.most)
        except Refused as refused:
            if wire.is_whole:
                raise AssertionError(f"an exchange over a whole wire was refused: {refused.sentence}") from refused
        else:
            if wire.is_whole:
                assert not report.refused, f"a page was refused: {report.refused}"
                assert self.ops().keys() == other.ops().keys(), "something did not go over a whole wire"
        finally:
            if self.statements_left is None or self.statements_left >= 0:
                self._goes_on()
            other._goes_on()
        for (one, another), before in zip(pairs, noted, strict=True):
            if (now := one._noted(another)) != before:
                _holds(another, now)
        return wire.befell

    def empty(self) -> "Host":
        super().empty()
        self.app.extensions["partnernet.node"] = self.node
        self.came = Ear()
        return self

    def become(self, other: Place) -> None:
        super().become(other)
        if isinstance(other, Host):
            self.came = Ear(other.came)

    def lets_read(self, other: overheard.Talker) -> list[str]:
        """The logs that another server may be given, by what was decided last."""
        with self.engine.connect() as connection:
            return list(connection.scalar(select(KnownNode.reads).where(KnownNode.key == other.node.id)) or ())

    def shut(self, other: "Host", log: str) -> None:
        """Let a steward decide that another server may not be given a log any more."""
        with self.engine.connect().execution_options(writes=True) as connection:
            left = [name for name in LOGS if name != log]
            connection.execute(update(KnownNode).where(KnownNode.key == other.node.id).values(reads=left))
            connection.commit()

    def _noted(self, other: "Host") -> Mapping[str, Any]:
        """What another server is known to hold."""
        with self.engine.connect() as connection:
            return connection.scalar(select(PeerHave.have).where(PeerHave.node == other.node.id)) or {}

    def start_again(self) -> None:
        with self.app.app_context():
            db.session.remove()
        super().start_again()
        self.app.extensions["partnernet.node"] = self.node

    def belong(self, network: str | None) -> "Host":
        super().belong(network)
        self.app.extensions["partnernet.node"] = self.node
        return self

    def _goes_on(self) -> None:
        """Be who the app is by now: an exchange may have made it take a new incarnation."""
        self.session.rollback()
        self.node = self.app.extensions["partnernet.node"]
        self._note()

    def _pair(self, other: "Host") -> None:
        """Have compared words with another server; where it is, it is called there."""
        self.session.rollback()
        row: dict[str, Any] = {
            "key": other.node.id, "admitted": True, "since": 0, "name": other.name, "origin": "steward", "paired": 1,
            "address": f"http://127.0.0.1:{other.port}", "private": True, "reads": list(LOGS), "writes": list(LOGS),
        }  # fmt: skip
        write(self.session)
        upsert(self.session, KnownNode.__table__, [row])
        commit(self.session)


def _holds(host: Host, noted: Mapping[str, Any]) -> None:
    """A server holds what another one has just noted that it holds; an AssertionError where it does not."""
    have = host.have()
    for place, held in noted.items():
        here = Ranges.read(have[place]["r"]) if place in have else Ranges()
        assert not Ranges.read(held["r"]).minus(here), "a server is taken to hold what it does not"


@dataclass
class Wire:
    """What stands in for a connection: requests are handed to the pages of another server."""

    caller: Host
    other: Host
    trouble: Trouble
    befell: str = ""
    trips: int = 0
    received: int = 0
    sent: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing befell it."""
        return not self.befell

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes, limit: int) -> Answer:
        """Ask for something, unless the wire is cut before or behind it."""
        self.trips += 1
        cut = self.trouble.cut
        is_last = cut is not None and self.trips > cut // 2
        if is_last and cut is not None and cut % 2 == 0:
            self._break("the wire was cut before a request")
        overheard.said(self.caller, self.other, target, body, headers.get("Content-Encoding", ""))
        with self.other.app.app_context():
            client = FlaskClient(self.other.app, self.other.app.response_class)
            answer = client.open(target, base_url=f"http://127.0.0.1:{self.other.port}", method=method,
                                 headers=dict(headers), data=body, buffered=True)  # fmt: skip
        if answer.status_code == 200:
            overheard.said(self.other, self.caller, target, answer.data, answer.headers.get("Content-Encoding", ""))
        if is_last:
            self._break("the wire was cut before an answer")
        assert len(answer.data) <= limit
        if self.trips == self.trouble.shut_after:
            one, another = (self.caller, self.other) if self.trouble.by_caller else (self.other, self.caller)
            one.shut(another, self.trouble.shut)
            self.befell = "a log was closed to a server during an exchange"
        return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.data)

    def close(self) -> None:
        """There is nothing to close."""

    def _break(self, befell: str) -> None:
        self.befell = befell
        raise Unreachable("The wire was cut.")


_HOSTS: dict[int, Host] = {}


@cache
def host(name: str, skew: int = 0) -> Host:
    """A server that is made once and emptied for each world."""
    return Host(name, skew)
