"""The kinds that exist for the laws alone, and salts that repeat."""

from collections.abc import Iterator

import pytest

from tests.laws import specimens, world


@pytest.fixture(autouse=True, scope="module")
def laws() -> Iterator[None]:
    """Declare the kinds of the tests, and let what fails once fail again."""
    with specimens.declared(), world.fixed_salts():
        yield
