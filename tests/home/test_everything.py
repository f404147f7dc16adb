"""Counting everything as read, and taking it back."""

import re
from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.people.model import Account
from tests.factories import make_entry, make_reply

CatchUp = Callable[[], None]


def undo_fields(page: str) -> dict[str, str]:
    """What the button Undo sends."""
    form = page.partition('action="/everything-read"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}


def test_it_is_taken_back_to_what_it_was(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, josie, title="What does a hall need?")
    make_reply(session, entry, tomasz)
    make_entry(session, tomasz, title="A press by milk van")
    caught_up()
    before = hers.get("/").text
    assert "Read the reply from Tomasz Lind" in before and "A press by milk van" in before
    hers.post("/everything-read")
    after = hers.get("/").text
    assert "Nothing needs you just now." in after and "A press by milk van" not in after
    caught_up()
    hers.post("/everything-read", data=undo_fields(after))
    again = hers.get("/").text
    assert "Read the reply from Tomasz Lind" in again and "A press by milk van" in again


def test_taking_back_what_was_never_done_harms_nobody(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, tomasz, title="Not hers")
    make_reply(session, entry, josie)
    caught_up()
    for pages in ("", ":::", f"{entry.id}:0", "x:y " * 900, "é:9", "a" * 9_000):
        answer = hers.post("/everything-read", data={"undo": "1", "visited": "-7", "pages": pages})
        assert answer.status_code == 303
    assert "You are up to date." in hers.get("/").text
