"""How good the order is, on collections that people have judged and on our own questions.

The collections lie beside the checkout, not in it. All figures: `python -m bench quality`.
"""

import json
from pathlib import Path
from statistics import mean

import pytest
from sqlalchemy.orm import Session

from bench.quality_scores import gain, grades, lines, right_within
from partnernet.core.ledger.node import NodeItself
from partnernet.core.policy import NETWORK
from partnernet.load import enclosures, jsonl, mail, mbox, notes, writer
from partnernet.load.report import Report
from partnernet.search import engine
from partnernet.search.query import BATCH_WORDS, read
from tests.factories import own_node
from tests.search.cast import NETWORK as EVERYTHING
from tests.search.cast import index, search, update

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
JUDGED = SHARED / "judged"
QUESTIONS = ROOT / "bench" / "questions.jsonl"

here = pytest.mark.skipif(not JUDGED.is_dir(), reason=f"no judged collections at {JUDGED}")


@here
@pytest.mark.parametrize(("name", "step"), [("cranfield", 3), ("cacm", 1), ("stackfaq-a", 7)])
def test_a_judged_collection_is_searched_at_least_as_well_as_lucene_does(
    session: Session, name: str, step: int
) -> None:
    """One query in `step` is asked."""
    _load(session, lines_of=JUDGED / name / "docs.jsonl")
    judged = grades(JUDGED / name / "qrels.tsv")
    lucene = json.loads((JUDGED / "baselines" / "lucene_bm25f_full.json").read_text())[name]["ndcg10"]
    reached = {}
    for asked in lines(JUDGED / name / "queries.jsonl")[::step]:
        if asked["id"] in lucene:
            query = read(asked["text"], word_limit=BATCH_WORDS)
            found = [entry.source for entry, _ in engine.find_many(session, index(), EVERYTHING, query, 10)]
            assert found
            reached[asked["id"]] = gain(found, judged[asked["id"]])
    assert len(reached) >= 50
    assert mean(reached.values()) >= mean(lucene[asked] for asked in reached)


@here
def test_our_own_questions_are_answered_among_the_first_three(session: Session) -> None:
    _load(
        session, folder=SHARED / "committee-minutes-md", lines_of=SHARED / "iiif-network-news" / "docs.jsonl",
        archive=SHARED / "discussions-usenet" / "archive.mbox",
    )  # fmt: skip
    asked = lines(QUESTIONS)
    assert len(asked) == 50
    missed = []
    for question in asked:
        hits = search(session, question["text"], limit=3).hits
        led = [(hit.entry.source, hit.passage.anchor) for hit in hits]
        if right_within(led, question["right"]) is None:
            missed.append(question["text"])
    assert len(missed) <= 0.05 * len(asked), missed


def _load(session: Session, *, lines_of: Path, folder: Path | None = None, archive: Path | None = None) -> None:
    """Bring a collection in as `partnernet load` does, and index it."""
    report, by = Report(), NodeItself(own_node())
    found = [jsonl.read([lines_of], report)]
    if folder is not None:
        found.append(notes.read(notes.find([folder], report), report))
    if archive is not None:
        found.append(mail.read(mail.survey(mbox.find([archive], report), report, lambda _: ()), report))
    for documents in found:
        writer.bring_in(session, documents, NETWORK, report, by=by, keep=enclosures.keep)
    update()
