"""Where nothing was found, the page says what finds something, with how much, and nothing that one may not see."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.people.model import Account
from tests.factories import actor_of, make_account, sign_in
from tests.search.cast import discuss, update


@pytest.fixture
def ruth(session: Session) -> Account:
    return make_account(session, "Ruth Adeyemi")


def ways(page: str) -> dict[str, tuple[str, int]]:
    """What finds something: where it leads, and how much there is, by its words."""
    part = page.partition('id="ways"')[2].partition("</section>")[0]
    found = re.findall(r'href="([^"]+)"[^>]*><span dir="auto">(.*?)</span> <span class="facets__count">([\d,]+)<', part)
    return {unescape(words): (unescape(url), int(count)) for url, words, count in found}


def test_each_narrowing_is_dropped_with_what_there_would_be(client: FlaskClient, session: Session) -> None:
    for n in range(3):
        discuss(session, f"A kettle {n}")
    discuss(session, "An old kettle", date=1_500_000_000_000)
    update()
    page = client.get("/search?q=kettle&kind=idea&to=2018").text
    assert "Nothing was found" in page
    offered = ways(page)
    assert list(offered) == ["Without narrowing", "Not only Ideas"]
    assert [count for _, count in offered.values()] == [4, 1]
    for url, count in offered.values():
        assert client.get(url.replace("/search", "/search.json")).json["count"] == count  # type: ignore[index] # it is JSON


def test_fewer_words_and_words_apart_are_offered(client: FlaskClient, session: Session) -> None:
    discuss(session, "A kettle and a heron")
    discuss(session, "A heron over a weir")
    update()
    offered = ways(client.get("/search?q=kettle+heron+zebra&all=1").text)
    assert offered["Without “zebra”"][1] == 1 and offered["With any of the words"][1] == 2
    assert "Without “heron”" not in offered
    offered = ways(client.get('/search?q="heron kettle"').text)
    assert offered["Without quotation marks"][1] == 2


def test_near_titles_and_words_of_the_list_are_offered(client: FlaskClient, session: Session, ruth: Account) -> None:
    discuss(session, "Performances for ferries", "Nothing else.")
    by = actor_of(session, ruth)
    verbs.create(session, by, "term", "network", {"title": "Get-in", "also": ["load-in"], "body": "What it takes."})
    commit(session)
    update()
    address = "/search?q=performers+geting&all=1&kind=news"
    assert "Performances for ferries" in client.get(address).text and "Get-in" not in client.get(address).text
    sign_in(client, ruth, session)
    page = client.get(address).text
    assert "Titles that are nearly so" in page and "In the word list" in page and ">Get-in</a>" in page


def test_what_is_hidden_helps_nobody_who_may_not_see_it(client: FlaskClient, session: Session, ruth: Account) -> None:
    discuss(session, "Kettles among ourselves", by=actor_of(session, ruth), log="network")
    update()
    address = "/search?q=kettle&kind=news"
    page = client.get(address).text
    assert "Nothing was found" in page and "among ourselves" not in page and not ways(page)
    sign_in(client, ruth, session)
    page = client.get(address).text
    assert "Kettles among ourselves" in page and ways(page)["Not only News"][1] == 1


def test_as_many_ways_as_are_worth_trying_are_tried(client: FlaskClient, session: Session) -> None:
    update()
    words = "+".join(f"word{n}" for n in range(40))
    assert client.get(f"/search?q={words}&all=1&kind=news&tag=x&year=1999&stage=do_more&by=nobody").status_code == 200


def test_what_is_near_is_looked_for_by_a_few_words_alone(client: FlaskClient, session: Session) -> None:
    discuss(session, "Performances for ferries", "Nothing else.")
    update()
    words = [f"{letter}zzzz" for letter in "abcdeghijkl"]
    assert "Performances for ferries" in client.get(f"/search?q={'+'.join([*words, 'performers'])}&kind=news").text
    words.append("mzzzz")
    assert "Performances for ferries" not in client.get(f"/search?q={'+'.join([*words, 'performers'])}&kind=news").text
