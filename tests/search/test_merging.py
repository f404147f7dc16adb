"""Which segments are merged: few stand, no document moves often, and a commit never moves many."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from partnernet.search.merging import ALONG, AT_ONCE, ENOUGH, MOST, Size, along, when_quiet, when_too_many

SIZES = st.lists(st.builds(Size, st.integers(0, 60_000), st.integers(0, 100)), max_size=40)


class Shelf:
    """An index as far as merging knows it."""

    def __init__(self, *documents: int) -> None:
        self.sizes = [Size(count) for count in documents]
        self.moved = 0
        """Documents that merges have moved."""
        self.most = 0
        """The most segments that a search has met."""

    def write(self, documents: int, *, in_bulk: bool = False) -> int:
        """Commit; how many documents it moved."""
        chosen = [] if in_bulk else along(self.sizes, documents)
        taken = self.take(chosen)
        self.sizes.append(Size(documents + taken))
        while chosen := when_too_many(self.sizes):
            self.join(chosen)
        self.most = max(self.most, len(self.sizes))
        return taken

    def rest(self) -> None:
        """Let it be quiet for long."""
        while chosen := when_quiet(self.sizes):
            self.join(chosen)

    def join(self, chosen: list[int]) -> None:
        documents = self.take(chosen)
        self.sizes.append(Size(documents))

    def take(self, chosen: list[int]) -> int:
        taken = sum(self.sizes[number].documents for number in chosen)
        self.sizes = [size for number, size in enumerate(self.sizes) if number not in chosen]
        self.moved += taken
        return taken


@settings(deadline=None)
@given(SIZES, st.integers(0, 5_000))
def test_a_commit_takes_few_along_however_large_the_index(sizes: list[Size], written: int) -> None:
    taken = sum(sizes[number].documents for number in along(sizes, written))
    assert taken <= ALONG
    assert along([*sizes, Size(10**6)], written) == along(sizes, written)


@settings(deadline=None)
@given(SIZES)
def test_rest_comes_to_an_end_and_leaves_few(sizes: list[Size]) -> None:
    shelf = Shelf()
    shelf.sizes = list(sizes)
    shelf.rest()
    assert when_quiet(shelf.sizes) == []
    assert sum(size.documents for size in shelf.sizes) == sum(size.documents for size in sizes)
    small = sorted(size.documents for size in shelf.sizes if 0 < size.documents <= AT_ONCE // 3)
    for n, documents in enumerate(small[2:], 2):
        assert documents > 2 * sum(small[:n])


def test_replies_one_by_one_leave_few_segments_and_move_seldom() -> None:
    shelf = Shelf(*[10_000] * 10)
    for _ in range(3_000):
        shelf.write(1)
    assert shelf.most <= MOST
    assert shelf.moved < 3_000 * 25
    shelf.rest()
    assert len(shelf.sizes) <= ENOUGH


def test_a_reply_now_and_then_never_moves_much() -> None:
    shelf, draw = Shelf(100_000), random.Random(3)
    for _ in range(5_000):
        shelf.write(draw.choice([1, 1, 1, 2, 30]))
        shelf.rest()
    assert shelf.most <= MOST
    assert shelf.moved < 20 * sum(size.documents for size in shelf.sizes)
    assert len(shelf.sizes) <= ENOUGH


def test_what_comes_in_bulk_is_bounded_too() -> None:
    shelf = Shelf()
    for _ in range(75):
        shelf.write(4_000, in_bulk=True)
    assert shelf.most <= MOST
    shelf.rest()
    assert len(shelf.sizes) <= MOST


def test_one_that_is_mostly_removed_is_written_anew() -> None:
    assert when_quiet([Size(90_000), Size(10, 11)]) == [1]
    assert when_quiet([Size(90_000), Size(10, 9)]) == []
