"""A member for the pages of every feature."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import browser_of, make_account


@pytest.fixture
def hers(session: Session) -> FlaskClient:
    """Josie's browser, signed in."""
    return browser_of(make_account(session, "Josie Calder"), session)
