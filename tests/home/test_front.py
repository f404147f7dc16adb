"""What strangers see first: who this network is, who is in it, what it does and how to join."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.home.front import PARTNERS_SHOWN, SHOWN, front
from partnernet.network.model import OWN, setting, settle
from partnernet.people.model import Account
from tests.factories import make_entry, make_network, make_partner, own_node

PICTURE = {
    "sha256": "a" * 64,
    "name": "press.webp",
    "type": "image/webp",
    "size": 3,
    "alt": "A press",
    "credit": "Tove",
}


def test_who_the_network_is_stands_first(client: FlaskClient, session: Session) -> None:
    make_network(session)
    network = session.get_one(Entry, setting(session, OWN))
    values = {"name": "Four Tides", "strapline": "Nine halls by the sea", "welcome": "We meet **often**."}
    verbs.edit(session, NodeItself(own_node()), network, values)
    settle(session, "contact", "hello@tide.example")
    commit(session)
    page = client.get("/").text
    assert "<title>Nine halls by the sea · Four Tides</title>" in page
    places = [page.index(words) for words in ("Nine halls by the sea</p>", "<h1", "<strong>often</strong>")]
    assert places == sorted(places)
    assert 'href="mailto:hello@tide.example"' in page and 'href="/charter"' in page


def test_the_partners_are_counted_and_named_with_their_places(client: FlaskClient, session: Session) -> None:
    make_network(session)
    for n in range(PARTNERS_SHOWN + 2):
        make_partner(session, f"Hall {n:02}", place=f"Harbour {n:02}")
    page = client.get("/").text
    assert f"{PARTNERS_SHOWN + 2} partners</h2>" in page and "Meet all of them" in page
    assert len(re.findall(r"Harbour \d\d", page)) == PARTNERS_SHOWN


def test_the_newest_news_with_a_picture_leads_and_the_rest_follows_by_kind(session: Session, tomasz: Account) -> None:
    make_entry(session, tomasz, "news", title="Older, pictured", visibility="public", picture=PICTURE,
               standfirst="It came by milk van.")  # fmt: skip
    for n in range(SHOWN + 1):
        make_entry(session, tomasz, "news", title=f"News {n}", visibility="public")
        make_entry(session, tomasz, "idea", title=f"Idea {n}", visibility="public")
    make_entry(session, tomasz, "idea", title="Among ourselves")
    shown = front(session)
    assert shown.lead is not None and shown.lead.title == "Older, pictured"
    assert (shown.lead.row.standfirst, shown.lead.row.picture) == ("It came by milk van.", "a" * 64)
    assert {kind: len(lines) for kind, lines in shown.kinds.items()} == {"news": SHOWN, "idea": SHOWN}
    assert "Among ourselves" not in [line.title for line in shown.kinds["idea"]]


def test_without_pictures_the_newest_news_leads_and_stands_there_once(
    client: FlaskClient, session: Session, tomasz: Account
) -> None:
    make_entry(session, tomasz, "news", title="The press that came by milk van", visibility="public")
    page = client.get("/").text
    assert page.count("The press that came by milk van") == 1
    assert "<figure" not in page


def test_a_network_where_nothing_is_yet_teaches_how_to_begin(client: FlaskClient, session: Session) -> None:
    make_network(session)
    assert "A network begins here" in client.get("/").text
    make_partner(session)
    assert "A network begins here" not in client.get("/").text
