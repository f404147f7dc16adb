"""The page through HTTP beside its own engine and beside Fossil's search page, and the memory that it takes."""

import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.fossil import make
from bench.nodes import FOLDER
from bench.search_node import SearchNode
from bench.search_queries import Asked, Queries
from bench.servers import Server, free_port, product, start
from bench.table import Beside
from partnernet.search.engine import PER_PAGE
from partnernet.search.interface import FACETS

ROUNDS, QUERIES = 3, 40
MEGABYTE_LIMIT = 100


def through_http(node: SearchNode, rounds: int = ROUNDS, queries: int = QUERIES) -> list[Beside]:
    """The same queries to the page, signed in, and to the engine in this process; means, since a tick is 10 ms."""
    drawn = Queries(node.fts5)
    rows = []
    with serving(node) as server:
        for name, given in (("one word", "mixed"), ("2 to 5 words, any of them", "any")):
            ask(server, drawn.some(given, 20, seed=0))
            for asked in drawn.some(given, 10, seed=0):
                as_the_page(node, asked)
            taken = [_beside_engine(node, server, drawn.some(given, queries, seed)) for seed in range(1, rounds + 1)]
            ours, theirs = (statistics.median(pair[n] for pair in taken) for n in (0, 1))
            ratio = statistics.median(page / engine for page, engine in taken)
            rows.append(Beside(f"the page, {name}: CPU ms, mean", f"{ours:.3g}", f"{theirs:.3g}", ratio,
                               "≤ 2 × the engine", 2.0))  # fmt: skip
    return rows


def beside_fossil(node: SearchNode, size: int, rounds: int = ROUNDS, queries: int = QUERIES) -> list[Beside]:
    """The search page of both over the same posts, in turn."""
    fossil = shutil.which("fossil")
    if fossil is None:
        return [Beside("Fossil is not installed: nothing to compare with", "")]
    repository = searchable(fossil, size)
    port = free_port()
    other = start([fossil, "server", str(repository), "--port", str(port), "--localhost", "--nojail"], port)
    drawn = Queries(node.fts5)
    try:
        with serving(node) as server:
            taken = []
            for seed in range(rounds + 1):
                asked = drawn.some("mixed", queries, seed)
                pair = per_request(server, asked), per_request(other, asked, "/search?", "s")
                taken.append(pair)
            taken = taken[1:]  # the first warms both
    finally:
        other.stop()
    ours, theirs = (statistics.median(pair[n] for pair in taken) for n in (0, 1))
    ratio = statistics.median(our / their for our, their in taken)
    return [Beside("the page, one word: CPU ms, mean", f"{ours:.3g}", f"{theirs:.3g}", ratio, "≤ 0.4 × Fossil", 0.4)]


def searchable(fossil: str, size: int) -> Path:
    """Fossil's forum of a size with its full-text index switched on, as its own settings do it."""
    repository = FOLDER / f"forum-{size}.fossil"
    if not repository.exists():
        make(fossil, repository, size)
    for command in (["fts-config", "enable", "f"], ["fts-config", "stemmer", "on"], ["fts-config", "index", "on"]):
        subprocess.run([fossil, *command, "-R", str(repository)], check=True, capture_output=True)
    return repository


def memory(node: SearchNode, small: SearchNode, searches: int = 100) -> list[Beside]:
    """Private memory of `serve` after so many searches, at both sizes."""
    figures = []
    for one in (node, small):
        with serving(one) as server:
            ask(
                server, Queries(one.fts5).some("mixed", searches // 2, 3) + Queries(one.fts5).some("any", searches // 2)
            )
            figures.append(private(server.process.pid))
    here, there = figures
    return [
        Beside("private memory of the server after 100 searches, MB", f"{here:.0f}", f"{there:.0f}", here / there,
               "≤ 1.3 × 10,000", 1.3),
        Beside("the same by itself", f"{here:.0f}", "", None, f"≤ {MEGABYTE_LIMIT} MB", is_met=here <= MEGABYTE_LIMIT),
    ]  # fmt: skip


def private(pid: int) -> float:
    """Megabytes of a process that no other shares and no file holds."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Anonymous:")) / 1024


@contextmanager
def serving(node: SearchNode) -> Iterator[Server]:
    """The product on the node's folder, once it has settled."""
    server = product(node.data, node.token)
    try:
        server.ask("/search?q=settled")
        yield server
    finally:
        server.stop()


def ask(server: Server, asked: list[Asked], path: str = "/search?", name: str = "q") -> None:
    """Ask for the page of each query, and see that it is one."""
    for query in asked:
        status, body, _ = server.ask(path + urlencode({name: query.text}))
        if status != 200:
            raise RuntimeError(f"a search page answered {status}: {body[:200]!r}")


def per_request(server: Server, asked: list[Asked], path: str = "/search?", name: str = "q") -> float:
    """CPU milliseconds of a page."""
    before = server.cpu()
    ask(server, asked, path, name)
    return (server.cpu() - before) / len(asked) * 1000


def as_the_page(node: SearchNode, asked: Asked) -> None:
    """The very search that the page makes: its facets, its groups, its length."""
    node.search(asked.text, PER_PAGE, facets=FACETS, by_root=True)


def _beside_engine(node: SearchNode, server: Server, asked: list[Asked]) -> tuple[float, float]:
    """CPU milliseconds of a page, and of the engine."""
    page = per_request(server, asked)
    began = time.process_time()
    for query in asked:
        as_the_page(node, query)
    return page, (time.process_time() - began) / len(asked) * 1000
