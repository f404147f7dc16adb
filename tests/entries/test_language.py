"""The language of what is written: chosen, or guessed from the text, and said on the page."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.languages import LANGUAGES
from partnernet.people.model import Account
from tests.entries.forms import KINDS, PLURALS, form, share
from tests.factories import make_entry, make_reply, read_again

WELSH = "Cawsom gyfarfod yn yr hen felin ddydd Gwener i drafod pwy allai gynnal y Fforwm yn y gwanwyn."
FRENCH = "Nous nous sommes réunis vendredi dans le vieux moulin pour parler de la suite."


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind in turn."""
    return str(request.param)


def entry_at(session: Session, address: str) -> Entry:
    read_again(session)
    return session.query(Entry).filter(Entry.id.startswith(address.split("/")[2][:12])).one()


def prose(page: str) -> list[str]:
    """The languages of the texts of a page, empty where none is said."""
    return re.findall(r'<div class="prose[^"]*" dir="auto"(?: lang="([^"]*)")?><p>', page)


def test_nobody_has_to_choose_a_language(hers: FlaskClient, session: Session, kind: str) -> None:
    page = hers.get(f"/{PLURALS[kind]}/new").text
    assert '<option selected value="">Guess from the text</option>' in page
    assert all(f'<option lang="{code}" value="{code}">{name}</option>' in page for code, name in LANGUAGES.items())
    assert entry_at(session, share(hers, kind)).lang == ""


def test_a_language_that_was_chosen_is_kept_and_can_be_changed(hers: FlaskClient, session: Session, kind: str) -> None:
    address = share(hers, kind, lang="fr")
    entry = entry_at(session, address)
    assert entry.lang == "fr"
    page = hers.get(address).text
    assert re.search(r'<h1[^>]* lang="fr">', page) and prose(page)[0] == "fr"
    assert re.search(rf'<a href="{address}" dir="auto" lang="fr">', hers.get(f"/{PLURALS[kind]}").text)
    edit = hers.get(f"{address}/edit").text
    assert '<option lang="fr" selected value="fr">' in edit
    hers.post(f"{address}/edit", data=form(kind) | {"lang": "", "heads": " ".join(entry.heads)})
    assert entry_at(session, address).lang == ""
    assert prose(hers.get(address).text)[0] == ""


def test_a_form_without_the_choice_leaves_the_language_as_it_is(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "news", lang="de")
    hers.post(f"{address}/edit", data=form("news") | {"title": "Another title"})
    entry = entry_at(session, address)
    assert (entry.title, entry.lang) == ("Another title", "de")


def test_a_language_that_is_not_offered_is_refused(hers: FlaskClient) -> None:
    answer = hers.post("/news/new", data=form("news") | {"lang": "xx"})
    assert answer.status_code == 422
    assert "Please choose one of those that are offered." in answer.text


def test_a_language_from_elsewhere_stays(hers: FlaskClient, session: Session, josie: Account) -> None:
    entry = make_entry(session, josie, "note", title="Cruinneachadh", body="Tha sinn ann.", lang="gd")
    page = hers.get(f"/notes/{entry.id[:12]}").text
    assert prose(page)[0] == "gd"
    assert '<option selected value="gd">gd</option>' in hers.get(f"/notes/{entry.id[:12]}/edit").text


def test_the_language_of_a_text_is_guessed_where_nobody_said_it(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "discussion", title="Y Fforwm", body=WELSH)
    hers.post(f"/replies/to/{address.split('/')[2]}", data={"body": FRENCH})
    hers.post(f"/replies/to/{address.split('/')[2]}", data={"body": "This is in the language of the page itself."})
    hers.post(f"/replies/to/{address.split('/')[2]}", data={"body": "Wether Fell!"})
    page = hers.get(address).text
    assert re.search(r'<h1[^>]* lang="cy">', page)
    assert prose(page) == ["cy", "fr", "", ""]
    assert prose(hers.get(address, headers={"Accept-Language": "cy"}).text) == ["", "fr", "en", ""]


def test_what_cannot_be_a_language_is_not_said(hers: FlaskClient, session: Session, josie: Account) -> None:
    entry = make_entry(session, josie, "note", lang='"><script>')
    make_reply(session, entry, josie)
    page = hers.get(f"/notes/{entry.id[:12]}").text
    assert prose(page)[0] == "" and 'lang="&' not in page
