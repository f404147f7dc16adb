"""Appending a reply beside a bare one-row commit of the same durability, interleaved."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, insert

from bench.table import Row, show
from partnernet import create_app
from partnernet.core.db import commit, db, write
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself

ROUNDS, EACH = 15, 20
BODY = "A reply of the usual length, with enough words in it to be worth the paper. " * 9

bare = Table("bare", MetaData(), Column("id", Integer, primary_key=True), Column("value", Integer))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"DATA": Path(folder)})
        with app.app_context():
            measure(app)
            db.engine.dispose()


def measure(app: Flask) -> None:
    """Take the figures in turn."""
    session = db.session()
    by = NodeItself(app.extensions["partnernet.node"])
    root = session.get(Entry, verbs.create(session, by, "discussion", "network", {"title": "T", "body": "B"}).id)
    commit()
    write()
    bare.create(session.connection())
    commit()
    assert root is not None

    def reply() -> None:
        verbs.create(session, by, "reply", "network", {"body": BODY}, under=root)
        commit()

    def row() -> None:
        write()
        session.execute(insert(bare).values(value=1))
        commit()

    work: dict[str, Callable[[], None]] = {"append of a reply": reply, "bare one-row commit": row}
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, act in work.items():
            for _ in range(EACH):
                began = time.perf_counter()
                act()
                taken[name].append((time.perf_counter() - began) * 1000)
    p50 = {name: statistics.median(values) for name, values in taken.items()}
    base = p50["bare one-row commit"]
    show("Appending: wall milliseconds, p50", [
        Row("append of a reply", p50["append of a reply"], p50["append of a reply"] / base, "≤ 3 × a bare commit"),
        Row("bare one-row commit", base, 1.0, ""),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
