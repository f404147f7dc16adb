"""A wire that is cut: it passes bytes on between two servers, and breaks off after some of them."""

import socket
import threading
from contextlib import suppress


class Relay:
    """What stands between a server and whoever calls it. `cut_after` bytes either way, every connection is cut."""

    def __init__(self, port: int) -> None:
        self.cut_after = 1 << 40
        self.cuts = 0
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopped = True
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._thread.join(timeout=10)
        self._listener.close()

    def _run(self) -> None:
        while True:
            caller, _ = self._listener.accept()
            if self._stopped:
                caller.close()
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            left = [self.cut_after]
            ways = [threading.Thread(target=self._pass, args=(a, b, left), daemon=True)
                    for a, b in ((caller, server), (server, caller))]  # fmt: skip
            for way in ways:
                way.start()
            for way in ways:
                way.join(timeout=30)
            caller.close()
            server.close()

    def _pass(self, one: socket.socket, other: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while data := one.recv(4_096):
                some, left[0] = data[: left[0]], left[0] - len(data)
                other.sendall(some)
                if left[0] <= 0:
                    self.cuts += 1
                    break
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
