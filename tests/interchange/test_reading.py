"""What is read on the way out: through the policy, with names, and never what is nobody's business."""

from dataclasses import replace
from pathlib import Path

import pytest

from partnernet.core.db import commit, db, write
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.log import append
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.core.policy import STEWARD
from partnernet.entries.model import Draft, move
from partnernet.interchange.choice import some_member
from tests.factories import own_node
from tests.interchange.conftest import Node
from tests.interchange.told import entity

FORMS = ("markdown", "csv", "mbox")


def bytes_of(path: Path) -> bytes:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return b"\n".join(file.name.encode() + b"\n" + file.read_bytes() for file in files if file.is_file())


@pytest.fixture
def secrets(hall: Node) -> list[str]:
    """Words that may stand in no file: a draft's, what waits in quarantine, what was removed or erased."""
    with hall.app.app_context():
        session = db.session()
        write(session)
        session.add(Draft(account=1, form="new-idea", values='{"body": "canary draft"}', saved=0))
        session.add(KnownNode(key=entity(9), admitted=False, since=0))
        session.add(Quarantined(id=entity(8), node=entity(9), line=b"canary quarantine", since=0))
        hidden = {"title": "canary circle", "body": "x"}
        verbs.create(session, NodeItself(own_node()), "note", f"circle:{entity(7)}", hidden)
        commit(session)
    return ["canary", "secret.example", "argon2"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("options", [(), ("--public",)])
def test_nothing_private_is_written(hall: Node, secrets: list[str], form: str, options: tuple[str, ...]) -> None:
    content = bytes_of(hall.write_out(form, "out", *options))
    assert b"It is open." in content
    assert not [secret for secret in secrets if secret.encode() in content]


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_gets_what_is_public_and_no_name_of_the_network(hall: Node, form: str) -> None:
    content = bytes_of(hall.write_out(form, "out", "--public"))
    assert b"The Corn Hall" in content
    for hidden in (b"Josie", b"hall need", b"kettle", b"A van", b"Calder"):
        assert hidden not in content


def test_mentions_are_names(hall: Node) -> None:
    with hall.app.app_context():
        reading = hall.reading()
        first, second = reading.replies(hall.made["talk"])
        assert first.body == "Ask Josie Calder.\n\nFrom here on: a kettle."
        assert (first.author, second.parent) == ("Wren Achebe", first.id)
        db.session.rollback()


def test_kinds_and_a_period_can_be_chosen(hall: Node) -> None:
    with hall.app.app_context():
        assert [text.title for text in hall.reading(kinds=("idea",)).entries()] == ["A van for all: yes?"]
        (idea,) = hall.reading(kinds=("idea",)).entries()
        assert [text.id for text in hall.reading(first=idea.when, end=idea.when + 1).entries()] == [idea.id]
        assert list(hall.reading(end=1).entries()) == []
        db.session.rollback()


def test_what_an_entry_came_from_is_told_to_those_who_may_see_it(hall: Node) -> None:
    with hall.app.app_context():
        (idea,) = hall.reading(kinds=("idea",)).entries()
        assert [(origin.title, origin.kind) for origin in idea.came_from] == [("What does a hall need?", "discussion")]
        session = db.session()
        verbs.delete(session, NodeItself(own_node()), session.get_one(Entry, hall.made["talk"]))
        commit(session)
        (idea,) = hall.reading(kinds=("idea",)).entries()
        assert not idea.came_from
        db.session.rollback()


def test_no_reply_stands_before_what_it_answers(hall: Node) -> None:
    with hall.app.app_context():
        session, by = db.session(), NodeItself(own_node())
        root = verbs.create(session, by, "discussion", "network", {"title": "Clocks", "body": "What time is it?"}).id
        above, dates = None, [500, 400, 450, 100]
        for date in dates:
            values = {"body": f"said at {date}", "date": date}
            more = {"re": above} if above else {}
            above = append(session, by, "reply", "network", {"set": values}, root=root, **more).id
        commit(session)
        found = [reply.when for reply in hall.reading().replies(root)]
        assert found == dates
        db.session.rollback()


def test_replies_stay_with_what_was_opened_to_everybody(hall: Node) -> None:
    with hall.app.app_context():
        session = db.session()
        talk = session.get_one(Entry, hall.made["talk"])
        josie = replace(some_member(own_node()), role=STEWARD, handle=hall.made["josie"])
        copy = move(session, talk, "public", by=josie)
        commit(session)
        (text,) = hall.reading(kinds=("discussion",)).entries()
        assert text.id == copy.id and text.log == "public"
        first, second = hall.reading().replies(copy.id)
        assert (first.root, second.root, second.parent) == (copy.id, copy.id, first.id)
        assert list(hall.reading().answered()) == [copy.id]
        assert list(hall.reading(reader=None).replies(copy.id)) == []
        db.session.rollback()
