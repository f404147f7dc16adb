"""What hostile queries cost beside honest ones: none may cost more than five times the median honest one."""

import statistics
from collections.abc import Iterator
from itertools import cycle, islice

from bench.search_node import SearchNode
from bench.search_queries import Queries
from bench.table import Beside
from partnernet.search.query import LENGTH_LIMIT
from tests.search.nasty import NASTY

HONEST = ("rare", "middling", "common", "any", "all", "phrase")
EACH, ROUNDS = 15, 5
MOST = 5.0
SHOWN = 12


def costs(node: SearchNode) -> list[Beside]:
    """The costliest hostile queries beside the median honest one, in CPU milliseconds."""
    queries = Queries(node.fts5)
    honest = [query.text for name in HONEST for query in queries.some(name, EACH)]
    node.cpu(honest[0])
    median = statistics.median(_cost(node, text) for text in honest)
    found = sorted(((_cost(node, text), name) for name, text in hostile(queries)), reverse=True)
    return [
        Beside(name, f"{cost:.1f}", f"{median:.1f}", cost / median, f"≤ {MOST:g} × honest" if not n else "", MOST)
        for n, (cost, name) in enumerate(found[:SHOWN])
    ]


def hostile(queries: Queries) -> Iterator[tuple[str, str]]:
    """Queries with a name each: those of the tests, and those that are made of the node's own words to cost much."""
    for number, text in enumerate(NASTY):
        yield f"{number}: {text[:40]!a}", text
    common = list(dict.fromkeys(query.text for query in queries.some("common", 200)))
    expressions = [query.text for query in queries.some("phrase", 60)]
    most = queries.quarter
    yield "32 of the commonest words", " ".join(common[:32])
    yield "200 of the commonest words", " ".join(common[:200])
    yield "one common word, as often as fits", " ".join(islice(cycle([most]), LENGTH_LIMIT // (len(most) + 1)))
    yield "12 phrases", " ".join(expressions[:12])
    yield "12 phrases of common words", " ".join(f'"{one} {other}"' for one, other in _pairs(common, 12))
    yield "500 phrases of common words", " ".join(f'"{one} {other}"' for one, other in _pairs(common, 500))
    yield "a phrase of 200 common words", f'"{" ".join(islice(cycle(common), 200))}"'
    yield "a phrase that says one word 300 times", f'"{" ".join([most] * 300)}"'
    yield "12 exclusions alone", " ".join(f"-{word}" for word in common[:12])
    yield "12 excluded phrases alone", " ".join(f"-{text}" for text in expressions[:12])
    yield "one exclusion of what is nowhere", "-zyxomma"
    yield "a common word without 11 others", f"{most} {' '.join(f'-{word}' for word in common[:11])}"
    for filters in ("kind:reply", "in:network", "-in:public", "by:a", "-by:a", "partner:a", "after:1990", "before:2100",
                    "after:1990 before:2100", "-kind:news", "tag:a", "-tag:a", "-stage:discover", "year:2021",
                    "by:a by:e by:i by:o by:u -by:x -by:y partner:a partner:e -partner:q in:network"):  # fmt: skip
        yield f"alone: {filters}", filters
        yield f"with a common word: {filters}", f"{most} {filters}"
    yield "everything at once", f"{' '.join(common[:30])} {expressions[0]} -{common[40]} by:a in:network after:1990"


def _pairs(words: list[str], count: int) -> list[tuple[str, str]]:
    return list(islice(zip(cycle(words), islice(cycle(words), 7, None), strict=False), count))


def _cost(node: SearchNode, text: str) -> float:
    return min(node.cpu(text) for _ in range(ROUNDS))
