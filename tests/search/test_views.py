"""The pages of search, for people and for programs."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from partnernet.core.db import db
from tests.factories import actor_of, make_account, make_network, make_partner, sign_in
from tests.search.cast import HALL, answer, discuss, update
from tests.search.nasty import NASTY


@pytest.fixture
def talk(session: Session) -> None:
    make_network(session)
    hall = discuss(session, HALL, "Forty chairs & a press.", source="list:1", date=1_750_000_000_000)
    answer(session, hall, "The hall has a single door.")
    discuss(session, "Hall keys", "Kept by the network.", log="network")
    update()


@pytest.mark.usefixtures("talk")
def test_a_stranger_finds_what_is_public(client: FlaskClient) -> None:
    page = client.get("/search?q=hall").text
    assert "<b>2 places</b> for <b>hall</b>" in page
    assert "<mark>hall</mark>" in page
    assert "Hall keys" not in page
    assert "Kept by" not in page


@pytest.mark.usefixtures("talk")
def test_a_member_finds_what_is_the_network_s_too(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_account(session), session)
    assert "keys" in client.get("/search?q=hall").text
    assert client.get("/search.json?q=hall").json["count"] == 3  # type: ignore[index] # it is JSON


@pytest.mark.usefixtures("talk")
def test_htmx_gets_the_part_that_changes(client: FlaskClient) -> None:
    part = client.get("/search?q=hall", headers={"HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<div class="search__found" id="found" data-searched="hall">')
    assert "HX-Request-Type" in part.headers["Vary"]
    assert part.text.strip() in client.get("/search?q=hall").text
    assert 'data-announce="2 places found"' in part.text


def test_an_empty_page_says_how_to_search(client: FlaskClient) -> None:
    assert "How to search" in client.get("/search").text


@pytest.mark.usefixtures("talk")
def test_finding_nothing_says_what_to_try(client: FlaskClient) -> None:
    page = client.get("/search?q=zzz&kind=discussion").text
    assert "Nothing was found" in page
    assert "filters all make the search narrower" in page and "This finds something" not in page


@pytest.mark.usefixtures("talk")
def test_the_form_of_the_answer_to_programs(client: FlaskClient) -> None:
    answered = client.get("/search.json?q=chairs").json
    assert answered is not None
    assert list(answered) == ["also", "corrected", "count", "hits", "is_capped", "notes", "query"]
    (hit,) = answered["hits"]
    assert sorted(hit) == ["id", "kind", "root", "score", "section", "snippet", "source", "title", "url", "when"]
    assert (hit["kind"], hit["title"], hit["source"]) == ("discussion", HALL, "list:1")
    assert hit["when"] == "2025-06-15T15:06:40Z"
    assert hit["snippet"] == "Forty <mark>chairs</mark> &amp; a press."
    assert hit["url"].startswith("/discussions/")


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    ("narrowing", "count"),
    [("kind=reply", 1), ("kind=nonsense", 0), ("from=2026", 1), ("to=2025", 1), ("from=2025-06-15&to=2025-06-15", 1),
     ("from=soon", 2), ("sort=date", 2), ("sort=nonsense&page=x", 2), ("page=0", 2), ("limit=1", 2)],
)  # fmt: skip
def test_the_address_narrows(client: FlaskClient, narrowing: str, count: int) -> None:
    assert client.get(f"/search.json?q=hall&{narrowing}").json["count"] == count  # type: ignore[index] # it is JSON


def test_partners_narrow_and_are_offered(client: FlaskClient, session: Session) -> None:
    one, two = make_partner(session, "Cordage"), make_partner(session, "Inchmarrow")
    for partner in (one, two):
        account = make_account(session, f"Ruth of {partner.name}", partner=partner.id)
        discuss(session, f"Heron of {partner.name}", by=actor_of(session, account))
    update()
    page = client.get("/search?q=heron").text
    assert f"partner={one.id}" in page
    narrowed = client.get(f"/search.json?q=heron&partner={one.id}").json
    assert narrowed is not None
    assert [hit["title"] for hit in narrowed["hits"]] == ["Heron of Cordage"]


def test_pages_go_on_to_the_hundredth(client: FlaskClient, session: Session) -> None:
    for n in range(11):
        discuss(session, f"Heron {n}")
    update()
    first = client.get("/search?q=heron").text
    assert "<b>11 places</b> for <b>heron</b>" in first and 'rel="next"' in first
    last = client.get("/search?q=heron&page=2").text
    assert "Page 2 of what was found." in last and last.count('class="results__title"') == 1
    assert 'rel="next"' not in last and 'rel="prev"' in last
    beyond = client.get("/search?q=heron&page=99999999")
    assert beyond.status_code == 200
    assert "no such page" in beyond.text


@pytest.mark.usefixtures("talk")
def test_no_query_fails(client: FlaskClient) -> None:
    for text in NASTY:
        cut = text.encode("utf-8", "ignore").decode()[:6_000]
        expected = 400 if "\0" in cut else 200  # U+0000 stands in no address
        for address in ("/search", "/search.json"):
            parameters = {"q": cut, "kind": cut[:400], "partner": cut[:400], "from": cut[:99], "page": cut[:99]}
            assert client.get(address, query_string={"q": cut}).status_code == expected, text[:80]
            assert client.get(address, query_string=parameters).status_code == expected, text[:80]


def test_a_page_takes_the_same_few_statements_however_much_it_shows(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    counts = []
    for n in (2, 18):
        for m in range(n):
            entry = discuss(session, f"Heron {n} {m}", "Body", summary="Summary")
            answer(session, entry, "A heron below")
        update()
        client.get("/search?q=heron")
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given, kept=statements: kept.append(given[2]))
        client.get("/search?q=heron")
        counts.append(len([one for one in statements if one.lower().startswith("select")]))
    assert counts[0] == counts[1] <= 6


@pytest.mark.usefixtures("talk")
def test_what_was_meant_is_searched_and_what_was_typed_is_one_link_away(client: FlaskClient) -> None:
    page = client.get("/search?q=chiars").text
    assert "Showing results for <b>chairs</b>." in page
    assert "<b>1 place</b> for <b>chairs</b>" in page
    assert '<a href="/search?q=chiars&amp;exact=1">Search for “chiars” instead</a>' in page
    assert 'value="chiars"' in page
    typed = client.get("/search?q=chiars&exact=1").text
    assert "Showing results" not in typed and "Nothing was found" in typed


@pytest.mark.usefixtures("talk")
def test_programs_are_told_what_was_searched_instead(client: FlaskClient) -> None:
    meant, typed = (client.get(f"/search.json?q=chiars{more}").json for more in ("", "&exact=1"))
    assert meant and typed
    assert (meant["query"], meant["corrected"], meant["count"]) == ("chiars", "chairs", 1)
    assert (typed["query"], typed["corrected"], typed["count"]) == ("chiars", None, 0)


def test_a_program_is_given_as_many_hits_as_ever(client: FlaskClient, session: Session) -> None:
    for n in range(21):
        discuss(session, f"A heron {n}")
    update()
    assert len(client.get("/search.json?q=heron").json["hits"]) == 20  # type: ignore[index] # it is JSON


def test_where_there_is_no_index_nobody_is_told_that_there_is_nothing(client: FlaskClient) -> None:
    page = client.get("/search?q=heron").text
    assert "being made" in page
    assert "Nothing was found" not in page
    assert "no such page" not in page
