"""The same promises, of servers that exchange bundles, lose power in the middle, go on from backups and are copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.laws.budget import budget
from tests.laws.promises import PROMISES
from tests.laws.sticks import server
from tests.laws.story import Story
from tests.laws.telling import GOVERNING, MISHAPS, STEPS, stories, tell


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise_holds_among_servers(promise):
    @given(stories(GOVERNING, MISHAPS, most=24))
    @budget(2)
    def law(steps):
        promise(tell(steps, make=server))

    law()


class Servers(RuleBasedStateMachine):
    """Five servers who write, and hand each other what they like; at the end everything is exchanged."""

    @initialize()
    def begin(self):
        self.story = Story.begin(5, server)

    def teardown(self):
        if hasattr(self, "story"):
            for promise in PROMISES:
                promise(self.story)


def _rule(name):
    def act(self, numbers):
        getattr(self.story, name)(*numbers)

    act.__name__ = name
    return rule(numbers=st.tuples(*STEPS[name]))(act)


for _name in STEPS:
    setattr(Servers, _name, _rule(_name))

TestServers = Servers.TestCase
TestServers.settings = budget(1, steps=30)
