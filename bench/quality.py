"""How good the order is: three judged collections beside Lucene's figures, and fifty questions of our own.

    python -m bench quality

What is asked goes the way of `partnernet search --batch`, over nodes that `partnernet load` has filled;
how it is counted is what the collections' own measure does. All of it lies beside the checkout, not in it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from flask import Flask

from bench.quality_nodes import COLLECTIONS, JUDGED, SHARED, opened
from bench.quality_scores import gain, grades, lines, right_within
from bench.table import Mark, judge
from partnernet.core.db import db
from partnernet.search import engine
from partnernet.search.asking import Reader
from partnernet.search.query import BATCH_WORDS, read

DEPTH, RIGHT_WITHIN = 10, 3
QUESTIONS = Path(__file__).with_name("questions.jsonl")
VARIANTS = {
    "full": "queries.jsonl",
    "short": "queries_short.jsonl",
    "typo": "queries_typo.jsonl",
    "shorttypo": "queries_short_typo.jsonl",
}
CLEAN = {"typo": "full", "shorttypo": "short"}


@dataclass(frozen=True)
class Measured:
    """One collection asked in one way: nDCG@10 of each query, and how many found nothing."""

    scores: Mapping[str, float]
    empty: int

    @property
    def mean(self) -> float:
        return mean(self.scores.values())

    def ratio(self, baseline: Mapping[str, float]) -> float:
        """This mean over another engine's, on the queries that both were asked."""
        common = [query for query in self.scores if query in baseline]
        return mean(self.scores[query] for query in common) / mean(baseline[query] for query in common)


def main() -> None:
    """Print the tables."""
    if not SHARED.is_dir():
        print(f"Not measured: there are no collections at {SHARED}.")
        return
    found = {name: collection(name) for name in COLLECTIONS}
    show_collections(found)
    judge("How good the order is", [*marks(found), questions_mark()])


def collection(name: str) -> dict[str, Measured]:
    """All ways of asking one judged collection."""
    with opened(name) as app:
        return {variant: asked(app, name, variant) for variant in VARIANTS}


def asked(app: Flask, name: str, variant: str) -> Measured:
    """One collection asked in one way."""
    judged, scores, empty = grades(JUDGED / name / "qrels.tsv"), {}, 0
    for query in lines(JUDGED / name / VARIANTS[variant]):
        relevant = judged.get(str(query["id"]), {})
        if any(grade > 0 for grade in relevant.values()):
            sources = [entry.source for entry in answer(app, query["text"])]
            scores[str(query["id"])] = gain(sources, relevant)
            empty += not sources
    return Measured(scores, empty)


def answer(app: Flask, text: str) -> list[Any]:
    """The entries that a batch finds, best first."""
    index = app.extensions["partnernet.search"]
    query = read(text, word_limit=BATCH_WORDS)
    found = engine.find_many(db.session(), index, Reader.network(), query, DEPTH)
    db.session().rollback()
    return [entry for entry, _ in found]


def show_collections(found: Mapping[str, Mapping[str, Measured]]) -> None:
    """Print every figure, beside Lucene's."""
    print("\n### nDCG@10 on the judged collections\n")
    print("| collection | variant | nDCG@10 | beside Lucene | kept of the clean figure | nothing found |")
    print("|---|---|---|---|---|---|")
    for name, variants in found.items():
        for variant, measured in variants.items():
            lucene = baseline(variant).get(name)
            ratio = f"{measured.ratio(lucene):.3f}" if lucene else ""
            kept = f"{measured.mean / variants[CLEAN[variant]].mean:.1%}" if variant in CLEAN else ""
            print(f"| {name} | {variant} | {measured.mean:.4f} | {ratio} | {kept} | {measured.empty} |")
    print(flush=True)


def marks(found: Mapping[str, Mapping[str, Measured]]) -> list[Mark]:
    """What must be reached on the judged collections."""
    ratios = {
        variant: {name: variants[variant].ratio(baseline(variant)[name]) for name, variants in found.items()}
        for variant in ("full", "short")
    }
    kept = {
        variant: mean(variants[variant].mean for variants in found.values())
        / mean(variants[clean].mean for variants in found.values())
        for variant, clean in CLEAN.items()
    }
    empty = sum(measured.empty for variants in found.values() for measured in variants.values())
    return [
        *(Mark(f"{name}, beside Lucene", ratio, "≥ 1.00", ratio >= 1) for name, ratio in ratios["full"].items()),
        Mark("mean of the three", mean(ratios["full"].values()), "≥ 1.03", mean(ratios["full"].values()) >= 1.03),
        Mark("short queries, mean", mean(ratios["short"].values()), "≥ 1.00", mean(ratios["short"].values()) >= 1),
        *(
            Mark(f"one wrong letter ({CLEAN[name]}), share kept", kept[name], "≥ 0.98", kept[name] >= 0.98)
            for name in CLEAN
        ),
        Mark("judged queries without a result", empty, "0", empty == 0),
    ]


def questions_mark() -> Mark:
    """The share of our own questions with a right passage among the first three."""
    asked = lines(QUESTIONS)
    found = places_of_right(asked)
    for question, place in zip(asked, found, strict=True):
        if place is None:
            print(f"not among the first {RIGHT_WITHIN}: {question['id']} {question['text']}")
    share = sum(place is not None for place in found) / len(asked)
    return Mark(f"our questions, right among the first {RIGHT_WITHIN}", share, "≥ 0.95", share >= 0.95)


def places_of_right(asked: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """For each question the place of its first right answer among the first three, from 1.

    Right is a hit that leads to the section in which the answer stands, where the question names one.
    """
    with opened("questions") as app:
        return [right_within(led_to(app, one["text"]), one["right"]) for one in asked]


def led_to(app: Flask, text: str) -> list[tuple[str, str]]:
    """To which entries and sections the first hits lead, as the page would show them."""
    index = app.extensions["partnernet.search"]
    found = engine.search(db.session(), index, Reader.network(), read(text), limit=RIGHT_WITHIN)
    led = [(hit.entry.source, hit.passage.anchor) for hit in found.hits]
    db.session().rollback()
    return led


def baseline(variant: str) -> dict[str, dict[str, float]]:
    """What Lucene reached, by collection and query."""
    figures = json.loads((JUDGED / "baselines" / f"lucene_bm25f_{variant}.json").read_text())
    return {name: one["ndcg10"] for name, one in figures.items()}


if __name__ == "__main__":
    main()
