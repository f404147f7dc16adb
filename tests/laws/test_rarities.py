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
from tests.laws.telling import ERASURE, GOVERNING, MISHAPS, WIRES, stories, tell
from tests.laws.wires import host

STORIES = 300 if LONG else 30
SHARE, ALLOWED = (100, 0) if LONG else (STORIES, 5)
"""Each of them in one story of so many, but for some where there are few stories."""

RARE = (
    "a membership came after what relies on it", "a revocation came after what it voids",
    "an erasure came before what it erases", "what is erased came again", "words came late",
    "the power went in a writing: before it happened", "the power went in a stick: before it happened",
    "a node went on from an older database", "a node went on from an older database that had not heard of an erasure",
    "a node went on from an older disk", "what nobody else had was lost",
    "a server was copied", "a number was given twice",
    "something stands in two versions", "something stands in three or more versions",
)  # fmt: skip
AMONG_SERVERS = (
    "the power went in a stick: after it happened", "the power went in a writing: after it happened",
)  # fmt: skip
OVER_WIRES = (
    "the power went in an exchange: before it happened", "the power went in an exchange: after it happened",
    "the wire was cut before a request", "the wire was cut before an answer",
)  # fmt: skip


@pytest.mark.parametrize(
    "make, rare",
    [
        (place, RARE),
        pytest.param(server, RARE + AMONG_SERVERS, marks=pytest.mark.skipif(not LONG, reason="make torture")),
        pytest.param(host, RARE + AMONG_SERVERS + OVER_WIRES,
                     marks=pytest.mark.skipif(not LONG, reason="make torture")),
    ],
)  # fmt: skip
def test_what_is_rare_comes_about(make, rare):
    happened = Counter()
    themes = (GOVERNING, MISHAPS, WIRES) if make is host else (ERASURE, GOVERNING, MISHAPS) if make is server else ()

    @settings(max_examples=STORIES, phases=[Phase.generate], derandomize=True, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(stories(*themes))
    def told(steps):
        story = tell(steps, make=make)
        if make is place:
            loses_nothing(story)
        happened.update(story.happened.keys())

    told()
    print("\n".join(f"{100 * count // STORIES:3} % {what}" for what, count in happened.most_common()))
    seldom = [what for what in rare if happened[what] * SHARE < STORIES]
    assert len(seldom) <= ALLOWED, seldom
