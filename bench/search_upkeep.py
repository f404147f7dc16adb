"""Keeping the index: a new reply, a rebuild beside stock Whoosh, and how large it all is."""

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from bench.exchange import Run, command
from bench.nodes import FOLDER
from bench.prose import Speaker
from bench.search_fts5 import passages
from bench.search_node import NotAnswered, SearchNode, open_copy, settle
from bench.search_queries import Queries
from bench.search_speed import both, p95
from bench.search_whoosh import index_stock
from bench.table import Beside
from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import indexer
from partnernet.search.upkeep import advance, open_generation, purge_if_due, rebuild

COMMITS, ARRIVALS, REBUILDS = 60, 20, 2
MEGABYTES = 250
PAUSE = 0.2
"""Seconds between two searches while the index is made anew."""


class Scribe:
    """Writes replies to a node, one at a time, each with a word that no other has."""

    def __init__(self, node: SearchNode) -> None:
        self._node, self._speaker, self._written = node, Speaker(99), 0

    def reply(self) -> str:
        """Write one and commit it; its own word."""
        self._written += 1
        word = f"zyxomma{self._written}"
        body = f"{self._speaker.post(self._speaker.subject())} {word}"
        with self._node.app.app_context():
            session = db.session()
            under = session.scalars(select(Entry).where(Entry.kind == "discussion").limit(1)).one()
            by = NodeItself(self._node.app.extensions["partnernet.node"])
            verbs.create(session, by, "reply", "network", {"body": body}, under=under)
            commit()
        return word


def new_replies(node: SearchNode, small: SearchNode, commits: int = COMMITS) -> list[Beside]:
    """One reply after the other taken in at both sizes, in turn; then, with the indexer at work, until found."""
    with copy_of(node) as here, copy_of(small) as there:
        taken: list[tuple[float, float]] = []
        first: list[tuple[float, float]] = []
        rounds = [Rounds(here), Rounds(there)]
        for _ in range(commits):
            taken.append((rounds[0].take_in(), rounds[1].take_in()))
            first.append((rounds[0].search(), rounds[1].search()))
        rows = [
            _grown("a new reply taken in, CPU ms", taken, "≤ 1.3 × 10,000", 1.3),
            _grown("the first search after it, CPU ms", first),
            Beside(
                "merging afterwards, once it is quiet, CPU ms", f"{settle(here.app):,.0f}", f"{settle(there.app):,.0f}"
            ),
            _found(here),
        ]
    return rows


class Rounds:
    """The indexer's rounds on a node, one at a time, as its thread goes through them."""

    def __init__(self, node: SearchNode) -> None:
        self._node, self._scribe = node, Scribe(node)
        self._index = indexer.index_of(node.app)
        self._word = ""
        with node.app.app_context():
            self._generation = open_generation(db.session(), self._index.folder, self._index.node)
        self.take_in()
        self.search()

    def take_in(self) -> float:
        """CPU milliseconds of taking in one new reply, the writing of it left out."""
        self._word = self._scribe.reply()
        with self._node.app.app_context():
            began = time.process_time()
            advance(db.session(), self._generation)
            self._index.moved()
            purge_if_due(self._generation)
            return (time.process_time() - began) * 1000

    def search(self) -> float:
        """CPU milliseconds of the first search after that, which finds it."""
        began = time.process_time()
        found = self._node.search(self._word)
        taken = (time.process_time() - began) * 1000
        if found.count != 1:
            raise RuntimeError("a reply that was taken in is not found")
        return taken


