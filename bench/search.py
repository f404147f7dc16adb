"""The figures of search: `python -m bench search [--rows PATTERN] [--size N] [--quick]`."""

import argparse
import re
from collections.abc import Callable
from functools import cached_property

from bench import hostile, search_page, search_speed, search_upkeep
from bench.search_node import SearchNode, open_node
from bench.table import Beside, show_beside


class Run:
    """The nodes that the rows share, each opened when it is first needed."""

    def __init__(self, size: int, small: int, quick: bool) -> None:
        self.size, self.small, self.quick = size, small, quick

    @cached_property
    def node(self) -> SearchNode:
        return open_node(self.size)

    @cached_property
    def small_node(self) -> SearchNode:
        return open_node(self.small)

    @property
    def share(self) -> dict[str, int]:
        """How much is asked of what is asked in rounds."""
        return {"rounds": 1, "queries": 40} if self.quick else {}


def words(run: Run) -> list[Beside]:
    """Queries of each class beside FTS5."""
    return search_speed.classes(run.node, **run.share)


def same(run: Run) -> list[Beside]:
    """Whether both engines do the same work."""
    return search_speed.agreement(run.node)


def growth(run: Run) -> list[Beside]:
    """From the small node to the large one."""
    return search_speed.growth(run.node, run.small_node, **run.share)


def page(run: Run) -> list[Beside]:
    """The page through HTTP beside the engine."""
    return search_page.through_http(run.node, **run.share)


def fossil(run: Run) -> list[Beside]:
    """The page beside Fossil's."""
    return search_page.beside_fossil(run.small_node, run.small, **run.share)


def memory(run: Run) -> list[Beside]:
    """Memory of a server."""
    return search_page.memory(run.node, run.small_node)


def commits(run: Run) -> list[Beside]:
    """New replies."""
    return search_upkeep.new_replies(run.node, run.small_node)


def rebuild(run: Run) -> list[Beside]:
    """The whole index anew."""
    return search_upkeep.rebuilding(run.node, run.small_node)


def size(run: Run) -> list[Beside]:
    """How large it is."""
    return search_upkeep.sizes(run.node)


def bad(run: Run) -> list[Beside]:
    """Hostile queries beside honest ones."""
    return hostile.costs(open_node(2 * run.small))


ROWS: dict[str, tuple[str, str, Callable[[Run], list[Beside]]]] = {
    "words": ("Queries at {size:,} passages: CPU ms, p50 / p95", "FTS5", words),
    "same": ("The same work: counts at {size:,} passages", "FTS5", same),
    "growth": ("From {small:,} to {size:,} passages", "at {small:,}", growth),
    "page": ("The page at {size:,} passages, signed in, through HTTP", "engine", page),
    "fossil": ("The page at {small:,} passages beside Fossil's search of its forum", "Fossil", fossil),
    "memory": ("Memory at {size:,} passages", "at {small:,}", memory),
    "commits": ("Keeping up at {size:,} passages", "at {small:,}", commits),
    "rebuild": ("Making the index anew", "beside", rebuild),
    "bad": ("The costliest hostile queries at 2 × {small:,} passages: CPU ms", "honest, median", bad),
    "size": ("Size at {size:,} passages", "FTS5", size),
}


def main(*given: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench search")
    parser.add_argument("--rows", default="", help=f"a pattern for the names of tables: {', '.join(ROWS)}")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="fewer queries, one round")
    options = parser.parse_args(given)
    run = Run(options.size, options.small, options.quick)
    for name, (title, theirs, rows) in ROWS.items():
        if re.search(options.rows, name):
            sizes = {"size": run.size, "small": run.small}
            show_beside(title.format(**sizes), rows(run), theirs.format(**sizes))


if __name__ == "__main__":
    main()
