"""What is read past Whoosh's own doors, held against what stock Whoosh answers."""

import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from whoosh import fields, query, scoring
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import FileStorage

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import whoosh_fast
from partnernet.search.analysis import stem_of, stems
from partnernet.search.document import documents
from partnernet.search.interface import Wanted
from partnernet.search.occurrences import TITLE_WEIGHT
from partnernet.search.snapshot import K1, B
from partnernet.search.whoosh_fast import TEXT, WORD
from tests.factories import own_node
from tests.search.cast import NETWORK, discuss, generation, ids, index, remake, search, update

WORDS = ["harbour", "chair", "piano", "lantern", "press", "heron", "vase", "window", "choir", "pier", "song", "map"]


class LuceneIdfBM25(scoring.BM25F):  # type: ignore[misc] # Whoosh has no types
    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        parent = searcher.get_parent()
        n, total = parent.doc_frequency(fieldname, text), parent.doc_count_all()
        return math.log(1 + (total - n + 0.5) / (n + 0.5))


@pytest.fixture
def corpus(session: Session) -> list[str]:
    """Two hundred entries of random words, in several segments, a few of them removed."""
    draw = random.Random(7)
    entries = []
    for n in range(200):
        title = " ".join(draw.choices(WORDS, k=3))
        entries.append(discuss(session, title, " ".join(draw.choices(WORDS, k=draw.randint(0, 60)))))
        if n in (120, 160):
            update()
    update()
    return [entry.id for entry in entries]


def stock(folder: Path, session: Session, corpus: list[str]) -> Any:
    """The same entries in an index of stock Whoosh, with the title three times in the text."""
    folder.mkdir()
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer())
    made = FileStorage(str(folder)).create_index(fields.Schema(id=fields.ID(stored=True), text=text))
    writer = made.writer()
    for document in documents(session, corpus).values():
        text = stems(document.title) * TITLE_WEIGHT + stems(document.text)
        writer.add_document(id=document.id, text=" ".join(text))
    writer.commit()
    return made.searcher(weighting=LuceneIdfBM25(B=B, K1=K1))


def test_scores_equal_those_of_stock_whoosh(session: Session, corpus: list[str], tmp_path: Path) -> None:
    remake()  # merging rounds the lengths of texts, in stock Whoosh as well
    draw = random.Random(11)
    with stock(tmp_path / "stock", session, corpus) as searcher:
        for _ in range(30):
            asked = Counter(draw.choices(WORDS, k=draw.randint(1, 6)))
            either = query.Or([query.Term("text", stem_of(word), boost=float(n)) for word, n in asked.items()])
            expected = {hit["id"]: hit.score for hit in searcher.search(either, limit=None)}
            found = index().find(Wanted(asked, limit=1_000))
            assert found.count == len(expected)
            assert {place.entity: place.score for place in found.places} == pytest.approx(expected, rel=1e-5)
            best = [place.score for place in found.places]
            assert best == sorted(best, reverse=True)


def test_phrases_equal_those_of_stock_whoosh(session: Session, corpus: list[str], tmp_path: Path) -> None:
    draw = random.Random(13)
    texts = {document.id: document for document in documents(session, corpus).values()}
    with stock(tmp_path / "stock", session, corpus) as searcher:
        for _ in range(30):
            asked = draw.sample(WORDS, k=draw.randint(2, 3))
            phrase = [stem_of(word) for word in asked]
            hits = searcher.search(query.Phrase("text", phrase), limit=None)
            expected = {hit["id"] for hit in hits if not _joins(texts[hit["id"]], phrase)}
            found = index().find(Wanted(Counter(asked), [asked], limit=1_000))
            assert {place.entity for place in found.places} == expected


def _joins(document: Any, phrase: list[str]) -> bool:
    """Whether a phrase stands only where stock's copies of the title meet each other or the text."""
    parts = (stems(document.title), stems(document.text))
    return not any(part[at : at + len(phrase)] == phrase for part in parts for at in range(len(part) - len(phrase) + 1))


def test_removed_documents_are_not_found_though_their_segment_stands(session: Session, corpus: list[str]) -> None:
    before = ids(session, "heron")
    gone = sorted(before)[:10]
    for entity in gone:
        verbs.delete(session, NodeItself(own_node()), search(session, f"in:{entity}").hits[0].entry)
        commit(session)
    update()
    assert any(leaf.reader.deleted_docs_set for leaf in generation().snapshot().leaves)
    assert ids(session, "heron", NETWORK) == before - set(gone)


def test_segments_are_read_in_place(session: Session, corpus: list[str]) -> None:
    from whoosh.filedb.structfile import BufferFile

    for leaf in generation().snapshot().leaves:
        postings = leaf.reader._terms._postfile
        assert isinstance(postings, BufferFile)
        assert isinstance(postings._buf, memoryview)
        assert not hasattr(postings.file, "getbuffer"), "a copy of the whole"


def test_columns_hold_what_was_written(session: Session, corpus: list[str]) -> None:
    written = {entity: document.stamp for entity, document in documents(session, corpus).items()}
    from partnernet.core.ledger.canonical import to_base32

    assert {to_base32(raw): stamp for raw, stamp in generation().snapshot().stamps().items()} == written


def test_words_in_one_piece_are_the_terms_one_by_one(session: Session, corpus: list[str]) -> None:
    for leaf in generation().snapshot().leaves:
        for field in (WORD, TEXT, "nothing"):
            text, starts, frequencies = whoosh_fast.words(leaf.reader, field)
            terms = text[1:].decode().split("\n")[:-1]
            assert list(zip(terms, frequencies, strict=True)) == list(whoosh_fast.vocabulary(leaf.reader, field))
            assert [text[start : text.index(b"\n", start)].decode() for start in starts] == terms
            assert bool(terms) == (field != "nothing")
