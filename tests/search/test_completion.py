"""What a search box offers while somebody types: what begins so, and nothing that the reader could not find."""

import json
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.entry import Entry
from partnernet.entries import model as entries
from partnernet.people.model import Account
from partnernet.search import completion
from partnernet.search.completion import SHORTEST
from tests.factories import actor_of, browser_of, make_account, make_entry, make_network, make_partner
from tests.search.cast import update
from tests.statements import counted


@pytest.fixture
def tomasz(session: Session) -> Account:
    return make_account(session, "Tomasz Łukasik", visibility="public")


@pytest.fixture
def hers(session: Session) -> FlaskClient:
    return browser_of(make_account(session, "Ruth Adeyemi"), session)


def offered(browser: FlaskClient, typed: str) -> dict[str, list[str]]:
    """What is offered, by sort."""
    told = json.loads(browser.get("/search/suggestions.json", query_string={"q": typed}).text)
    assert told[0] == typed and len({len(part) for part in told[1:]}) == 1
    found: dict[str, list[str]] = {}
    for text, about in zip(told[1], told[2], strict=True):
        found.setdefault(about, []).append(text)
    return found


def test_titles_people_partners_and_tags_that_begin_so_are_offered(
    session: Session, hers: FlaskClient, tomasz: Account
) -> None:
    make_partner(session, "Kilnworks")
    make_account(session, "Maisie Kilner")
    make_entry(session, tomasz, title="Who has a kiln?", tags=["kilns", "clay"])
    make_entry(session, tomasz, kind="idea", title="A travelling press")
    assert offered(hers, "kiln") == {
        "Discussion": ["Who has a kiln?"], "People": ["Maisie Kilner"], "Partners": ["Kilnworks"], "Tags": ["kilns"],
    }  # fmt: skip
    part = hers.get("/search/suggestions?q=kiln").text
    assert part.count('role="option"') == 4 and part.count('role="group"') == 4
    assert 'data-url="/partners/' in part and 'data-url="/entries?tag=kilns"' in part and "<html" not in part


def test_each_typed_word_begins_a_word_without_accents_or_capitals(
    session: Session, hers: FlaskClient, tomasz: Account
) -> None:
    make_entry(session, tomasz, title="Théâtre in the Village Hall")
    make_entry(session, tomasz, title="Hall of the village")
    assert offered(hers, "THEATRE vil") == {"Discussion": ["Théâtre in the Village Hall"]}
    assert offered(hers, "hall vi")["Discussion"] == ["Hall of the village", "Théâtre in the Village Hall"]
    assert offered(hers, "eatre") == {}
    assert offered(hers, "tomasz") == {"People": ["Tomasz Łukasik"]}


@pytest.mark.parametrize("typed", ["", "k", "  k ", "?!", "%%", "k" * 101, "[", "\\", "kiln zzz"])
def test_what_says_too_little_or_too_much_offers_nothing(
    session: Session, hers: FlaskClient, tomasz: Account, typed: str
) -> None:
    make_entry(session, tomasz, title="Who has a kiln?", tags=["kilns"])
    answer = hers.get("/search/suggestions", query_string={"q": typed})
    assert answer.status_code == 200 and "option" not in answer.text
    assert SHORTEST == 2


def test_strangers_are_offered_what_is_public(session: Session, client: FlaskClient, tomasz: Account) -> None:
    make_account(session, "Kim Kilner")
    make_entry(session, tomasz, title="Kilns among ourselves", tags=["kiln secrets"])
    make_entry(session, tomasz, title="Kilns for everybody", visibility="public", tags=["kiln open"])
    assert offered(client, "kiln") == {"Discussion": ["Kilns for everybody"], "Tags": ["kiln open"]}
    assert offered(client, "tom") == {"People": ["Tomasz Łukasik"]}


