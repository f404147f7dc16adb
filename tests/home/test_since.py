"""What changed since the last visit, in words."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.people.model import Account
from tests.factories import flush_batch, make_account, make_entry, make_reply


def changed(page: str, title: str) -> str:
    """What Home says of an entry."""
    found = re.search(
        rf'<a href="[^"]*" dir="auto">{re.escape(title)}</a></h3>\s*<p class="entries__what">(.*?)</p>', page, re.S
    )
    assert found, f"{title} is not on the page"
    return re.sub(r"<[^>]+>", "", found[1])


def test_what_is_new_says_from_whom(session: Session, tomasz: Account, hers: FlaskClient) -> None:
    make_reply(session, make_entry(session, tomasz, title="A door of 80 cm"), tomasz)
    assert changed(hers.get("/").text, "A door of 80 cm") == "New, from Tomasz Lind, today. 1 reply"


def test_new_replies_are_counted_and_the_latest_is_named(session: Session, tomasz: Account, hers: FlaskClient) -> None:
    entry = make_entry(session, tomasz, title="A door of 80 cm")
    make_entry(session, tomasz, title="Nothing came under this")
    make_reply(session, entry, tomasz)
    hers.get(f"/discussions/{entry.id[:12]}")
    flush_batch(session)
    make_reply(session, entry, tomasz)
    assert changed(hers.get("/").text, "A door of 80 cm") == "1 new reply, from Tomasz Lind, today"
    make_reply(session, entry, make_account(session, "Samira Haddow"))
    page = hers.get("/").text
    assert changed(page, "A door of 80 cm") == "2 new replies, the latest from Samira Haddow, today"
    assert changed(page, "Nothing came under this") == "New, from Tomasz Lind, today"
