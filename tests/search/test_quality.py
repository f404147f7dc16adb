"""How good the order is, on a collection that people have judged; it lies beside the checkout, not in it."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import engine
from partnernet.search.query import BATCH_WORDS, read
from tests.factories import own_node
from tests.search.cast import NETWORK, index, update

JUDGED = Path(__file__).resolve().parents[3] / "shared" / "data" / "judged" / "cranfield"
FLOOR = 0.40
"""Lucene's BM25F reaches .384 here, stock Whoosh .366."""


@pytest.mark.skipif(not JUDGED.is_dir(), reason=f"no judged collection at {JUDGED}")
def test_questions_in_whole_sentences_find_what_people_judged_relevant(session: Session) -> None:
    for document in _lines("docs.jsonl"):
        values = {"title": document["title"][:300] or "-", "body": document["text"], "source": document["id"]}
        verbs.create(session, NodeItself(own_node()), "discussion", "public", values)
    commit(session)
    update()
    relevant: dict[str, dict[str, int]] = {}
    for line in (JUDGED / "qrels.tsv").read_text().splitlines():
        query, document_id, grade = line.split("\t")
        relevant.setdefault(query, {})[document_id] = int(grade)
    figures = [_ndcg(session, asked["text"], relevant[asked["id"]]) for asked in _lines("queries.jsonl")]
    assert len(figures) == 225
    assert sum(figures) / len(figures) >= FLOOR


def _ndcg(session: Session, text: str, grades: dict[str, int]) -> float:
    query = read(text, word_limit=BATCH_WORDS)
    found = [entry.source for entry, _ in engine.find_many(session, index(), NETWORK, query, 10)]
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:10]
    return _gain([max(0, grades.get(one, 0)) for one in found]) / _gain(best)


def _gain(grades: list[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (JUDGED / name).read_text().splitlines() if line.strip()]
