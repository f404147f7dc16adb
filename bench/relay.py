"""What stands between a server and whoever calls it, and counts what passes: bytes either way, and round trips."""

import socket
import threading
from contextlib import suppress

PIECE = 1 << 16


class Relay:
    """Listens on loopback and passes everything on to a port."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.reset()
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        """Count from nothing again."""
        self.bytes = self.trips = self.connections = 0

    def close(self) -> None:
        """Listen no longer."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self._target))
            asked = threading.Event()
            for one, other, is_question in ((caller, server, True), (server, caller, False)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(one, other, is_question, asked), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, is_question: bool, asked: threading.Event) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE):
                self.bytes += len(piece)
                if is_question:
                    asked.set()
                elif asked.is_set():  # the first bytes of an answer: a round trip is complete
                    asked.clear()
                    self.trips += 1
                other.sendall(piece)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)
