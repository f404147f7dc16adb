"""Servers for the journeys, and the browser that visits them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Visitor
from tests.server import Server, serving

__all__ = ["Visitor", "server"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A fresh node that is served."""
    with serving(tmp_path) as server:
        server.address = server.address.split()[-1]
        yield server
