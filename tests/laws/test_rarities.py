"""What the laws are there for does come about in the stories: a law that is never put to the test says nothing.

`--hypothesis-show-statistics` says for each law in how many of its own stories each of these came about.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.laws.budget import LONG
from tests.laws.place import place
from tests.laws.promises import loses_nothing
from tests.laws.sticks import server
from tests.laws.telling import CUTS, DISKS, ERASURE, GOVERNING, MISHAPS, WIRES, stories, tell
from tests.laws.wires import host

STORIES, LEAST, ALLOWED = (300, 3, 0) if LONG else (30, 1, 5)
"""Of places: how many stories, in how many of them each has to come about, and how many of them need not."""
EACH = 25
"""Stories of each theme of servers and of hosts, which take ten times as long: in one of all it has to come about."""

RARE = (
    "a membership came after what relies on it", "a revocation came after what it voids",
    "an erasure came before what it erases", "what is erased came again", "words came late",
    "the power went in a writing: before it happened", "the power went in a stick: before it happened",
    "a node went on from an older database", "a node went on from an older database that had not heard of an erasure",
    "a node went on from an older disk", "what nobody else had was lost",
    "a server was copied", "a number was given twice",
    "something stands in two versions",
)  # fmt: skip
AMONG_PLACES = ("something stands in three or more versions",)
"""Where it is merging alone that is put to the test, which all have in common."""
AMONG_SERVERS = (
    "the power went in a stick: after it happened", "the power went in a writing: after it happened",
)  # fmt: skip
OVER_WIRES = (
    "the power went in an exchange: before it happened", "the power went in an exchange: after it happened",
    "the wire was cut before a request", "the wire was cut before an answer",
)  # fmt: skip
LONG_ONLY = pytest.mark.skipif(not LONG, reason="make torture")


@pytest.mark.parametrize(
    "make, rare, themes, count, least",
    [
        (place, RARE + AMONG_PLACES, (), STORIES, LEAST),
        pytest.param(server, RARE + AMONG_SERVERS, (ERASURE, GOVERNING, MISHAPS, DISKS, CUTS), 5 * EACH, 1,
                     marks=LONG_ONLY),
        pytest.param(host, RARE + AMONG_SERVERS + OVER_WIRES, (WIRES, GOVERNING, MISHAPS, DISKS), 4 * EACH, 1,
                     marks=LONG_ONLY),
    ],
)  # fmt: skip
def test_what_is_rare_comes_about(make, rare, themes, count, least):
    happened = Counter()

    for theme in themes or [()]:  # as many of each

        @settings(max_examples=count // max(1, len(themes)), phases=[Phase.generate], derandomize=True, database=None,
                  deadline=None, suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(stories(*filter(None, [theme])))
        def told(steps):
            story = tell(steps, make=make)
            loses_nothing(story)
            happened.update(story.happened.keys())

        told()
    print("\n".join(f"{100 * often / count:5.1f} % {what}" for what, often in happened.most_common()))
    seldom = [what for what in rare if happened[what] < least]
    assert len(seldom) <= ALLOWED, seldom
