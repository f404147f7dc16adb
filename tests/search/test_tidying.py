"""Merging in a real index: when it is quiet, without harm to what is found, and never in the way of new words."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position
from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import indexer as indexers
from partnernet.search import merging, upkeep
from partnernet.search.folder import current_folder
from partnernet.search.indexer import start
from tests.factories import own_node
from tests.search.cast import discuss, generation, ids, index, update
from tests.search.test_indexer import PATIENCE, _until


@pytest.fixture
def scattered(session: Session, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Entries in a segment each, one of them removed; the ids of the others."""
    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "SMALL", 0)  # no commit takes a segment along
        entries = [discuss(session, f"Heron {n}", "# Here\n\nAn egret.\n\n# There\n\nAn ibis.") for n in range(9)]
        for entry in entries:
            verbs.edit(session, NodeItself(own_node()), entry, {"body": "# Here\n\nAn egret.\n\n# There\n\nA stork."})
            commit(session)
            update()
        verbs.delete(session, NodeItself(own_node()), entries[0])
        commit(session)
        update()
    assert generation().refresh()
    assert len(generation().snapshot().leaves) > 5
    return {entry.id for entry in entries[1:]}


def test_rest_leaves_one_segment_and_the_same_answers(app: Flask, session: Session, scattered: set[str]) -> None:
    opened = generation()
    opened.refresh()
    while upkeep.tidy(opened):
        assert ids(session, "stork") == scattered
    assert len(opened.snapshot().leaves) <= 2
    assert ids(session, "heron") == ids(session, "egret") == scattered
    assert ids(session, "ibis") == set()
    assert upkeep.disagreeing(session, opened) == []


@pytest.mark.usefixtures("scattered")
def test_a_merge_that_is_interrupted_leaves_all_as_it_was() -> None:
    opened = generation()
    before = opened.refresh()
    looks = iter([False, False, True])
    assert opened.merge(lambda sizes: list(range(len(sizes))), lambda: next(looks))
    assert opened.refresh() == before
    folder = current_folder(index().folder)
    assert {path.name for path in folder.iterdir()} == {*before.files, "state.json"}
    assert upkeep.tidy(opened)


def test_the_indexer_tidies_up_when_nothing_is_written(
    app: Flask, session: Session, scattered: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexers, "QUIET", 0.0)
    monkeypatch.setattr(indexers, "POLL", 0.02)
    running = start(app)
    _until(lambda: len(generation().snapshot().leaves) <= 2)
    heron = discuss(session, "A stork")
    assert index().wait_for(last_position(session), PATIENCE)
    running.stop()
    assert ids(session, "stork") == scattered | {heron.id}


def test_too_many_segments_wait_for_no_quiet(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "SMALL", 0)
    monkeypatch.setattr(upkeep, "MOST", 4)
    monkeypatch.setattr(merging, "MOST", 4)
    monkeypatch.setattr(merging, "ENOUGH", 2)
    made = set()
    for n in range(8):
        made.add(discuss(session, f"Heron {n}").id)
        update()
        assert len(generation().snapshot().leaves) <= 4
    assert ids(session, "heron") == made
