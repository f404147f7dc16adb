"""Queries by class: CPU beside SQLite's FTS5 in turn, and how it grows with the number of passages."""

import statistics
from collections.abc import Sequence

from bench.search_node import SearchNode, cpu_of_fts5
from bench.search_queries import Asked, Queries
from bench.table import Beside

ROUNDS, QUERIES, WARM = 3, 80, 12

CLASSES = {
    "one word": ("mixed", "≤ 1.0 × FTS5", 1.0),
    "one word, rare": ("rare", "", None),
    "one word, middling": ("middling", "", None),
    "one word, common": ("common", "", None),
    "2 to 5 words, any of them": ("any", "≤ 1.5 × FTS5", 1.5),
    "three words, all of them": ("all", "≤ 10 × FTS5", 10.0),
    "a phrase": ("phrase", "≤ 16 × FTS5", 16.0),
}
"""By name: the class of queries, and what must be reached."""


def classes(node: SearchNode, rounds: int = ROUNDS, queries: int = QUERIES) -> list[Beside]:
    """Each class in turn with FTS5, every query asked once by each; the ratio is the median of the rounds."""
    drawn = Queries(node.fts5)
    return [
        _beside(f"{name}, CPU ms", node, drawn, given, target, most, rounds, queries)
        for name, (given, target, most) in CLASSES.items()
    ]


def _beside(
    name: str, node: SearchNode, drawn: Queries, given: str, target: str, most: float | None, rounds: int, queries: int
) -> Beside:
    for asked in drawn.some(given, WARM, seed=0):
        _in_turn(node, asked, first=True)
    ours: list[float] = []
    theirs: list[float] = []
    ratios = []
    for round_ in range(1, rounds + 1):
        taken = [_in_turn(node, asked, n % 2 == 0) for n, asked in enumerate(drawn.some(given, queries, round_))]
        ratios.append(p95([our for our, _ in taken]) / p95([their for _, their in taken]))
        ours += [our for our, _ in taken]
        theirs += [their for _, their in taken]
    return Beside(name, both(ours), both(theirs), statistics.median(ratios), target, most)


def _in_turn(node: SearchNode, asked: Asked, first: bool) -> tuple[float, float]:
    if first:
        ours = node.cpu(asked.text, asked.all_words)
        return ours, cpu_of_fts5(node.fts5, asked.match)
    theirs = cpu_of_fts5(node.fts5, asked.match)
    return node.cpu(asked.text, asked.all_words), theirs


def agreement(node: SearchNode, queries: int = 30) -> list[Beside]:
    """Whether both do the same work: the share of queries where the counts lie within a tenth."""
    drawn = Queries(node.fts5)
    rows = []
    for name, (given, _, _) in CLASSES.items():
        near = []
        for asked in drawn.some(given, queries, seed=9):
            ours, theirs = node.search(asked.text, all_words=asked.all_words), node.fts5.search(asked.match, 10)
            near.append(ours.is_capped or abs(ours.count - theirs.count) <= max(1, theirs.count / 10))
        rows.append(Beside(f"{name}: counts within a tenth (or capped)", f"{sum(near)} of {len(near)}"))
    return rows


def growth(node: SearchNode, small: SearchNode, rounds: int = ROUNDS, queries: int = QUERIES) -> list[Beside]:
    """The same rare words at both sizes, and the word that is in a quarter of all passages."""
    drawn = Queries(node.fts5)
    ratios, here, there = [], [], []
    for round_ in range(rounds + 1):
        taken = [(node.cpu(asked.text), small.cpu(asked.text)) for asked in drawn.some("rare", queries, round_)]
        if not round_:
            continue  # the first warms both
        ratios.append(p95([one for one, _ in taken]) / p95([other for _, other in taken]))
        here += [one for one, _ in taken]
        there += [other for _, other in taken]
    rare = Beside("a rare word, CPU ms, against 10,000", both(here), both(there), statistics.median(ratios),
                  "≤ 2 × 10,000", 2.0)  # fmt: skip
    found = node.search(drawn.quarter)
    exact = node.fts5.search(f'"{drawn.quarter}"', 10).count
    said = f"{found.count:,}+" if found.is_capped else f"{found.count:,}"
    return [rare, Beside("a word in a quarter of all passages, count shown", said, f"{exact:,}", None, "20,000+",
                         is_met=found.is_capped)]  # fmt: skip


def p95(values: Sequence[float]) -> float:
    """The value that one in twenty exceeds."""
    return sorted(values)[int(0.95 * len(values))]


def both(values: Sequence[float]) -> str:
    """The median and the 95th percentile."""
    return f"{statistics.median(values):.3g} / {p95(values):.3g}"
