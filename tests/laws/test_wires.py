"""The same promises, of servers that call each other over wires that are cut, and lose power in the middle."""

from hypothesis import example, given

from tests.laws.budget import budget
from tests.laws.machines import machine
from tests.laws.promises import PROMISES
from tests.laws.telling import AND_ON, DISKS, GOVERNING, MISHAPS, TWICE, WIRES, stories, tell
from tests.laws.wires import host


@example(TWICE)
@example(AND_ON)
@given(stories(WIRES, GOVERNING, MISHAPS, DISKS, most=24))
@budget(2, long=60)
def test_promises_hold_over_wires(steps):
    story = tell(steps, make=host)
    for promise in PROMISES:
        promise(story)


TestHosts = machine(5, host).TestCase
TestHosts.settings = budget(1, steps=12, long=30)
