"""A server that answers as it likes: slowly, too much, as another, or with papers that are not in order."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from partnernet.core.ledger.node import Node, SigningKey, new_incarnation
from partnernet.sync.address import Place
from partnernet.sync.client import Client
from partnernet.sync.connection import Connection, Patience
from partnernet.sync.peers import Guest
from partnernet.sync.protocol import FORMAT, sign_answer
from partnernet.sync.protocol import read_claim as read_header

Handle = Callable[["Visit"], None]

HASTY = Patience(connect=30, idle=30, total=90, grace=0.2, least=1_000)
"""Soon tired of an answer that trickles in; nothing else waits for the end of these times."""


def node(number: int) -> Node:
    return Node(SigningKey.from_seed(bytes([number]) * 32), new_incarnation())


ME, PEER, STRANGER = node(1), node(2), node(3)


@dataclass
class Visit:
    """One request, and the connection that it came over."""

    sock: Any
    request: bytes
    stop: threading.Event

    @property
    def path(self) -> str:
        return self.request.split(b" ", 2)[1].decode()

    def answer(self, body: bytes, status: str = "200 OK", **headers: str) -> None:
        """Answer as a web server does; `headers` with underscores for dashes."""
        given = {"content_length": str(len(body)), **headers}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items() if value)
        self.sock.sendall(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body)

    def signed(self, key: SigningKey, body: bytes, status: str = "200 OK", **headers: str) -> None:
        """Answer with a signature."""
        head = self.request.partition(b"\r\n\r\n")[0].decode()
        said = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])}
        claim = read_header(said["authorization"])
        assert claim is not None
        signature = sign_answer(key, claim, int(status[:3]), headers.get("content_range", ""), body)
        self.answer(body, status, **{"partnernet_signature": signature, **headers})


@dataclass
class Impostor:
    """What stands at the address of a server."""

    handle: Handle
    context: ssl.SSLContext | None = None
    reads: int = 1 << 40
    """Of how large a request it hears the end."""
    visits: int = 0
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.stop.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()  # wakes whoever waits for one
        self._thread.join(timeout=10)
        self._listener.close()

    def place(self, host: str = "peer.example.org") -> Place:
        return Place(host, self.port, self.context is not None, ["127.0.0.1"])

    def _run(self) -> None:
        while not self.stop.is_set():
            sock, _ = self._listener.accept()
            if self.stop.is_set():
                sock.close()
                return
            self.visits += 1
            with suppress(OSError, ssl.SSLError):
                sock.settimeout(10)
                self._serve(self.context.wrap_socket(sock, server_side=True) if self.context else sock)
            sock.close()

    def _serve(self, sock: Any) -> None:
        with sock:
            while request := _request(sock, self.reads):
                visit = Visit(sock, request, self.stop)
                self.paths.append(visit.path)
                self.handle(visit)


def _request(sock: Any, most: int) -> bytes:
    """One request with its body, as far as it is heard."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = sock.recv(65536)
        if not more:
            return b""
        head += more
    first, _, body = head.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in first.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < min(length, most):
        body += sock.recv(65536)
    return first + b"\r\n\r\n" + body


def well_known(key: str = PEER.id, **more: Any) -> bytes:
    import orjson

    return orjson.dumps({"format": FORMAT, "node": key, "challenge": "1.aaaaaaaaaaaaaaaaaaaaaaaaaa"} | more)


@contextmanager
def facing(
    handle: Handle, patience: Patience = HASTY, context: ssl.SSLContext | None = None, certificates: str | None = None
) -> Iterator[tuple[Client, Impostor]]:
    """A client that takes an impostor for the server that it is paired with."""
    impostor = Impostor(handle, context)
    connection = Connection(impostor.place(), certificates, patience)
    other = Guest(PEER.id, "The Barge", "https://peer.example.org", False, ("public",), ("public",))
    try:
        yield Client(connection, ME, other), impostor
    finally:
        connection.close()
        impostor.close()
