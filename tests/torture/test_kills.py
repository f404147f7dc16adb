"""A server that is killed at random moments under mixed writes loses nothing that it has said yes to."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from partnernet.core.db import commit, db, write
from partnernet.core.entry import Entry
from partnernet.core.ledger.tables import OpRow
from partnernet.people import sessions
from partnernet.people.model import Account
from tests.conftest import make_app
from tests.factories import make_account, make_network
from tests.progress import Progress
from tests.server import node_environment, serving
from tests.torture.hammer import Acknowledged, Hammer

KILLS = 200 if os.environ.get("PARTNERNET_TORTURE") else 10
WRITERS = 3
MOST_WRITES = 25  # of one writer before a kill


def test_killed_servers_lose_no_acknowledged_write(tmp_path: Path, progress: Progress) -> None:
    cookie = found(tmp_path)
    said, draw = Acknowledged(), random.Random(20_260)
    for kill in progress.through(range(KILLS)):
        with serving(tmp_path) as server:
            enough = threading.Event()
            writers = [
                Hammer(server.address, cookie, kill * WRITERS + n, said, enough, draw.randint(1, MOST_WRITES))
                for n in range(WRITERS)
            ]
            for writer in writers:
                writer.start()
            assert enough.wait(60), (tmp_path / "stderr").read_text()
            server.process.send_signal(signal.SIGKILL)
            for writer in writers:
                writer.join(60)
                assert not writer.is_alive()
    assert said.count > KILLS
    everything_is_there(tmp_path, said)


def found(folder: Path) -> str:
    """A node with somebody who is signed in; the cookie of their browser."""
    app = make_app(folder / "node")
    with app.app_context():
        session = db.session()
        make_network(session)
        account = make_account(session)
        write(session)
        token = sessions.start(session, account.id)
        commit(session)
        assert session.get(Account, account.id)
        db.engine.dispose()
    return f"partnernet={token}"


def everything_is_there(folder: Path, said: Acknowledged) -> None:
    """Each acknowledged write is in the database, `verify` is clean, and search answers as the database does.

    Of the texts of an entry one stands that no later one has overtaken, and all that were acknowledged are kept.
    """
    assert command(folder, "verify").returncode == 0, command(folder, "verify").stdout
    app = make_app(folder / "node")
    with app.app_context():
        texts, kept = texts_of(app), everything_kept(app)
        db.engine.dispose()
    standing = {path: standing_word(said, path, texts) for path in said.entries}
    for path in said.entries:
        assert standing[path], (path, said.entries[path], texts[path.split("/")[2][:12]])
        assert not [word for word in said.words(path) if word not in kept], path
    assert not [tag for _, tag in said.tags if tag not in kept]
    for path, word in said.replies.items():
        assert word in texts[path.split("/")[2][:12]]
    with serving(folder) as server:
        assert server.catch_up()
        assert server.stop() == 0
    searched(folder, {path: word for path, word in standing.items() if path not in said.removed})


def standing_word(said: Acknowledged, path: str, texts: dict[str, str]) -> str:
    """The word in the standing text of an entry, if it is one that may stand there; else nothing."""
    return next((word for word in said.newest(path) if word in texts[path.split("/")[2][:12]]), "")


def everything_kept(app: Flask) -> str:
    """The bodies of all ops, one after the other."""
    return b"\n".join(body for body in db.session.scalars(select(OpRow.body)) if body).decode()


def texts_of(app: Flask) -> dict[str, str]:
    """The words of every entity, by the first characters of its id."""
    rows = db.session.execute(select(Entry.id, Entry.title, Entry.body)).all()
    return {row.id[:12]: f"{row.title} {row.body}" for row in rows}


def searched(folder: Path, sure: dict[str, str]) -> None:
    """Whatever stands in lists is found by its own word."""
    asked = folder / "asked.jsonl"
    asked.write_text("".join(json.dumps({"id": path, "text": word}) + "\n" for path, word in sure.items()))
    answers = command(folder, "search", "--batch", str(asked), "--limit", "5").stdout
    found = {
        answer["id"]: [hit["id"][:12] for hit in answer["hits"]] for answer in map(json.loads, answers.splitlines())
    }
    missing = [path for path in sure if path.split("/")[2][:12] not in found[path]]
    assert not missing, (missing[:5], len(missing), len(sure))


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the `partnernet` command on the node."""
    return subprocess.run([sys.executable, "-m", "partnernet", *arguments], env=node_environment(folder), cwd=folder,
                          capture_output=True, text=True, timeout=300, check=False)  # fmt: skip
