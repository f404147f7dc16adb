"""Servers that hear of each other, and pages to decide about them on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from partnernet.core.db import db
from partnernet.core.policy import STEWARD
from partnernet.network.founding import ensure
from tests.exchange.conftest import barge, hall, place, server
from tests.exchange.nodes import Server

__all__ = ("barge", "hall", "place", "server")


@pytest.fixture
def pier(server: Callable[[str], Server], tmp_path: Path) -> Server:
    """A server of a network, with pages."""
    pier = server("pier")
    pier.inside(lambda: ensure(db.session(), pier.app))
    return pier


@pytest.fixture
def steward(pier: Server) -> FlaskClient:
    """A browser of one of its stewards."""
    return pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)
