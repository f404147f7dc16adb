import random

import pytest

from partnernet.core.errors import BadBundle
from partnernet.core.ledger.ranges import Ranges


@pytest.mark.parametrize("seed", range(60))
def test_ranges_hold_what_a_set_would(seed):
    draw = random.Random(seed)
    ranges, held = Ranges(), set()
    for _ in range(20):
        some = [draw.randrange(1, 60) for _ in range(draw.randrange(1, 5))]
        ranges = ranges.add(*some)
        held |= set(some)
        assert list(ranges) == sorted(held)
        assert len(ranges) == len(held)
        assert ranges.highest == max(held)
        assert all((number in ranges) == (number in held) for number in range(0, 62))
        assert Ranges.read(str(ranges)) == ranges


def test_the_written_form_is_short():
    assert str(Ranges().add(*range(1, 813), 815)) == "1-812,815"
    assert str(Ranges()) == ""
    assert Ranges().highest == 0


@pytest.mark.parametrize(
    "text", ["1-1", "2-1", "1,2", "1-2,3", "3,1", "1-5,4", "a", "1-", "-1", " 1", "01", "1,", "+1"]
)
def test_another_spelling_is_refused(text):
    with pytest.raises(BadBundle):
        Ranges.read(text)


@pytest.mark.parametrize("text", ["0", "0-4"])
def test_numbers_begin_at_one(text):
    with pytest.raises(BadBundle):
        Ranges.read(text)
