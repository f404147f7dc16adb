"""Whoever calls a server and is not one itself: with a key, and whatever they choose to say."""

from typing import Any

from partnernet.core.ledger.node import Node
from partnernet.sync.address import Place
from partnernet.sync.client import Client
from partnernet.sync.connection import Connection
from partnernet.sync.peers import Guest
from tests.sync.impostor import ME
from tests.sync.stations import BOTH, QUICK, Station


def calling(station: Station, node: Node = ME) -> Client:
    """Some node that calls a server, and has heard who it is."""
    connection = Connection(Place("127.0.0.1", station.port, False, ["127.0.0.1"]), None, QUICK)
    station.callers.append(connection)
    client = Client(connection, node, Guest(station.key, "Hall", station.address, True, BOTH, BOTH))
    client.hello()
    return client


def raw(client: Client, method: str, target: str, body: bytes, **headers: str) -> Any:
    """Ask for something with just these headers; the answer as it came."""
    return client.connection.ask(method, target, headers, body, 1 << 20)


def known(station: Station, **more: Any) -> None:
    """Have a server know the node that calls."""
    them = type("Them", (), {"key": ME.id, "folder": station.folder, "address": ""})()
    station.know(them, **more)  # type: ignore[arg-type]
