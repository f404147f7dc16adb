"""Debian's Fossil serving a forum of the same words: its pages and PartnerNet's in turn, CPU per request."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import md5, sha3_256
from pathlib import Path

from bench.corpus import record
from bench.nodes import FOLDER, node_of
from bench.pages import Page, cpu_per_request, thread_of
from bench.servers import Server, free_port, product, start
from bench.table import Row, show
from partnernet.core.ledger.node import Node, SigningKey

REPLIES = 18


def main(size: int = 10_000) -> None:
    """Print the table; says so where Fossil is not installed."""
    fossil = shutil.which("fossil")
    if fossil is None:
        print("\nFossil is not installed: nothing to compare with.\n")
        return
    repository = FOLDER / f"forum-{size}.fossil"
    if not repository.exists():
        make(fossil, repository, size)
    port = free_port()
    with node_of(size) as (data, token):
        other = start([fossil, "server", str(repository), "--port", str(port), "--localhost", "--nojail"], port)
        server = product(data, token)
        try:
            measure(other, server, size)
        finally:
            other.stop()
            server.stop()


def measure(other: Server, server: Server, size: int) -> None:
    """Take the figures in turn."""
    pages = [
        Page("list", server, "/discussions", {}),
        Page("list, Fossil", other, "/forum?n=30", {}),
        Page("thread", server, thread_of(server, REPLIES), {}),
        Page("thread, Fossil", other, fossil_thread(other), {}),
    ]
    cpu = cpu_per_request(pages)
    show(f"Beside Fossil's forum of {size:,} posts: CPU ms per request", [
        Row(name, cpu[name], cpu[name] / cpu[f"{name}, Fossil"], "≤ 1.3 ×") for name in ("list", "thread")
    ] + [Row(f"{name}, Fossil", cpu[f"{name}, Fossil"], 1.0, "") for name in ("list", "thread")])  # fmt: skip


def fossil_thread(server: Server) -> str:
    """The address of a thread with about as many replies."""
    for n in range(0, 3000, 100):
        _, body, _ = server.ask(f"/forum?n=100&x={n}")
        for row in body.decode().split("<tr>")[1:]:
            if f"{REPLIES} replies" in row or f">{REPLIES + 1} posts" in row or f"{REPLIES + 1} posts" in row:
                found = re.search(r'href="(/[^"]*forumpost/[0-9a-f]+)', row)
                if found:
                    return found[1]
    raise RuntimeError("Fossil shows no such thread")


def make(fossil: str, repository: Path, size: int) -> None:
    """Make a repository whose forum holds the words of the record."""
    folder = repository.with_suffix(".artifacts")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, artifact in enumerate(posts(size)):
        (folder / f"{number:06}").write_bytes(artifact)
    environment = {**os.environ, "USER": "admin", "HOME": str(folder)}
    run = {"check": True, "capture_output": True, "env": environment}
    subprocess.run([fossil, "reconstruct", str(repository), str(folder)], **run)  # type: ignore[call-overload]
    for command in (["user", "capabilities", "nobody", "234567ghjorz", "-R", str(repository)],
                    ["rebuild", str(repository)]):  # fmt: skip
        subprocess.run([fossil, *command], **run)  # type: ignore[call-overload]
    shutil.rmtree(folder)


def posts(size: int) -> Iterator[bytes]:
    """Forum artifacts, each after what it answers."""
    node = Node(SigningKey.from_seed(bytes(32)), "a" * 26)
    names: dict[str, str] = {}
    for op in record(node, size):
        if op.kind in ("partner", "person"):
            continue
        artifact = post(op.ts, op.set.get("title"), op.set["body"], names.get(op.root or ""))
        names[op.id] = sha3_256(artifact).hexdigest()
        yield artifact


def post(ts: int, title: str | None, body: str, root: str | None) -> bytes:
    """One artifact of Fossil's forum format."""
    when = datetime.fromtimestamp(ts / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000")
    cards = [f"D {when}"]
    if root:
        cards += [f"G {root}"]
    else:
        cards += ["H " + (title or "").replace(" ", "\\s")]
    if root:
        cards += [f"I {root}"]
    text = body.encode()
    cards += ["N text/x-markdown", "U admin", f"W {len(text)}"]
    begun = "\n".join(cards).encode() + b"\n" + text + b"\n"
    return begun + b"Z " + md5(begun, usedforsecurity=False).hexdigest().encode() + b"\n"


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
