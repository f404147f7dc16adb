"""The same promises, of servers that call each other over wires that are cut, and lose power in the middle."""

import pytest
from hypothesis import given

from tests.laws.budget import budget
from tests.laws.machines import machine
from tests.laws.promises import PROMISES
from tests.laws.telling import GOVERNING, MISHAPS, WIRES, stories, tell
from tests.laws.wires import host


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise_holds_over_wires(promise):
    @given(stories(WIRES, GOVERNING, MISHAPS, most=24))
    @budget(2)
    def law(steps):
        promise(tell(steps, make=host))

    law()


TestHosts = machine(5, host).TestCase
TestHosts.settings = budget(1, steps=20)
