"""A server of its own process, as a steward starts it; it stops by itself when its test ends."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

PATIENCE = 60
"""Seconds after which a server that does not end fails its test, far above what it takes."""

_without_proxy = build_opener(ProxyHandler({}))


@dataclass(slots=True)
class Server:
    """A server that has printed its address."""

    process: subprocess.Popen[str]
    address: str
    first_step: str

    def get(self, path: str = "/") -> tuple[int, str, str]:
        """What it answers: the status, the type and the text; redirects are followed."""
        with _without_proxy.open(Request(self.address + path), timeout=PATIENCE) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode()

    def catch_up(self) -> bool:
        """Wait until everything that hears of changes has heard of all; False where that never comes."""
        for _ in range(10 * PATIENCE):
            if not any(json.loads(self.get("/readyz")[2])["waiting"].values()):
                return True
            threading.Event().wait(0.1)
        return False

    def stop(self) -> int:
        """Ask it to end, as a service manager does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(
    folder: Path,
    *arguments: str,
    command: Sequence[str] = (sys.executable, "-m", "partnernet"),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A server on a free port; its node lies in the folder where it runs."""
    with (folder / "stderr").open("w") as errors:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0", *arguments],
            cwd=folder, env=environment or node_environment(folder), text=True,
            stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, (folder / "stderr").read_text()
        yield Server(process, address, process.stdout.readline().strip())
    finally:
        process.kill()
        process.communicate()


def node_environment(folder: Path, **more: str) -> Mapping[str, str]:
    """The environment of a command whose node lies in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERNET_")}
    root = str(Path(__file__).parent.parent)
    return kept | {"PARTNERNET_DATA": str(folder / "node"), "PYTHONPATH": root, "PYTHONUTF8": "1"} | more
