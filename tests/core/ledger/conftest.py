"""The kinds that exist for the tests of the ledger alone, and salts that repeat."""

from collections.abc import Iterator

import pytest

from tests.laws import place, specimens, world


@pytest.fixture(autouse=True, scope="module")
def ledger() -> Iterator[None]:
    """Declare the kinds of the tests, and let what fails once fail again."""
    with specimens.declared(), world.fixed_chance():
        yield


@pytest.fixture
def node() -> place.Place:
    """An empty node in memory."""
    return place.place("node0").empty()


@pytest.fixture
def other() -> place.Place:
    """Another one."""
    return place.place("node1", world.SKEWS[1]).empty()
