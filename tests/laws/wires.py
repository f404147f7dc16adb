"""Servers that call each other: the real pages of the one are asked by the real exchange of the other, in one process.

There is no socket between them. What would go over it is handed on, or lost where the wire is cut.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from partnernet.core.db import commit, db, upsert, write
from partnernet.core.errors import Refused
from partnernet.core.ledger.tables import KnownNode
from partnernet.sync import exchange
from partnernet.sync.connection import Answer, Unreachable
from tests.conftest import make_app
from tests.laws.place import LOGS, Place
from tests.laws.sticks import Server

PORTS = 49_152


class PowerCut(BaseException):
    """The power went: nothing that handles errors is asked."""


class Host(Server):
    """A whole server with its pages, that others call."""

    crash = PowerCut
    statements = (24, 90)

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

    def meet(self, other: Place, cut: int | None = None, most: int = 2_000) -> str:
        """Call another server, over a wire that may be cut after some requests; what befell that, or nothing.

        Nobody pairs a server with a copy of itself: those two hear of each other by stick.
        """
        if not isinstance(other, Host) or other.node.id == self.node.id:
            return super().meet(other)
        for one, another in ((self, other), (other, self)):
            one._admit({some.node for some in another.ops().values()})
            one._pair(another)
        wire = Wire(self, other, cut)
        try:
            with self.app.app_context(), patch.object(exchange, "Connection", lambda *given: wire):
                report = exchange.exchange(db.session(), other.node.id, most=most)
        except Refused as refused:
            if wire.is_whole:
                raise AssertionError(f"an exchange over a whole wire was refused: {refused.sentence}") from refused
        else:
            if wire.is_whole and report.refused:
                raise AssertionError(f"a page was refused: {report.refused}")
        finally:
            if self.statements_left is None or self.statements_left >= 0:
                self._goes_on()
            other._goes_on()
        return wire.befell

    def start_again(self) -> None:
        with self.app.app_context():
            db.session.remove()
        super().start_again()
        self.app.extensions["partnernet.node"] = self.node

    def empty(self) -> "Host":
        super().empty()
        self.app.extensions["partnernet.node"] = self.node
        return self

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


class Wire:
    """What stands in for a connection: requests are handed to the pages of another server."""

    trips = received = sent = 0

    def __init__(self, caller: Host, other: Host, cut: int | None) -> None:
        self.caller, self.other, self.cut = caller, other, cut
        self.befell = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing befell it."""
        return not self.befell

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes, limit: int) -> Answer:
        """Ask for something, unless the wire is cut before or behind it."""
        self.trips += 1
        is_last = self.cut is not None and self.trips > self.cut // 2
        if is_last and self.cut is not None and self.cut % 2 == 0:
            self._break("the wire was cut before a request")
        with self.other.app.app_context():
            client = FlaskClient(self.other.app, self.other.app.response_class)
            answer = client.open(target, base_url=f"http://127.0.0.1:{self.other.port}", method=method,
                                 headers=dict(headers), data=body, buffered=True)  # fmt: skip
        if is_last:
            self._break("the wire was cut before an answer")
        assert len(answer.data) <= limit
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
