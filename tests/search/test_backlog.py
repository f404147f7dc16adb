"""Since when the index is behind."""

from hypothesis import given
from hypothesis import strategies as st

from partnernet.search import backlog
from partnernet.search.backlog import LOOKS, WAITS_TOO_LONG, Backlog, Waiting


def test_an_index_that_is_up_has_nothing_waiting() -> None:
    assert Backlog().look(7, 7, 1_000) == Waiting(0, 0)


def test_what_waits_waits_since_it_was_first_seen() -> None:
    seen = Backlog()
    assert seen.look(5, 7, 1_000) == Waiting(2, 1_000)
    assert seen.look(5, 9, 2_000) == Waiting(4, 1_000)
    assert seen.look(8, 9, 3_000) == Waiting(1, 2_000)
    assert seen.look(9, 9, 4_000) == Waiting(0, 0)
    assert seen.look(9, 10, 5_000) == Waiting(1, 5_000)


def test_an_index_that_begins_anew_waits_from_now_on() -> None:
    seen = Backlog()
    seen.look(9, 10, 1_000)
    assert seen.look(0, 10, 2_000) == Waiting(10, 1_000)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_the_time_never_runs_back_while_the_index_stands(looks: list[tuple[int, int]]) -> None:
    seen, newest, before = Backlog(), 0, 0
    for now, (position, more) in enumerate(looks, 1):
        newest += more
        found = seen.look(min(position, newest), newest, now)
        assert found.changes == newest - min(position, newest)
        assert bool(found.since) == bool(found.changes)
        assert found.since <= now
        if found.since and position < newest - more and before:
            assert found.since < now
        before = found.since


def test_many_looks_are_not_all_remembered() -> None:
    seen = Backlog()
    for now in range(1, 3 * LOOKS):
        assert seen.look(0, now, now).since == 1
    assert len(seen._seen) == LOOKS


def test_half_an_hour_is_too_long() -> None:
    assert not Waiting(1, 1_000).is_too_long(1_000 + WAITS_TOO_LONG)
    assert Waiting(1, 1_000).is_too_long(1_001 + WAITS_TOO_LONG)
    assert not Waiting().is_too_long(10**13)
    assert backlog.WAITS_TOO_LONG <= 30 * 60_000
