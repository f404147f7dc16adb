"""A server that was restored on a fresh machine asks others what was erased before it shows anything."""

import pytest

from partnernet.core.db import db
from partnernet.core.errors import Refused
from partnernet.core.ledger import state
from partnernet.core.policy import STEWARD
from partnernet.nodes.card import Card
from partnernet.sync.asking import NOBODY, ask_first
from tests.sync.stations import Station, browser

Pair = tuple[Station, Station]


@pytest.fixture
def must(pair: Pair) -> Pair:
    """Two servers, of which the first has to ask."""
    hall, _barge = pair

    def forget() -> None:
        found = state._state(hall.folder, hall.node)
        state.replace(found, ask_first=True).write(hall.folder)

    hall.inside(forget)
    assert state.must_ask_first(hall.folder, hall.node)
    return pair


def ask(hall: Station, **more: bool) -> str:
    return hall.inside(lambda: ask_first(hall.app, **more))


def test_it_asks_once_and_hears_what_was_erased(must: Pair) -> None:
    hall, barge = must
    erased = barge.write(josie := barge.person(), "A secret", body="The canary sings.")
    barge.redact(josie, erased.id)
    assert ask(hall) == ""
    assert barge.ids() <= hall.ids()
    assert not state.must_ask_first(hall.folder, hall.node)
    barge.write(josie, "Said later")
    assert ask(hall) == "" and not barge.ids() <= hall.ids()


def test_where_nobody_answers_it_does_not_begin_unless_somebody_says_so(must: Pair) -> None:
    hall, barge = must
    hall.know(barge, address="http://127.0.0.1:1")
    with pytest.raises(Refused, match="without-asking"):
        ask(hall)
    assert state.must_ask_first(hall.folder, hall.node)
    assert ask(hall, anyway=True) == ""
    assert not state.must_ask_first(hall.folder, hall.node)


def test_a_steward_who_pairs_anew_with_the_box_ticked_is_a_way_on(must: Pair) -> None:
    """The other server was only ever the one that called, so nobody was asked whether its address is meant."""
    hall, barge = must
    hall.know(barge, private=False)
    said = ask(hall)
    assert "open the page of another server" in said and "tick the box under its address" in said
    steward = browser(hall, STEWARD)
    card = barge.inside(lambda: Card(barge.key, "a" * 52, "Barge", address=barge.address).text())
    steward.post("/exchange/servers/new", data={"text": card, "private": "y"})
    assert "tick the box" in steward.get("/health").text and state.must_ask_first(hall.folder, hall.node)
    hall.sync(barge)
    assert not state.must_ask_first(hall.folder, hall.node)
    assert "put back from a backup" not in steward.get("/health").text


def test_where_there_is_nobody_to_ask_it_says_what_to_do(must: Pair) -> None:
    hall, barge = must
    hall.know(barge, address="")
    assert ask(hall) == NOBODY
    assert state.must_ask_first(hall.folder, hall.node)
    hall.inside(lambda: db.session.rollback())
