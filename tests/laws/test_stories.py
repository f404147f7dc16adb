"""Every promise, after whatever people may do."""

import pytest
from hypothesis import given
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.laws.budget import budget
from tests.laws.promises import PROMISES
from tests.laws.story import Story
from tests.laws.telling import STEPS, stories, tell


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise_holds_after_any_story(promise):
    @given(stories())
    @budget(10)
    def law(steps):
        promise(tell(steps))

    law()


class Network(RuleBasedStateMachine):
    """Four nodes who write, and carry to each other what they like; at the end everything is exchanged."""

    @initialize()
    def begin(self):
        self.story = Story.begin(4)

    def teardown(self):
        if hasattr(self, "story"):
            for promise in PROMISES:
                promise(self.story)


def _rule(name):
    def act(self, numbers):
        getattr(self.story, name)(*numbers)

    act.__name__ = name
    from hypothesis import strategies as st

    return rule(numbers=st.tuples(*STEPS[name]))(act)


for _name in STEPS:
    setattr(Network, _name, _rule(_name))

TestNetwork = Network.TestCase
TestNetwork.settings = budget(6, steps=40)
