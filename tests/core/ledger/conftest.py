"""The kinds that exist for the tests of the ledger alone, and salts that repeat."""

from collections.abc import Iterator

import pytest

from tests.laws import world


@pytest.fixture(autouse=True, scope="module")
def ledger() -> Iterator[None]:
    """Declare the kinds of the tests, and let what fails once fail again."""
    with world.declared(), world.fixed_salts():
        yield


@pytest.fixture
def node() -> world.Place:
    """An empty node in memory."""
    return world.place("node0").empty()


@pytest.fixture
def other() -> world.Place:
    """Another one."""
    return world.place("node1", world.SKEWS[1]).empty()
