"""Search at 10,000 passages, written down for the record: CPU per query, and how fast the index is made."""

import random
import statistics
import time

from flask import Flask

from bench.corpus import words
from bench.nodes import node_of
from bench.table import Row, show
from partnernet import create_app
from partnernet.core.db import db
from partnernet.search import engine
from partnernet.search.engine import Reader
from partnernet.search.indexer import rebuild_now
from partnernet.search.query import read

QUERIES = 40
KINDS_OF_QUERY = {
    "a rare word": (1, 2_000, 8_000),
    "a common word": (1, 0, 5),
    "three words, any of them": (3, 20, 400),
    "a sentence of eight words": (8, 5, 2_000),
}
"""How many words, and from which ranks of the vocabulary they are drawn."""


def main(size: int = 10_000) -> None:
    """Print the table."""
    draw, vocabulary = random.Random(7), words()
    with node_of(size) as (data, _):
        app = create_app({"DATA": data})
        began = time.process_time()
        rebuild_now(app)
        made = time.process_time() - began
        rows = [Row("making the index, entries per CPU second", size / made, 1.0, "written down")]
        with app.app_context():
            for name, (count, first, last) in KINDS_OF_QUERY.items():
                asked = [" ".join(draw.sample(vocabulary[first:last], count)) for _ in range(QUERIES)]
                taken = [milliseconds(app, query) for query in asked]
                slowest = sorted(taken)[int(0.95 * len(taken))]
                rows.append(Row(f"{name}, CPU ms: p50, then p95", statistics.median(taken), slowest, "written down"))
            db.engine.dispose()
    show(f"Search at {size:,} entries and replies", rows)


def milliseconds(app: Flask, query: str) -> float:
    """The CPU time of one search as the page makes it: ranked, counted, with facets and snippets."""
    index = app.extensions["partnernet.search"]
    began = time.process_time()
    found = engine.search(db.session(), index, Reader.network(), read(query))
    for hit in found.hits:
        str(hit.snippet)
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
