"""Every promise, after whatever people may do."""

import pytest
from hypothesis import given

from tests.laws.budget import budget
from tests.laws.machines import machine
from tests.laws.promises import PROMISES
from tests.laws.telling import stories, tell


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise_holds_after_any_story(promise):
    @given(stories())
    @budget(10)
    def law(steps):
        promise(tell(steps))

    law()


TestNetwork = machine(4).TestCase
TestNetwork.settings = budget(6, steps=40)
