"""The state machine of the laws: whatever nodes do in any order, at the end everything is exchanged."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.laws.place import Place, place
from tests.laws.promises import PROMISES
from tests.laws.story import Story
from tests.laws.telling import STEPS


def machine(size: int, make: Callable[[str, int], Place] = place) -> type[RuleBasedStateMachine]:
    """So many nodes who write, and carry to each other what they like; every promise is held against them."""

    class Network(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.story = Story.begin(size, make)

        def teardown(self) -> None:
            if hasattr(self, "story"):
                self.story.end()
                for promise in PROMISES:
                    promise(self.story)

    for name in STEPS:
        setattr(Network, name, _rule(name))
    return Network


def _rule(name: str) -> Any:
    def act(self: Any, numbers: Any) -> None:
        getattr(self.story, name)(*numbers)

    act.__name__ = name
    return rule(numbers=st.tuples(*STEPS[name]))(act)
