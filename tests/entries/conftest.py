"""The cast of the tests of entries."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.consumers import drain
from partnernet.entries.rendering import RENDERING
from partnernet.home.needs import NEEDS
from partnernet.people.model import Account
from tests.factories import browser_of, flush_batch, make_account, read_again


@pytest.fixture
def josie(session: Session) -> Account:
    """A member."""
    return make_account(session)


@pytest.fixture
def tomasz(session: Session) -> Account:
    """Another member."""
    return make_account(session, "Tomasz Lind")


@pytest.fixture
def hers(session: Session, josie: Account) -> FlaskClient:
    """Josie's browser."""
    return browser_of(josie, session)


@pytest.fixture
def his(session: Session, tomasz: Account) -> FlaskClient:
    """Tomasz's browser."""
    return browser_of(tomasz, session)


@pytest.fixture
def caught_up(app: Flask, session: Session) -> Callable[[], None]:
    """Let what was noted while reading be stored, and the consumers of this page catch up."""

    def catch_up() -> None:
        read_again(session)
        flush_batch(session)
        for consumer in (RENDERING, NEEDS):
            drain(session, consumer)
        read_again(session)

    return catch_up
