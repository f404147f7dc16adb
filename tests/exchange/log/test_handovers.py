"""What was given away stands in the log, and is confirmed by what the other server says, by nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from partnernet.core.db import commit, write
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.time import DAY, now_ms
from partnernet.exchange.incoming.stage import set_aside
from partnernet.exchange.log import handovers
from partnernet.exchange.log.handovers import FILE, Held
from partnernet.exchange.model import Handover, PeerHave
from tests.exchange.places import Place

NUMBERS = st.sets(st.integers(1, 40))
KEY = ("n" * 52, "a" * 26, "network")


def ranges(numbers: set[int]) -> dict[str, dict[str, str]]:
    return {"/".join(KEY): {"r": str(Ranges().add(*numbers) if numbers else Ranges()), "x": "0" * 16}}


@given(NUMBERS, NUMBERS)
def test_what_is_confirmed_is_what_both_have(mine: set[int], theirs: set[int]) -> None:
    assert handovers.overlap(ranges(mine), ranges(theirs)) == len(mine & theirs)


@given(st.lists(st.integers(1, 40), unique=True))
def test_stretches_in_any_order_are_the_same_numbers(numbers: list[int]) -> None:
    held = Held()
    for number in numbers:
        held.add(KEY, number, number)
    said = held.said()
    assert not numbers or set(Ranges.read(said["/".join(KEY)]["r"])) == set(numbers)


def given_away(hall: Place, to: str | None) -> Handover:
    write(hall.session)
    made = handovers.note(
        hall.session, by="node", to=to, way=FILE, form=".pn.zip", name="out.pn.zip", selection={}, counts={"ops": 9},
        held={key: {"r": value["r"]} for key, value in hall.have().items()}, size=1_000,
    )  # fmt: skip
    commit(hall.session)
    return made


def test_nothing_is_confirmed_until_the_other_says_what_it_holds(hall: Place, barge: Place) -> None:
    made, for_anybody = given_away(hall, barge.node.id), given_away(hall, None)
    assert handovers.confirmed(hall.session, [made, for_anybody]) == {}
    some = {key: {"r": "1-4", "x": value["x"]} for key, value in hall.have().items() if key.endswith("network")}
    write(hall.session)
    handovers.note_have(hall.session, barge.node.id, some, ("public", "network"), way=FILE)
    commit(hall.session)
    assert handovers.confirmed(hall.session, [made, for_anybody]) == {made.id: 4}


def test_a_signed_bundle_says_what_its_maker_holds_even_where_it_is_set_aside(hall: Place, barge: Place) -> None:
    hall.stage(barge.export("empty.pn.zip"))
    assert handovers.peer_have(hall.session, barge.node.id) is None
    batch = barge.stage(hall.export("out.pn.zip"))
    write(barge.session)
    set_aside(barge.session, batch)
    commit(barge.session)
    known = handovers.peer_have(barge.session, hall.node.id)
    assert known and known.have == hall.have() and known.way == FILE
    hall.stage(hall.export("own.pn.zip"))
    hall.stage(hall.export("unsigned.pn.jsonl"))
    assert handovers.peer_have(hall.session, hall.node.id) is None


def test_what_was_said_of_one_log_leaves_what_was_said_of_another(hall: Place) -> None:
    write(hall.session)
    handovers.note_have(hall.session, "b" * 52, hall.have(), ("public", "network"), way=FILE, at=10)
    handovers.note_have(hall.session, "b" * 52, {}, ("public",), way=FILE, at=20)
    commit(hall.session)
    known = handovers.peer_have(hall.session, "b" * 52)
    assert known and [key.split("/")[2] for key in known.have] == ["network"] and known.at == 20


def test_what_was_said_long_ago_does_not_take_the_place_of_what_is_newer(hall: Place) -> None:
    write(hall.session)
    handovers.note_have(hall.session, "b" * 52, hall.have(), ("public", "network"), way=FILE, at=20)
    handovers.note_have(hall.session, "b" * 52, {}, ("public", "network"), way=FILE, at=10)
    commit(hall.session)
    known = handovers.peer_have(hall.session, "b" * 52)
    assert known and known.have == hall.have()


def test_what_a_clock_that_was_ahead_noted_does_not_stand_for_years(hall: Place) -> None:
    write(hall.session)
    handovers.note_have(hall.session, "b" * 52, hall.have(), ("public", "network"), way=FILE)
    hall.session.get_one(PeerHave, "b" * 52).at += 31 * 366 * DAY
    commit(hall.session)
    write(hall.session)
    handovers.note_have(hall.session, "b" * 52, {}, ("public", "network"), way=FILE)
    commit(hall.session)
    known = handovers.peer_have(hall.session, "b" * 52)
    assert known and known.have == {} and known.at <= now_ms()
