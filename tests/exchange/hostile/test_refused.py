"""Each hostile file, through each door: refused in a sentence, noted in the log, and nothing else is changed."""

import pytest

from tests.exchange.hostile.corpus import corpus
from tests.exchange.hostile.doors import House, doors, house
from tests.laws.budget import LONG

__all__ = ("house",)

CORPUS = list(corpus())
AT_ONCE = 5 if LONG else 2
"""Doors that one file is brought to: two in turn in an ordinary run, all of them under torture."""


@pytest.mark.parametrize("number", range(len(CORPUS)), ids=[name for name, _ in CORPUS])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_it_is_refused_at_every_door(house: House, number: int) -> None:
    form, content = CORPUS[number][1]()
    before = house.dump()
    through = [door for door in doors(house, form).items() if _takes(door[0], content)]
    for n in range(min(AT_ONCE, len(through))):
        door, knock = through[(number + n) % len(through)]
        sentence = knock(form, content)
        assert sentence.strip() and "Traceback" not in sentence
        if door != "inspect" and not (door == "wire" and len(content) > 8 << 20):
            # What only looks notes nothing; what is larger than a page of the wire is not even read.
            assert any(reason in sentence for reason in house.log(door)), door
    assert house.dump() == before


def _takes(door: str, content: bytes) -> bool:
    """Over the wire a page has a first line of its own, and nothing is what says that there is nothing more."""
    return not (door == "wire" and content.startswith(b'{"bundle":')) and not (door in ("pipe", "wire") and not content)
