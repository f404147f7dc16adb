"""Words travel: to other servers, where anybody may change them, and through programs that do not know them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from partnernet.core.db import commit, write
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.newly_known import show_newly_known
from partnernet.core.ledger.verify import verify
from partnernet.core.policy import visible_in
from partnernet.glossary.model import TERM, Term, groups
from tests.exchange.places import Place, Somebody

WORDS: dict[str, Any] = {"title": "CPD", "also": ["training"], "body": "Getting better at it.", "said_by": "artists"}


def add(place: Place, by: Somebody, log: str = "network", **values: Any) -> str:
    op = verbs.create(place.session, by, TERM.name, log, WORDS | values)
    commit(place.session)
    return op.id


def term(place: Place, entity: str) -> Term:
    place.session.expire_all()
    return place.session.get_one(Term, entity)


@pytest.mark.parametrize("form", [".pn.zip", ".pn.json", ".pn.jsonl"])
def test_a_word_arrives_and_is_changed_there_by_anybody(place: Callable[[str], Place], form: str) -> None:
    hall, barge = place("hall"), place("barge")
    word = add(hall, hall.person("Josie Calder"))
    barge.take(hall.export(f"out{form}"))
    assert (barge.entry(word).title, term(barge, word).also, term(barge, word).said_by) == (
        "CPD",
        ["training"],
        "artists",
    )
    barge.edit(barge.person("Wren Achebe"), word, also=["training", "learning"])
    hall.take(barge.export(f"back{form}"))
    assert term(hall, word).also == ["training", "learning"]
    assert verify(hall.session, hall.node.id) == verify(barge.session, barge.node.id) == []


def test_only_its_own_server_removes_a_word(place: Callable[[str], Place]) -> None:
    hall, barge = place("hall"), place("barge")
    word = add(hall, hall.person("Josie Calder"))
    barge.take(hall.export("out.pn.zip"))
    verbs.delete(barge.session, barge.person("Wren Achebe"), barge.entry(word))
    commit(barge.session)
    hall.take(barge.export("back.pn.zip"))
    assert not hall.entry(word).deleted and not barge.entry(word).deleted


def test_a_program_that_knows_no_words_passes_them_on_and_a_newer_one_shows_them(
    place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, old, barge = place("hall"), place("old"), place("barge")
    word = add(hall, hall.person("Josie Calder"))
    hall.edit(hall.person("Wren Achebe"), word, also=["learning"])
    out = hall.export("out.pn.zip")
    with monkeypatch.context() as without:
        without.delitem(KINDS, TERM.name)
        old.take(out)
        assert old.find(word) is None and not old.session.scalars(select(Term)).all()
        passed_on = old.export("on.pn.zip")
    barge.take(passed_on)
    assert term(barge, word).also == ["learning"]
    write(old.session)
    assert show_newly_known(old.session) == 1
    commit(old.session)
    assert (old.entry(word).title, term(old, word).also) == ("CPD", ["learning"])
    assert verify(old.session, old.node.id) == []
    write(old.session)
    assert show_newly_known(old.session) == 0
    old.session.rollback()


@pytest.mark.parametrize(
    "wrong",
    [
        {"also": "training"}, {"also": ["x"] * 13}, {"also": ["x" * 101]}, {"also": ["a\nb"]}, {"also": [3]},
        {"also": [" "]}, {"said_by": ["x"]}, {"said_by": "x" * 101}, {"title": "x" * 101}, {"body": "x" * 4_001},
    ],
)  # fmt: skip
def test_what_is_no_word_is_kept_and_not_shown(place: Callable[[str], Place], wrong: dict[str, Any]) -> None:
    hall = place("hall")
    op = hall.append(hall.person("Josie Calder"), TERM.name, {"set": WORDS | wrong})
    entry, side = hall.entry(op.id), term(hall, op.id)
    shown = {"title": entry.title, "body": entry.body, "also": side.also, "said_by": side.said_by}
    name = next(iter(wrong))
    assert shown == WORDS | {name: [] if name == "also" else ""}


def test_the_groups_hold_each_word_once_and_what_stands_alone_is_no_group(place: Callable[[str], Place]) -> None:
    hall = place("hall")
    josie = hall.person("Josie Calder")
    add(hall, josie, also=["cpd", "Training", "training", "learning"])
    add(hall, josie, title="Alone", also=["alone"])
    add(hall, josie, "public", title="BSL", also=["British Sign Language"])
    removed = add(hall, josie, title="Gone", also=["away"])
    verbs.delete(hall.session, josie, hall.entry(removed))
    commit(hall.session)
    everything, public = (visible_in(logs) for logs in (["public", "network"], ["public"]))
    assert sorted(groups(hall.session, everything)) == [
        ["BSL", "British Sign Language"], ["CPD", "Training", "learning"],
    ]  # fmt: skip
    assert groups(hall.session, public) == [["BSL", "British Sign Language"]]
