"""The older and the newer one of the same kind, by date, among what the reader may see."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.entries import model
from partnernet.people.model import Account
from tests.factories import actor_of, make_entry, make_reply


def around(browser: FlaskClient, address: str) -> tuple[str | None, str | None]:
    """The titles of the neighbours on a page."""
    page = browser.get(address).text
    found = [re.search(rf'rel="{rel}">.*?<span dir="auto">(.*?)</span></a>', page) for rel in ("prev", "next")]
    older, newer = (match[1] if match else None for match in found)
    return older, newer


def test_the_neighbours_are_of_the_same_kind_and_by_date(
    session: Session, josie: Account, hers: FlaskClient, client: FlaskClient
) -> None:
    day = 86_400_000
    first, hidden, removed, last = (
        make_entry(session, josie, "news", title=title, date=n * day, visibility=log)
        for n, (title, log) in enumerate(
            (("First", "public"), ("Hidden", "network"), ("Removed", "public"), ("Last", "public"))
        )
    )
    make_entry(session, josie, "idea", title="Of another kind", date=day)
    model.remove(session, removed, by=actor_of(session, josie))
    commit(session)
    make_reply(session, first, josie)
    assert around(hers, f"/news/{first.short}") == (None, "Hidden")
    assert around(hers, f"/news/{hidden.short}") == ("First", "Last")
    assert around(client, f"/news/{first.short}") == (None, "Last")
    assert around(client, f"/news/{last.short}") == ("First", None)
