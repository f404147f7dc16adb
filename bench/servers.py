"""Servers under measurement: started on loopback, asked over one connection, their CPU read from the kernel."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
START_LIMIT = 60.0


@dataclass
class Server:
    """One process (with its children) that answers on a port."""

    process: subprocess.Popen[str]
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes, http.client.HTTPMessage]:
        """One request over a connection of its own that stays open between calls."""
        connection = self._connection()
        connection.request("GET", path, headers={**self.headers, **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read(), response.headers

    def cpu(self) -> float:
        """CPU seconds of the process and its reaped children so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(value) for value in fields[11:15]) / TICK

    def pss(self) -> float:
        """Megabytes of memory that are its own share."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self, "_open"):
            self._open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return self._open


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(arguments: list[str], port: int, environment: Mapping[str, str] | None = None) -> Server:
    """Start a program and wait until its port answers."""
    process = subprocess.Popen(arguments, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return Server(process, port)
        time.sleep(0.02)
    raise RuntimeError(f"{arguments} did not answer")


def product(data: Path, token: str = "", port: int = 0) -> Server:
    """PartnerNet itself on a data folder, with a signed-in session."""
    port = port or free_port()
    server = start(
        [sys.executable, "-m", "partnernet", "serve", "--port", str(port)],
        port,
        {"PARTNERNET_DATA": str(data)},
    )
    if token:
        server.headers["Cookie"] = f"partnernet={token}"
    return server