def rebuilding(node: SearchNode, small: SearchNode, rounds: int = REBUILDS) -> list[Beside]:
    """The whole index anew: how fast beside stock Whoosh, in how much memory, and what searches get meanwhile."""
    rates = [(_rate(small), _stock_rate(small)) for _ in range(rounds)]
    ours, theirs = (statistics.median(pair[n] for pair in rates) for n in (0, 1))
    size = small.fts5.size()
    rows = [
        Beside(f"made anew at {size:,}, passages per CPU second", f"{ours:,.0f}", f"{theirs:,.0f} (stock Whoosh)",
               statistics.median(one / other for one, other in rates), "≥ 1.2 × stock", least=1.2),
    ]  # fmt: skip
    run, answered, missed = _searched_meanwhile(node)
    size = node.fts5.size()
    return [
        *rows,
        Beside(f"the same at {size:,} by the command, passages per CPU second", f"{size / run.cpu:,.0f}"),
        Beside("its memory at its highest, MB", f"{run.memory:.0f}", "", None, f"< {MEGABYTES} MB",
               is_met=run.memory < MEGABYTES),
        Beside("searches meanwhile: answered, and not", f"{answered} and {missed}", "", None, "all answered",
               is_met=answered > 0 and not missed),
    ]  # fmt: skip


def sizes(node: SearchNode) -> list[Beside]:
    """The index beside the text that is in it, and beside that of FTS5."""
    text = sum(len(document.title.encode()) + len(document.text.encode()) for document in passages(node.app))
    state = indexer.index_of(node.app).state()
    held = sum(size for size, _ in state.files.values()) if state else 0
    other = node.fts5.bytes()
    return [Beside("index, MB", f"{held / 1e6:.0f}", f"{other / 1e6:.0f}"),
            Beside("text, MB", f"{text / 1e6:.0f}"),
            Beside("index / text", f"{held / text:.2f}", f"{other / text:.2f}", held / text, "≤ 2.5", 2.5)]  # fmt: skip


@contextmanager
def copy_of(node: SearchNode) -> Iterator[SearchNode]:
    """A node with the same content that may be written to."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        data = Path(folder) / "node"
        shutil.copytree(node.data, data, ignore=shutil.ignore_patterns("beside-*", "*.lock", "lock"))
        yield open_copy(node, data)


def _grown(name: str, taken: list[tuple[float, float]], target: str = "", most: float | None = None) -> Beside:
    here, there = [pair[0] for pair in taken], [pair[1] for pair in taken]
    return Beside(name, both(here), both(there), p95(here) / p95(there), target, most)


def _found(node: SearchNode) -> Beside:
    scribe, waits = Scribe(node), []
    running = indexer.start(node.app)
    try:
        while not node.search(scribe.reply()).count:  # until the indexer has begun its work
            time.sleep(PAUSE)
        for _ in range(ARRIVALS):
            word = f"{scribe.reply()}"
            began = time.monotonic()
            while not node.search(word).count:
                time.sleep(0.005)
            waits.append((time.monotonic() - began) * 1000)
    finally:
        running.stop()
    return Beside("from the commit of a reply until it is found, ms", f"{both(waits)}, at most {max(waits):.0f}", "",
                  None, "≤ 1,000 ms", is_met=max(waits) <= 1_000)  # fmt: skip


def _rate(node: SearchNode) -> float:
    index = indexer.index_of(node.app)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder, node.app.app_context():
        began = time.process_time()
        rebuild(db.session(), Path(folder), index.node)
        return node.fts5.size() / (time.process_time() - began)


def _stock_rate(node: SearchNode) -> float:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        began = time.process_time()
        index_stock(Path(folder), passages(node.app))
        return node.fts5.size() / (time.process_time() - began)


def _searched_meanwhile(node: SearchNode) -> tuple[Run, int, int]:
    """The command that makes the index anew; how many searches were answered while it ran, how many not."""
    runs: list[Run] = []
    thread = threading.Thread(target=lambda: runs.append(command(node.data, "index", "rebuild")))
    asked = Queries(node.fts5).some("common", 50)
    answered = missed = 0
    thread.start()
    while thread.is_alive():
        try:
            node.search(asked[(answered + missed) % len(asked)].text)
            answered += 1
        except NotAnswered:
            missed += 1
        thread.join(PAUSE)
    return runs[0], answered, missed
