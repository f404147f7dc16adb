"""Two running servers that hold the same and have each written something since, beside two of Fossil's.

Bytes and round trips are counted by a relay between them. Time is from the press of the button until the
exchange is noted as done; Fossil's is that of its command, which talks to the other server.
"""

import http.client
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bench.fossil import make, post
from bench.nodes import FOLDER, node_of
from bench.prose import Speaker
from bench.relay import Relay
from bench.servers import Server, free_port, product, start
from bench.table import Beside, show_beside
from partnernet.core.lock import FileLock
from partnernet.search.folder import LOCK

NEW = 100
ROUNDS = 5
CALM_SECONDS, CALM_CPU = 1.0, 0.05
LIMIT = 120.0

Figures = dict[str, list[float]]


def main(size: int = 100_000) -> None:
    """Print the table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    fossil = shutil.which("fossil")
    with (
        node_of(size, is_indexed=False) as (data, token),
        tempfile.TemporaryDirectory(dir=FOLDER) as folder,
        pair(Path(folder), data, token) as (ours, do),
        fossils(Path(folder), fossil, size) as (theirs, do_theirs),
    ):
        for _ in range(ROUNDS):
            do()
            do_theirs()
    report(size, {name: statistics.median(figures) for name, figures in ours.items()},
           {name: statistics.median(figures) for name, figures in theirs.items()})  # fmt: skip


def report(size: int, ours: dict[str, float], theirs: dict[str, float]) -> None:
    """Print what was taken."""

    def fossils_own(name: str, shown: str) -> str:
        return shown.format(theirs[name]) if theirs else "not installed"

    wall = ours["wall"] / theirs["wall"] if theirs else None
    show_beside(
        f"Two running servers with {size:,} in common and {NEW} new on each side",
        [
            Beside("KB on the wire", f"{ours['bytes'] / 1000:.0f}", fossils_own("bytes", "{:,.0f} bytes"),
                   target="≤ 200", is_met=ours["bytes"] <= 200_000),
            Beside("round trips", f"{ours['trips']:.0f}", fossils_own("trips", "{:.0f}"), target="≤ 4",
                   is_met=ours["trips"] <= 4),
            Beside("time on loopback, ms", f"{1000 * ours['wall']:.0f}",
                   f"{1000 * theirs['wall']:.0f}" if theirs else "not installed", wall, "≤ 2 ×", most=2),
        ],
        "Fossil 2.21",
    )  # fmt: skip


# -- ours ------------------------------------------------------------------------------------------


@contextmanager
def pair(folder: Path, data: Path, token: str) -> Iterator[tuple[Figures, Callable[[], None]]]:
    """Two servers that hold the same, and what one round of writing and exchanging is."""
    one, other = folder / "one", folder / "other"
    for copy in (one, other):
        shutil.copytree(data, copy, ignore=shutil.ignore_patterns("search_index", "before-*", "beside-*", "*.lock"))
    for own in ("node.key", "node-state.json"):  # so that it is a server of its own
        (other / own).unlink()
    indexing = [FileLock(copy / "search_index" / LOCK) for copy in (one, other)]
    for lock in indexing:
        lock.acquire()  # as if another process of the server indexed: nobody searches here
    port = free_port()
    relay = Relay(port)
    keys = {copy: _prepare(copy) for copy in (one, other)}
    _introduce(one, keys[other], f"http://127.0.0.1:{relay.port}")
    _introduce(other, keys[one], "")
    servers = [product(one, token), product(other, port=port)]
    figures: Figures = {"bytes": [], "trips": [], "wall": []}

    def do() -> None:
        for copy in (one, other):
            _write(copy)
        for server in servers:
            _calm(server)
        relay.reset()
        figures["wall"].append(_press(servers[0], one, keys[other]))
        figures["bytes"].append(relay.bytes)
        figures["trips"].append(relay.trips)

    try:
        yield figures, do
    finally:
        for server in servers:
            server.stop()
        relay.close()
        for lock in indexing:
            lock.release()


def _prepare(data: Path) -> str:
    """The key of the node in a folder; whoever is signed in there becomes a steward."""
    from partnernet.people.model import Account

    with _inside(data) as session:
        session.query(Account).update({"role": "steward"})
        return str(_node().id)


def _introduce(data: Path, key: str, address: str) -> None:
    """Have people compared words with another server."""
    from partnernet.core.db import upsert
    from partnernet.core.ledger.tables import KnownNode
    from partnernet.core.policy import NETWORK, PUBLIC
    from partnernet.core.time import now_ms

    row = {"key": key, "admitted": True, "since": now_ms(), "name": "The other", "address": address, "private": True,
           "reads": [PUBLIC, NETWORK], "writes": [PUBLIC, NETWORK], "paired": now_ms()}  # fmt: skip
    with _inside(data) as session:
        upsert(session, KnownNode.__table__, [row])


def _write(data: Path) -> None:
    """Let somebody write what is new on one side."""
    from partnernet.core.ledger.log import append
    from partnernet.core.ledger.node import NodeItself

    speaker = Speaker(time.monotonic_ns())
    with _inside(data) as session:
        for _ in range(NEW):
            subject = speaker.subject()
            words = {"title": speaker.title(subject), "body": speaker.post(subject)}
            append(session, NodeItself(_node()), "discussion", "network", {"set": words})


@contextmanager
def _inside(data: Path) -> Iterator[Any]:
    """A writing transaction in the database of a folder."""
    from partnernet import create_app
    from partnernet.core.db import db, writing

    app = create_app({"DATA": data})
    with app.app_context():
        with writing() as session:
            yield session
        db.session.remove()
        db.engine.dispose()


def _node() -> Any:
    from flask import current_app

    return current_app.extensions["partnernet.node"]


def _press(server: Server, data: Path, key: str) -> float:
    """Press the button, and wait until the exchange is noted as done: seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {**server.headers, "Origin": f"http://127.0.0.1:{server.port}"}
    with closing(sqlite3.connect(f"file:{data / 'partnernet.db'}?mode=ro", uri=True)) as database:
        question = "select reached, error, failures from peer where node = ?"
        before = database.execute(question, (key,)).fetchone()
        began = time.monotonic()
        connection.request("POST", f"/exchange/servers/{key}/now", headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"the button answered {answer.status}")
        while time.monotonic() - began < LIMIT:
            now = database.execute(question, (key,)).fetchone()
            if now and now[0] and (not before or now[0] != before[0]):
                return time.monotonic() - began
            if now and now[2]:
                raise RuntimeError(now[1])
            time.sleep(0.002)
    raise RuntimeError("the exchange did not end")


