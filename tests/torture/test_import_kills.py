"""An import that is killed at any moment has happened, or it has not: before or after, and nothing between."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from partnernet.core.db import Base
from partnernet.core.engine import open_engine
from partnernet.core.ledger import log
from tests.exchange.places import Place, place
from tests.laws.budget import LONG
from tests.postgres import ON_POSTGRES, fresh_database
from tests.progress import Progress
from tests.server import PATIENCE, node_environment

__all__ = ("place",)

KILLS, SIZE = (50, 20_000) if LONG else (2, 600)
TRIES = KILLS + 10
"""Where the machine becomes faster meanwhile, an import may be over before it is killed: the next is killed sooner."""
BESIDE = ("stage", "import_batch", "cursor", "node", "file_reading", "setting", "peer_have")
"""Tables that are not what an import is for: what it leaves in them the next one sweeps away."""

OTHERS_ENDED = """
select pg_terminate_backend(pid, :most) from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""


class Taker:
    """A server that is only ever spoken to by commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = f"sqlite:///{folder / 'node' / 'partnernet.db'}"
        self.environment: Mapping[str, str] = node_environment(folder)
        if ON_POSTGRES:
            given = fresh_database(os.environ["PARTNERNET_TEST_DATABASE_URL"])
            url = given.replace("postgresql://", "postgresql+psycopg://")
            self.environment = node_environment(folder, PARTNERNET_DATABASE_URL=given)
        folder.mkdir()
        assert self.start("have").wait() == 0  # which makes what is missing
        self.engine = open_engine(url)

    def close(self) -> None:
        self.engine.dispose()

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Begin a command, as somebody types it."""
        return subprocess.Popen([sys.executable, "-m", "partnernet", *arguments], env=self.environment,
                                cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def begin(self, bundle: Path) -> "subprocess.Popen[bytes]":
        """Begin to take a bundle in."""
        return self.start("import", str(bundle), "--yes", "--no-index")

    def is_killed(self, bundle: Path, after: float) -> bool:
        """Take a bundle in, but kill it after some seconds; whether it was not over before that."""
        process = self.begin(bundle)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.end_what_it_began()
            return True
        assert process.returncode == 0
        return False

    def end_what_it_began(self) -> None:
        """Wait until PostgreSQL, which goes on for a moment, has noticed that nobody is there any more."""
        if ON_POSTGRES:
            with self.engine.connect() as connection:
                connection.execute(text(OTHERS_ENDED), {"most": PATIENCE * 1_000})

    def content(self) -> dict[str, list[str]]:
        """Every row of what an import is for."""
        tables = [table for table in Base.metadata.sorted_tables if table.name not in BESIDE]
        with self.engine.connect() as connection:
            rows = {table.name: connection.execute(select(table)).all() for table in tables}
        return {name: sorted(repr(tuple(row)) for row in found) for name, found in rows.items()}

    def have(self) -> Any:
        """What it says it holds."""
        with Session(self.engine) as session:
            return dict(log.have(session))


def test_a_killed_import_is_before_or_after(tmp_path: Path, place: Callable[[str], Place], progress: Progress) -> None:
    giver, draw = place("giver"), random.Random(20_261)
    josie = giver.person("Josie Calder")
    giver.append_many(josie, "discussion", [{"set": {"title": f"Poster {n}"}} for n in range(SIZE)])
    bundle, whole = giver.export("all.pn.zip"), giver.have()
    clock = Taker(tmp_path / "clock")
    began = time.monotonic()
    assert clock.begin(bundle).wait() == 0
    taken = time.monotonic() - began
    clock.close()
    taker, befores = Taker(tmp_path / "taker0"), 0
    for n in progress.through(range(TRIES)):
        if n >= KILLS and befores:
            break
        empty = taker.content()
        if not taker.is_killed(bundle, draw.uniform(0.3, 1.0) * taken):
            taken *= 0.7
        if taker.have() == whole:
            assert len(taker.content()["op"]) == SIZE + 1
            taker.close()
            taker = Taker(tmp_path / f"taker{n + 1}")
        else:
            befores += 1
            assert taker.content() == empty
    assert befores, "every import was over before it was killed"
    assert taker.begin(bundle).wait() == 0
    assert taker.have() == whole
    assert len(taker.content()["op"]) == SIZE + 1
    assert taker.start("verify").wait() == 0
    taker.close()
