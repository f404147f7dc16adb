"""An edit made having seen X beats X, whatever the clocks of those who wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnernet.core.ledger.canonical import INTEGER_LIMIT
from tests.laws.budget import budget
from tests.laws.place import START
from tests.laws.world import SKEWS, YEAR, World, forged


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(SKEWS)), min_size=1, max_size=6))
@budget(12)
def test_who_wrote_last_having_seen_the_rest_wins_under_any_clock(turns):
    world = World.of(3)
    made = world.places[0].write("testpage", "public", {"set": {"summary": "first"}})
    for number, (who, skew) in enumerate(turns):
        place = world.places[who]
        _meet(world)
        place.skew, own = skew, place.skew
        heads = place.entry(made.id)["heads"]
        place.write("edit", "public", {"set": {"summary": f"turn {number}"}}, ent=made.id, par=heads)
        place.skew = own
    _meet(world)
    for place in world.places:
        row = place.entry(made.id)
        assert place.rows_of("testpage")[0]["summary"] == f"turn {number}"
        assert not row["conflict"] and len(row["heads"]) == 1


@pytest.mark.parametrize("stamp", [0, START - 5 * YEAR, START, START + 31 * YEAR, INTEGER_LIMIT - 1])
def test_an_edit_that_had_seen_the_other_wins_even_where_its_own_stamp_is_older(stamp):
    world = World.of(2)
    place = world.places[0]
    made = place.write("testpage", "public", {"set": {"title": "first"}})
    late = forged(place.person, {"ent": made.id, "par": [made.id], "log": "public", "seq": 8,
                                 "ts": INTEGER_LIMIT - 1}, {"set": {"title": "far ahead"}})  # fmt: skip
    after = forged(place.person, {"ent": made.id, "par": [late.id], "log": "public", "seq": 9, "ts": stamp},
                   {"set": {"title": "having seen it"}})  # fmt: skip
    place.receive([after])
    place.receive([late])
    assert place.entry(made.id)["title"] == "having seen it"


def test_a_stamp_at_the_end_of_all_numbers_stops_nobody_from_writing_on():
    place = World.of(2).places[0]
    made = place.write("testpage", "public", {"set": {"title": "first"}})
    last = forged(place.person, {"ent": made.id, "par": [made.id], "log": "public", "seq": 9,
                                 "ts": INTEGER_LIMIT - 1}, {"set": {"title": "the end of time"}})  # fmt: skip
    place.receive([last])
    place.write("edit", "public", {"set": {"title": "and on"}}, ent=made.id, par=[last.id])
    assert place.entry(made.id)["title"] == "and on"


def test_a_clock_far_ahead_is_felt_in_one_entry_only():
    world = World.of(3)
    ahead, other = world.places[2], world.places[0]
    made = [ahead.write("testpage", "public", {"set": {"summary": "a"}}) for _ in range(2)]
    world.settle()
    reply = other.write("edit", "public", {"set": {"summary": "b"}}, ent=made[0].id, par=[made[0].id])
    own = other.write("testpage", "public", {"set": {"title": "now"}})
    assert reply.ts == made[0].ts + 1
    assert own.ts < START + YEAR


def _meet(world):
    for target in world.places:
        for source in world.places:
            target.receive(list(source.ops().values()))
