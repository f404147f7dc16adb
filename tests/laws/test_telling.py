"""A story that is told again is the same story: the numbers that it is made of decide everything in it."""

from tests.laws.telling import TWICE, tell
from tests.laws.wires import host


def test_a_story_is_told_the_same_way_again() -> None:
    first, again = ([list(place.ops()) for place in tell(TWICE, 2, host).world.places] for _ in range(2))
    assert first == again
