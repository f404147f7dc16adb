"""The kinds that exist for the laws alone, chance that repeats, and how far a law has come."""

from collections.abc import Iterator

import pytest

from tests.laws import specimens, world
from tests.progress import Progress


@pytest.fixture(autouse=True, scope="module")
def laws() -> Iterator[None]:
    """Declare the kinds of the tests, and let what fails once fail again."""
    with specimens.declared(), world.fixed_chance():
        yield


@pytest.fixture(autouse=True)
def heard(progress: Progress) -> None:
    """Count the stories that are told."""
