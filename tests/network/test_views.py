"""What the network says of itself."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.network import pages
from partnernet.network.model import own_network, settle
from tests.factories import actor_of, make_account, make_network, own_node, read_again, sign_in

SLUGS = sorted(pages.TITLES)


@pytest.fixture
def steward(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser in which a steward is signed in, of a network that is founded."""
    make_network(session)
    return sign_in(client, make_account(session, role="steward"), session)


def heads(page: str) -> str:
    found = re.search(r'name="heads"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("slug", SLUGS)
def test_everybody_can_read_a_complete_page_from_the_first_day(
    client: FlaskClient, session: Session, slug: str
) -> None:
    make_network(session)
    page = client.get(f"/{slug}")
    assert page.status_code == 200
    assert page.text.count("<h2") >= 4
    assert "PartnerNet" in page.text and "{{" not in page.text and "{%" not in page.text


@pytest.mark.parametrize("slug", ["privacy", "accessibility"])
def test_a_page_names_whom_to_turn_to(client: FlaskClient, session: Session, slug: str) -> None:
    make_network(session)
    settle(session, "controller", "Wether Fell Youth Dance, 1 High Street")
    settle(session, "contact", "help@wether.example")
    commit(session)
    page = client.get(f"/{slug}").text
    assert "help@wether.example" in page
    assert ("1 High Street" in page) == (slug == "privacy")


@pytest.mark.parametrize("slug", SLUGS)
def test_stewards_word_a_page_and_change_it_again(steward: FlaskClient, slug: str) -> None:
    edit = f"/pages/{slug}/edit"
    assert "<h2" not in steward.get(edit).text.split("<textarea")[1].split("</textarea")[0]
    given = {"title": "In our words", "body": "## A heading\n\nWhat we mean."}
    assert steward.post(edit, data=given).headers["Location"] == f"/{slug}"
    page = steward.get(f"/{slug}").text
    assert "In our words" in page and "What we mean." in page
    again = given | {"body": "Better words.", "heads": heads(steward.get(edit).text)}
    steward.post(edit, data=again)
    page = steward.get(f"/{slug}").text
    assert "Better words." in page and "What we mean." not in page


def test_an_empty_page_is_422_with_the_words_kept(steward: FlaskClient) -> None:
    answer = steward.post("/pages/privacy/edit", data={"title": "", "body": "Half a page"})
    assert answer.status_code == 422 and "Half a page" in answer.text


@pytest.mark.parametrize("address", ["/pages/privacy/edit", "/about/edit"])
def test_members_do_not_word_pages(client: FlaskClient, session: Session, address: str) -> None:
    make_network(session)
    assert client.get(address).status_code in (303, 404)
    sign_in(client, make_account(session, "Member Only"), session)
    given = {"title": "Mine", "body": "Mine", "name": "Mine"}
    assert client.get(address).status_code == client.post(address, data=given).status_code == 403
    assert "Mine" not in client.get("/privacy").text


def test_only_the_known_pages_are_worded(steward: FlaskClient) -> None:
    assert steward.get("/pages/anything/edit").status_code == 404


def test_a_page_that_another_server_writes_under_the_same_address_never_counts(
    client: FlaskClient, session: Session
) -> None:
    make_network(session)
    by = actor_of(session, make_account(session))
    values = {"slug": "privacy", "title": "False", "body": "Give us all."}
    op = verbs.create(session, by, "page", "public", values)
    assert pages.find(session, own_node().id, "privacy") is not None
    session.get_one(Entry, op.id).node = "z" * 52  # as if it had come from another server
    session.flush()
    assert pages.find(session, own_node().id, "privacy") is None


def test_a_worded_page_can_be_reached_by_its_id(steward: FlaskClient, session: Session) -> None:
    steward.post("/pages/charter/edit", data={"title": "Ours", "body": "What we agreed."})
    read_again(session)
    found = pages.find(session, own_node().id, "charter")
    assert found is not None
    assert "What we agreed." in steward.get(f"/pages/{found.entry.id[:12]}-ours").text


def test_stewards_change_the_name_and_the_welcome(app: Flask, steward: FlaskClient, session: Session) -> None:
    form = steward.get("/about/edit").text
    given = {
        "name": "Four Tides", "welcome": "Come in, **all**.", "controller": "Us", "contact": "tide@example.org",
        "heads": heads(form),
    }  # fmt: skip
    assert steward.post("/about/edit", data=given).status_code == 303
    page = app.test_client().get("/about").text
    assert all(words in page for words in ("About Four Tides", "<strong>all</strong>", "tide@example.org"))
    read_again(session)
    network = own_network(session)
    assert network is not None and network.name == "Four Tides"
    assert "tide@example.org" not in str(session.get_one(Entry, network.id).__dict__)


def test_a_network_needs_a_name(steward: FlaskClient) -> None:
    assert steward.post("/about/edit", data={"name": " ", "welcome": "x"}).status_code == 422


def test_where_the_network_is_worded_elsewhere_stewards_settle_their_own_server_only(
    client: FlaskClient, session: Session
) -> None:
    settle(session, "network", "c" * 52)
    commit(session)
    sign_in(client, make_account(session, role="steward"), session)
    assert 'name="welcome"' not in client.get("/about/edit").text
    assert client.post("/about/edit", data={"contact": "here@example.org", "name": "Taken"}).status_code == 303
    assert "here@example.org" in client.get("/privacy").text


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_begins_in_the_language_of_its_reader(client: FlaskClient, session: Session, slug: str) -> None:
    make_network(session)
    english, welsh = (client.get(f"/{slug}", headers={"Accept-Language": each}).text for each in ("en", "cy"))
    assert "nid oes" in welsh.lower() and "nid oes" not in english.lower()
    assert welsh.count("<h2") == english.count("<h2") and welsh.count("<li>") == english.count("<li>")