def _calm(server: Server) -> None:
    """Wait until a server has nothing left to do, such as to index what came in."""
    end = time.monotonic() + LIMIT
    before = server.cpu()
    while time.monotonic() < end:
        time.sleep(CALM_SECONDS)
        now = server.cpu()
        if now - before < CALM_CPU:
            return
        before = now
    raise RuntimeError("a server never came to rest")


# -- Fossil's --------------------------------------------------------------------------------------


@contextmanager
def fossils(folder: Path, fossil: str | None, size: int) -> Iterator[tuple[Figures, Callable[[], None]]]:
    """Two of Fossil's servers that hold the same forum, and what one round is; nothing where it is not installed."""
    if fossil is None:
        yield {}, lambda: None
        return
    made = FOLDER / f"forum-{size}.fossil"
    if not made.exists():
        make(fossil, made, size)
    one, other = folder / "one.fossil", folder / "other.fossil"
    environment = {**os.environ, "USER": "admin", "HOME": str(folder)}

    def run(*arguments: str) -> None:
        subprocess.run([fossil, *arguments], check=True, capture_output=True, env=environment)

    shutil.copyfile(made, one)
    run("user", "capabilities", "nobody", "234567aghijorsz", "-R", str(one))
    run("clone", str(one), str(other))
    run("user", "capabilities", "nobody", "234567aghijorsz", "-R", str(other))
    ports = free_port(), free_port()
    servers = [
        start([fossil, "server", str(repository), "--port", str(port), "--localhost", "--nojail"], port)
        for repository, port in zip((one, other), ports, strict=True)
    ]
    relay = Relay(ports[1])
    figures: Figures = {"bytes": [], "trips": [], "wall": []}
    url = f"http://127.0.0.1:{relay.port}/"

    def do() -> None:
        for repository in (one, other):
            _bring(folder, repository, run)
        relay.reset()
        began = time.monotonic()
        run("sync", url, "--once", "-R", str(one))
        figures["wall"].append(time.monotonic() - began)
        figures["bytes"].append(relay.bytes)
        figures["trips"].append(relay.trips)

    try:
        run("sync", url, "--once", "-R", str(one))
        yield figures, do
    finally:
        for server in servers:
            server.stop()
        relay.close()


def _bring(folder: Path, repository: Path, run: Callable[..., None]) -> None:
    """Let new posts come to a repository, from a third one: Fossil's command makes no posts."""
    speaker, posts, third = Speaker(time.monotonic_ns()), folder / "posts", folder / "third.fossil"
    posts.mkdir()
    for number in range(NEW):
        subject = speaker.subject()
        words = post(int(time.time() * 1000) + number, speaker.title(subject), speaker.post(subject), None)
        (posts / f"{number:03}").write_bytes(words)
    run("reconstruct", str(third), str(posts))
    project = "select value from config where name = 'project-code'"
    with closing(sqlite3.connect(repository)) as known, closing(sqlite3.connect(third)) as new:
        code = known.execute(project).fetchone()
        new.execute("update config set value = ? where name = 'project-code'", code)
        new.commit()
    run("pull", str(third), "--once", "-R", str(repository))
    shutil.rmtree(posts)
    third.unlink()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
