"""Which entities have a document, and what stands in it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.log import append
from partnernet.core.ledger.node import NodeItself
from partnernet.search.document import Document, documents, ids_in_order, is_prose
from tests.factories import actor_of, make_account, make_partner, own_node
from tests.search.cast import answer, discuss


def titles_of(session: Session, ids: Sequence[str]) -> list[str]:
    found = documents(session, ids)
    return [found[entity].title for entity in ids]


def document_of(session: Session, entry: Entry) -> Document | None:
    return documents(session, [entry.id]).get(entry.id)


def test_markup_and_mentions_are_left_out(session: Session) -> None:
    handle = actor_of(session, make_account(session, "Ruth Adeyemi")).handle
    entry = discuss(session, "Chairs", f"## Bring **forty**\n\n- ask @[{handle}] at [the hall](/x)")
    document = document_of(session, entry)
    assert document is not None
    assert document.text == "Bring forty ask at the hall"
    assert "Ruth" not in document.text + document.title


def test_prose_in_the_columns_of_a_kind_is_part_of_the_text(session: Session) -> None:
    entry = discuss(session, "Chairs", "Body.", summary="Forty of them.")
    partner = make_partner(session, "Cordage", place="Tarnby", offers="A press", art_forms=["print", "song"])
    document = document_of(session, entry)
    card = documents(session, [partner.id])[partner.id]
    assert document is not None
    assert document.text == "Body. Forty of them."
    assert card.title == "Cordage"
    assert {"Tarnby", "press", "print", "song"} <= set(card.text.split())


def test_prose_is_told_from_dates_addresses_and_references() -> None:
    fields = KINDS["partner"].fields
    assert {name for name, field in fields.items() if is_prose(field)} == set(fields) - {"website", "picture"}
    assert not is_prose(KINDS["person"].fields["partner"])


def test_what_cannot_be_opened_has_no_document(session: Session) -> None:
    node = NodeItself(own_node())
    hidden, erased, moved = (discuss(session, title) for title in ("Hidden", "Erased", "Moved"))
    verbs.delete(session, node, hidden)
    verbs.redact(session, node, erased)
    discuss(session, "Moved here", log="network", copied_from=moved.id)
    network = append(session, node, "network", "public", {"set": {"name": "Four Tides"}})
    commit(session)
    assert documents(session, [hidden.id, erased.id, moved.id, network.id]) == {}


def test_a_reply_counts_in_the_log_of_its_thread_alone(session: Session) -> None:
    node, entry = NodeItself(own_node()), discuss(session, "Chairs")
    kept = answer(session, entry, "Forty.")
    misplaced = append(session, node, "reply", "network", {"set": {"body": "Fifty."}}, root=entry.id)
    stray = append(session, node, "reply", "public", {"set": {"body": "Sixty."}}, root="a" * 51 + "q")
    commit(session)
    assert documents(session, [kept.id, misplaced.id, stray.id]).keys() == {kept.id}


def test_the_stamp_changes_with_words_and_tags_and_not_with_other_marks(session: Session) -> None:
    node, entry = NodeItself(own_node()), discuss(session, "Chairs", "Forty.")
    before = document_of(session, entry)
    other = discuss(session, "Tables")
    verbs.mark(session, node, entry, "came_from", True, other.id)
    commit(session)
    linked = document_of(session, entry)
    verbs.mark(session, node, entry, "tag", True, "halls")
    commit(session)
    tagged = document_of(session, entry)
    verbs.edit(session, node, entry, {"body": "Fifty."})
    commit(session)
    edited = document_of(session, entry)
    assert before is not None
    assert linked is not None
    assert tagged is not None
    assert edited is not None
    assert len({before.stamp, linked.stamp, tagged.stamp, edited.stamp}) == 3
    assert before.stamp == linked.stamp


def test_everything_with_a_document_is_passed_once_the_oldest_first(session: Session) -> None:
    for n in (3, 1, 2):
        discuss(session, f"Heron {n}", date=1_700_000_000_000 + n)
    found = ids_in_order(session)
    assert [title for title in titles_of(session, found) if title.startswith("Heron")] == [
        "Heron 1",
        "Heron 2",
        "Heron 3",
    ]
    assert len(found) == len(set(found))
    assert set(found) == documents(session, session.scalars(select(Entry.id)).all()).keys()
