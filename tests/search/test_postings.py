"""Lists of postings, written as bytes and read again."""

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from partnernet.search.postings import BLOCK, FARTHEST, MOST, Gathered, Postings

Listed = list[tuple[int, int, list[int]]]

places = st.lists(st.integers(0, 200), unique=True, max_size=4).map(sorted)
gaps = st.one_of(st.integers(1, 3), st.integers(1, 300), st.integers(1, 100_000))


@st.composite
def listed(draw: st.DrawFn, most: int = 3 * BLOCK) -> Listed:
    """Postings in order of their documents, each with a weight and its places."""
    number, found = draw(st.integers(0, 500)), []
    pattern = draw(st.lists(st.tuples(gaps, st.integers(1, 9), places), min_size=1, max_size=12))
    for n in range(draw(st.integers(1, most))):
        gap, weight, at = pattern[n % len(pattern)]
        found.append((number, weight, at))
        number += gap
    return found


def packed(postings: Listed) -> Postings:
    gathered = Gathered()
    for number, weight, at in postings:
        gathered.add(number, weight, at)
    return Postings(gathered.packed())


@given(listed())
def test_what_is_written_is_read(postings: Listed) -> None:
    found = packed(postings)
    assert found.count == len(postings)
    assert found.numbers() == [number for number, _, _ in postings]
    assert list(found.weights()) == [weight for _, weight, _ in postings]
    assert list(found.counts()) == [len(at) for _, _, at in postings]
    assert found.places().tolist() == [place for _, _, at in postings for place in at]


@given(listed(), st.data())
def test_some_documents_are_found_among_others(postings: Listed, data: st.DataObject) -> None:
    found, numbers = packed(postings), [number for number, _, _ in postings]
    there = data.draw(st.lists(st.sampled_from(numbers), unique=True, max_size=30))
    elsewhere = data.draw(st.lists(st.integers(0, numbers[-1] + 5), unique=True, max_size=30))
    asked = sorted({*there, *elsewhere})
    held = [number for number in asked if number in set(numbers)]
    assert list(found.among(asked)) == held
    weight_of = {number: weight for number, weight, _ in postings}
    assert list(found.weighed(asked)) == [(number, weight_of[number]) for number in held]
    if any(at for _, _, at in postings):
        expected = [postings[bisect_left(numbers, number)][2] for number in held]
        assert [places.tolist() for places in found.placed(held)] == expected


def test_what_is_over_the_limits_counts_as_the_most() -> None:
    found = packed([(7, 1_000, list(range(FARTHEST - 100, FARTHEST + 300)))])
    assert list(found.weights()) == [MOST]
    assert len(found.places()) == MOST
    assert max(found.places()) == FARTHEST


def test_a_block_is_reached_without_the_others() -> None:
    found = packed([(3 * n, 1, [n % 7]) for n in range(5 * BLOCK)])
    assert found.blocks == 5
    assert list(found.block(4)[0])[:2] == [3 * 4 * BLOCK, 3 * (4 * BLOCK + 1)]
    assert found.block(4)[1] is None