def test_what_is_narrowed_removed_or_erased_is_offered_no_more(
    session: Session, client: FlaskClient, hers: FlaskClient, tomasz: Account
) -> None:
    by = actor_of(session, tomasz)
    one, two, three = (
        make_entry(session, tomasz, title=f"Kiln {n}", visibility="public", tags=[f"kiln{n}"]) for n in range(3)
    )
    assert offered(client, "kiln") == {
        "Discussion": ["Kiln 2", "Kiln 1", "Kiln 0"],
        "Tags": ["kiln0", "kiln1", "kiln2"],
    }
    entries.remove(session, one, by=by)
    entries.erase(session, two, by=by)
    commit(session)
    assert offered(client, "kiln") == {"Discussion": ["Kiln 2"], "Tags": ["kiln2"]}
    write(session)
    session.get_one(Entry, three.id).log = "network"  # and the ledger says nothing of it: the database decides
    commit(session)
    assert offered(client, "kiln") == {}
    assert offered(hers, "kiln")["Discussion"] == ["Kiln 2"]


def test_few_of_each_sort_are_offered_in_few_statements(session: Session, hers: FlaskClient, tomasz: Account) -> None:
    for n in range(9):
        make_entry(session, tomasz, title=f"Kiln {n}", tags=[f"kiln{n}"])
    assert {sort: len(texts) for sort, texts in offered(hers, "kiln").items()} == {"Discussion": 4, "Tags": 3}
    with counted() as statements:
        hers.get("/search/suggestions?q=kil")
    assert len([statement for statement in statements if not statement.startswith("set ")]) <= 4


def test_what_is_kept_in_memory_is_read_anew_when_the_ledger_goes_on(
    session: Session, hers: FlaskClient, tomasz: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_entry(session, tomasz, title="Kiln")
    read: list[int] = []
    before = completion._read
    monkeypatch.setattr(completion, "_read", lambda *given: read.append(1) or before(*given))
    offered(hers, "ki")
    offered(hers, "kil")
    assert len(read) == 1
    make_entry(session, tomasz, title="Kilns")
    assert offered(hers, "kiln")["Discussion"] == ["Kilns", "Kiln"] and len(read) == 2


def test_a_browser_is_told_how_to_search_here(session: Session, client: FlaskClient) -> None:
    make_network(session)
    page = client.get("/login").text
    assert '<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in page
    answer = client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    told = ElementTree.fromstring(answer.text)
    name = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    templates = {url.get("type"): url.get("template") for url in told.findall("o:Url", name) if url.get("rel") is None}
    assert templates == {
        "text/html": "http://localhost/search?q={searchTerms}",
        "application/x-suggestions+json": "http://localhost/search/suggestions.json?q={searchTerms}",
    }
    short = told.find("o:ShortName", name)
    assert short is not None and short.text and len(short.text) <= 16
    answer = client.get("/search/suggestions.json?q=hall")
    assert answer.mimetype == "application/x-suggestions+json" and json.loads(answer.text) == ["hall", [], [], []]


def test_words_that_go_on_so_are_offered_to_those_who_may_read_them(
    session: Session, client: FlaskClient, hers: FlaskClient, tomasz: Account
) -> None:
    make_entry(session, tomasz, body="A kilometre of herons.", visibility="public")
    hidden = make_entry(session, tomasz, body="Kilowatts among ourselves.")
    update()
    assert offered(client, "two kilo") == {"Search for": ["two kilometre"]}
    assert offered(hers, "kilo")["Search for"] == ["kilometre", "kilowatts"]
    assert 'data-url="/search?q=two+kilometre"' in client.get("/search/suggestions?q=two+kilo").text
    entries.remove(session, hidden, by=actor_of(session, tomasz))
    commit(session)  # and the index has not heard of it yet
    assert offered(hers, "kilo")["Search for"] == ["kilometre"]


def test_titles_further_back_than_are_looked_through_are_found_in_the_index(
    session: Session, hers: FlaskClient, tomasz: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completion, "LOOKED_THROUGH", 1)
    make_entry(session, tomasz, title="Who has a kiln to lend?", body="")
    make_entry(session, tomasz, title="A press", body="with a kiln, and its kilnmaster")
    update()
    assert offered(hers, "kil")["Discussion"] == ["Who has a kiln to lend?"]
    assert offered(hers, "lend ki")["Discussion"] == ["Who has a kiln to lend?"]
