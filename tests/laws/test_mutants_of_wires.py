"""The laws bite on what servers tell each other over wires, too."""

from typing import Any

import pytest

from partnernet.core.ledger import log
from tests.laws import promises
from tests.laws.mutants import Mutant, Mutants, is_noticed, mutated
from tests.laws.story import Story
from tests.laws.telling import CALLS, TWICE, tell
from tests.laws.wires import host

CALLED = Mutants()
BARE = ("create", "edit", "carry", "call_up", "call_up")
FULL = ("create", "create", "create", "edit", "edit", "call_up")
"""Stories in which words are missing, and in which an answer is full."""


def is_told(story: Story) -> None:
    """What is looked at in each exchange (`wires.py`, `overheard.py`) holds: the story came to its end."""


@CALLED.breaks(is_told, "_rest", FULL)
def the_rest_is_not_asked_for_when_an_answer_is_full(real: Mutant) -> Mutant:
    return lambda *given, is_more, **named: real(*given, is_more=False, **named)


@CALLED.breaks(is_told, "_less", CALLS)
def what_is_left_out_of_a_full_page_is_never_sent(real: Mutant) -> Mutant:
    return lambda some, gone: {key: ranges for key, ranges in real(some, gone).items() if key not in gone}


@CALLED.breaks(is_told, "note_have", CALLS)
def what_is_given_is_taken_to_have_come_before_it_came(real: Mutant) -> Mutant:
    def note_have(session: Any, node: str, have: Any, *given: Any, **named: Any) -> None:
        real(session, node, {**have, **log.have(session)}, *given, **named)

    return note_have


@CALLED.breaks(is_told, "Walk.look_again", CALLS)
def what_another_may_be_given_is_not_looked_at_again(real: Mutant) -> Mutant:
    return lambda walk: None


@CALLED.breaks(is_told, "wants.read_wants", CALLS)
def whoever_asks_is_given(real: Mutant) -> Mutant:
    return lambda given, logs: real(given, ("network", "public"))


@CALLED.breaks(is_told, "brought.told", CALLS)
def another_is_told_of_what_it_did_not_bring(real: Mutant) -> Mutant:
    return lambda session, guest, mine: mine


@CALLED.breaks(promises.converges, "Walk._lacking", BARE)
def texts_that_are_missing_are_never_asked_for(real: Mutant) -> Mutant:
    return lambda walk: []


@CALLED.breaks(promises.converges, "fill_by_id", BARE)
def texts_that_are_missing_elsewhere_are_not_given(real: Mutant) -> Mutant:
    return lambda session, page, *given: page


def whoever_holds_the_same_numbers_is_taken_to_hold_the_same(real: Mutant) -> Mutant:
    return lambda *given: None


def what_is_here_is_not_held_against_what_is_there(real: Mutant) -> Mutant:
    return lambda *given: set()


@pytest.mark.parametrize("promise, name, make, themes", CALLED)
def test_the_law_notices_over_wires(promise, name, make, themes):
    is_noticed(promise, name, make, themes, host)


@pytest.mark.parametrize(
    "name, make",
    [
        ("unequal.mend", whoever_holds_the_same_numbers_is_taken_to_hold_the_same),
        ("unequal.held", what_is_here_is_not_held_against_what_is_there),
    ],
)
def test_the_story_of_a_number_that_was_given_twice_notices(name, make):
    with mutated(name, make), pytest.raises(AssertionError, match="something did not go over a whole wire"):
        tell(TWICE, make=host)
