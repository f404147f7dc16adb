"""The same promises, of servers that exchange bundles, lose power in the middle, go on from backups and are copied."""

import pytest
from hypothesis import given

from tests.laws.budget import budget
from tests.laws.machines import machine
from tests.laws.promises import PROMISES
from tests.laws.sticks import server
from tests.laws.telling import DISKS, ERASURE, GOVERNING, MISHAPS, stories, tell


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise_holds_among_servers(promise):
    @given(stories(ERASURE, GOVERNING, MISHAPS, DISKS, most=24))
    @budget(2)
    def law(steps):
        promise(tell(steps, make=server))

    law()


TestServers = machine(5, server).TestCase
TestServers.settings = budget(1, steps=30)
