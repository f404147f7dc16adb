"""The laws bite on what networks sign, on what servers are handed, and on what befalls them, too."""

from random import Random
from typing import Any

import pytest

from partnernet.core.ledger.fold import Rules
from tests.laws import promises
from tests.laws.mutants import Mutant, Mutants, is_noticed
from tests.laws.sticks import server
from tests.laws.story import Story
from tests.laws.telling import BACKUPS, ERASURE, GOVERNING, KEYS, REVOKING

SIGNED, CARRIED = Mutants(), Mutants()


def converges_in_many_orders(story: Story) -> None:
    """Whoever is handed the same ops one by one shows the same, in a dozen orders."""
    story.world.settle()
    first = story.world.places[0]
    shown = first.shown()
    for seed in range(12):
        draw = Random(seed)
        assert story.world.anew(first, lambda ops, draw=draw: draw.sample(ops, len(ops)), batch=1).shown() == shown


# -- what a network signs --------------------------------------------------------------------------


@SIGNED.breaks(promises.hides_what_counts_not, "revoked_nodes", GOVERNING)
def revoked_nodes_go_on_counting(real: Mutant) -> Mutant:
    return lambda *given: {}


@SIGNED.breaks(promises.hides_what_counts_not, "revoked_nodes", REVOKING)
def nothing_of_a_revoked_node_is_kept(real: Mutant) -> Mutant:
    return lambda *given: dict.fromkeys(real(*given), frozenset())


@SIGNED.breaks(promises.converges, "derive", GOVERNING)
def nobody_looks_again_when_a_revocation_arrives(real: Mutant) -> Mutant:
    return lambda *given: (real(*given)[0], [])


@SIGNED.breaks(promises.hides_what_counts_not, "_is_signed", KEYS)
def whoever_writes_it_signs_for_the_network(real: Mutant) -> Mutant:
    return lambda op, doc, key: True


@SIGNED.breaks(promises.hides_what_counts_not, "_is_key", KEYS)
def a_handover_to_a_new_key_is_ignored(real: Mutant) -> Mutant:
    return lambda value: False


@SIGNED.breaks(promises.hides_what_counts_not, "_void", REVOKING)
def marks_of_revoked_nodes_stay(real: Mutant) -> Mutant:
    return lambda *given: set()


@SIGNED.breaks(converges_in_many_orders, "project_under", REVOKING)
def marks_that_came_before_their_entry_are_not_looked_at_again(real: Mutant) -> Mutant:
    return lambda *given: None


@SIGNED.breaks(promises.knows_what_it_lacks, "erased_by", REVOKING)
def an_erasure_counts_for_ever_once_it_was_seen(real: Mutant) -> Mutant:
    def erased_by(counted: Any, everything: Any, create: Any, redacted: bool) -> set[str]:
        ops = list(everything)
        return real(counted, ops, create, redacted) | {op.id for op in ops if op.body is None}

    return erased_by


@SIGNED.breaks(promises.hides_what_counts_not, "rules", REVOKING)
def what_a_revoked_node_made_is_shown(real: Mutant) -> Mutant:
    def rules(*given: Any, **named: Any) -> Rules:
        found = real(*given, **named)
        return Rules(found.is_steward, lambda op, create: op is not create and found.is_revoked(op, create))

    return rules


# -- what a server is handed, and what befalls it --------------------------------------------------


@CARRIED.breaks(promises.loses_nothing, "_fill", ERASURE)
def a_text_that_comes_late_by_stick_is_left_out(real: Mutant) -> Mutant:
    return lambda *given: (0, set())


@CARRIED.breaks(promises.agrees_with_its_ops, "_project_since", ERASURE)
def what_came_by_stick_is_stored_and_not_shown(real: Mutant) -> Mutant:
    return lambda *given: 0


@CARRIED.breaks(promises.gives_no_number_twice, "_doubt", BACKUPS)
def a_server_goes_on_from_a_backup_as_though_nothing_had_happened(real: Mutant) -> Mutant:
    return lambda *given: None


@CARRIED.breaks(promises.erases, "tell", BACKUPS)
def a_backup_is_not_told_what_was_erased(real: Mutant) -> Mutant:
    return lambda *given: 0


# -- trying them -----------------------------------------------------------------------------------


@pytest.mark.parametrize("promise, name, make, themes", SIGNED)
def test_the_law_notices_among_nodes(promise, name, make, themes):
    is_noticed(promise, name, make, themes)


@pytest.mark.parametrize("promise, name, make, themes", CARRIED)
def test_the_law_notices_among_servers(promise, name, make, themes):
    is_noticed(promise, name, make, themes, server)
