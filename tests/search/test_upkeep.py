"""The index keeps up with the database, and equals it."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position
from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.log import append, receive
from partnernet.core.ledger.node import NodeItself
from partnernet.search import upkeep
from partnernet.search.analysis import stems
from partnernet.search.asking import Reader
from partnernet.search.document import documents
from partnernet.search.folder import REBUILD, current_folder
from tests.factories import own_node
from tests.laws.budget import NO_FAULT
from tests.search.cast import (
    NETWORK,
    STRANGER,
    answer,
    discuss,
    generation,
    ids,
    index,
    remake,
    titles,
    update,
)


def test_an_edit_is_found_by_its_new_words_alone(session: Session) -> None:
    entry = discuss(session, "One heron")
    update()
    verbs.edit(session, NodeItself(own_node()), entry, {"title": "One egret"})
    commit(session)
    update()
    assert titles(session, "heron") == []
    assert titles(session, "egret") == ["One egret"]


def test_what_was_removed_comes_back_when_that_is_undone(session: Session) -> None:
    node, entry = NodeItself(own_node()), discuss(session, "One heron")
    update()
    verbs.delete(session, node, entry)
    commit(session)
    update()
    assert titles(session, "heron") == []
    verbs.delete(session, node, entry, deleted=False)
    commit(session)
    update()
    assert titles(session, "heron") == ["One heron"]


def test_replies_are_found_by_the_title_of_their_thread_as_it_is_now(session: Session) -> None:
    node, entry = NodeItself(own_node()), discuss(session, "A press for hire")
    update()
    reply = answer(session, entry, "Ours weighs two tons.")
    other = answer(session, discuss(session, "Chairs"), "Ours are red.")
    update()
    assert ids(session, "press hire") == {entry.id, reply.id}
    verbs.edit(session, node, entry, {"title": "A kiln for hire"})
    commit(session)
    update()
    assert ids(session, "press") == set()
    assert ids(session, "kiln") == {entry.id, reply.id}
    verbs.redact(session, node, entry)
    commit(session)
    update()
    assert ids(session, "kiln") == set()
    assert generation().refresh().erased_at
    assert ids(session, "chairs") == {other.id, other.root}


def test_a_copy_takes_the_place_of_what_it_was_copied_from(session: Session) -> None:
    original = discuss(session, "One heron", log="network")
    update()
    copy = discuss(session, "One heron", copied_from=original.id)
    update()
    assert ids(session, "heron") == {copy.id}
    assert generation().refresh().documents == 1
    verbs.delete(session, NodeItself(own_node()), copy)
    commit(session)
    update()
    assert ids(session, "heron") == {original.id}


def test_replies_that_came_before_their_thread_are_found_once_it_is_here(session: Session) -> None:
    node = NodeItself(own_node())
    elsewhere = append(session, node, "discussion", "public", {"set": {"title": "Herons"}})
    reply = append(session, node, "reply", "public", {"set": {"body": "An egret."}}, root=elsewhere.id)
    ops = [op for found in ops_of(session, [elsewhere.id, reply.id]).values() for op in found]
    session.rollback()
    by_kind = {op.kind: op for op in ops}
    receive(session, [by_kind["reply"]])
    commit(session)
    update()
    assert ids(session, "egret") == set()
    receive(session, [by_kind["discussion"]])
    commit(session)
    update()
    assert ids(session, "egret") == {reply.id}


def test_reading_again_from_the_beginning_changes_nothing(session: Session) -> None:
    entry = discuss(session, "One heron")
    answer(session, entry, "Two herons")
    update()
    opened = generation()
    before = opened.refresh()
    opened.apply((), (), 1, entry.id)
    assert upkeep.advance(session, opened) > 0
    assert opened.refresh().files == before.files
    assert opened.refresh().position == last_position(session)


def test_a_history_that_is_not_the_database_s_leads_to_a_new_index(session: Session) -> None:
    discuss(session, "One heron")
    update()
    before = current_folder(index().folder)
    opened = generation()
    position = opened.refresh().position
    opened.apply((), (), position, "z" * 52)
    update()
    assert current_folder(index().folder) != before
    opened = generation()
    opened.refresh()
    opened.apply((), (), position + 5, "z" * 52)
    update()
    assert titles(session, "heron") == ["One heron"]


def test_a_new_index_stands_beside_the_old_until_it_is_whole(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    discuss(session, "One heron")
    update()
    seen = []

    def watch(done: int, total: int) -> None:
        seen.append((done, total, titles(session, "heron")))

    before = current_folder(index().folder)
    made = upkeep.rebuild(session, index().folder, own_node(), watch)
    assert seen == [(1, seen[0][1], ["One heron"])]
    assert current_folder(index().folder) == made.folder != before
    assert not before.exists()


def test_asking_for_a_new_index_is_answered_once(session: Session) -> None:
    discuss(session, "One heron")
    update()
    before = current_folder(index().folder)
    index().ask_for_rebuild()
    update()
    assert current_folder(index().folder) != before
    assert not (index().folder / REBUILD).exists()


def test_a_rebuild_in_many_batches_loses_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "BATCH_DOCUMENTS", 3)
    monkeypatch.setattr(upkeep, "PIECE", 2)
    made = {discuss(session, f"Heron {n}").id for n in range(11)}
    remake()
    assert ids(session, "heron") == made
    assert len(generation().snapshot().leaves) > 2


def test_disagreements_are_found(session: Session) -> None:
    one, two = discuss(session, "One heron"), discuss(session, "Two herons")
    update()
    opened = generation()
    assert upkeep.disagreeing(session, opened) == []
    state = opened.refresh()
    opened.apply((), [one.id], state.position, state.entity)
    assert upkeep.disagreeing(session, opened) == [one.id]
    assert two.id in ids(session, "heron")


# -- the law: search equals the database ---------------------------------------------------------------

TEXT = st.lists(st.sampled_from(["heron", "Herons", "égret", "egret", "ibis", "ibis.stork", "x9"]), max_size=6)
STEP = st.tuples(
    st.sampled_from(["create", "create", "answer", "edit", "delete", "restore", "redact", "index", "purge"]),
    st.sampled_from(["public", "network"]), TEXT, TEXT, st.integers(0, 30),
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[*NO_FAULT, HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=14))
def test_searching_equals_looking_through_the_database(app: Flask, session: Session, story: list[object]) -> None:
    made: list[str] = []
    for step in story:
        _do(session, made, *step)  # type: ignore[misc] # a step is a tuple
    update()
    for word in ("heron", "egret", "ibis", "stork", "x9"):
        for reader in (STRANGER, NETWORK):
            assert ids(session, word, reader) == set(_scan(session, word, reader)), word


def _do(session: Session, made: list[str], act: str, log: str, title: list[str], body: list[str], n: int) -> None:
    node, words = NodeItself(own_node()), " ".join(body)
    if act == "index":
        return update()
    if act == "purge":
        update()
        return generation_purged()
    if act == "create" or not made:
        made.append(discuss(session, " ".join(title) or "Untitled", words, log=log).id)
        return None
    entry = session.get_one(Entry, made[n % len(made)], populate_existing=True)
    if act == "answer" and not (entry.deleted or entry.redacted):
        made.append(answer(session, entry, words).id)
    elif act == "edit":
        verbs.edit(session, node, entry, {"body": words})
    elif act in ("delete", "restore"):
        verbs.delete(session, node, entry, deleted=act == "delete")
    elif act == "redact":
        verbs.redact(session, node, entry)
    commit(session)
    return None


def generation_purged() -> None:
    opened = generation()
    opened.refresh()
    opened.purge()


def _scan(session: Session, word: str, reader: Reader) -> Iterator[str]:
    (stem,) = stems(word)
    everything = session.scalars(select(Entry.id)).all()
    for document in documents(session, everything, reader.logs).values():
        if stem in stems(f"{document.named} {document.text}"):
            yield document.id


def test_the_state_is_plain_to_read(session: Session) -> None:
    discuss(session, "One heron")
    update()
    signed = json.loads((current_folder(index().folder) / "state.json").read_text())
    assert json.loads(signed["state"])["documents"] == 1


def test_a_rebuild_ends_where_the_server_does_and_the_old_index_stands(session: Session) -> None:
    discuss(session, "One heron")
    update()
    before = current_folder(index().folder)
    with pytest.raises(upkeep.Stopped):
        upkeep.rebuild(session, index().folder, own_node(), stopping=lambda: True)
    assert [path for path in index().folder.iterdir() if path.is_dir()] == [before]
    assert titles(session, "heron") == ["One heron"]
