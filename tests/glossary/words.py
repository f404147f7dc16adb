"""Words of the tests, and how browsers send them."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.people.model import Account
from tests.factories import make_entry

FORM = {
    "title": "CPD", "also": "continuing professional development\ntraining", "body": "Getting *better* at it.",
    "said_by": "commissioners", "visibility": "network",
}  # fmt: skip


def add(browser: FlaskClient, **changed: Any) -> str:
    """Add a word; the address of its page."""
    answer = browser.post("/glossary/new", data=FORM | changed)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def make_term(session: Session, by: Account, title: str, *also: str, **values: Any) -> Entry:
    """A word that somebody has added."""
    given: dict[str, Any] = {"title": title, "also": list(also), "body": "What it means.", **values}
    return make_entry(session, by, "term", **given)
