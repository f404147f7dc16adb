"""The pages of partners."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.partners.model import Partner
from partnernet.people.model import Person
from tests.factories import actor_of, make_account, make_partner, read_again, sign_in

CARD = {
    "name": "The Wool Hall", "place": "Settle", "region": "North", "art_forms": "dance,  Youth Theatre, dance",
    "offers": "A **stage**.", "seeks": "", "website": "woolhall.example", "about": "",
}  # fmt: skip


@pytest.fixture
def josie(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser in which a member is signed in."""
    return sign_in(client, make_account(session), session)


def heads(page: str) -> str:
    found = re.search(r'name="heads"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_partner_is_added_without_any_account(app: Flask, josie: FlaskClient, session: Session) -> None:
    answer = josie.post("/partners/new", data=CARD)
    assert answer.status_code == 303
    partner = session.scalars(select(Partner)).one()
    assert partner.art_forms == ["dance", "Youth Theatre"]
    assert partner.website == "https://woolhall.example"
    page = app.test_client().get(answer.headers["Location"]).text
    assert "The Wool Hall" in page and "<strong>stage</strong>" in page and 'href="https://woolhall.example"' in page


def test_whoever_adds_their_own_partner_is_of_it(josie: FlaskClient, session: Session) -> None:
    josie.post("/partners/new", data=CARD | {"mine": "y"})
    partner = session.scalars(select(Partner)).one()
    assert session.scalars(select(Person.partner)).one() == partner.id
    assert "Josie Calder" in josie.get(f"/partners/{partner.id[:12]}").text


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"website": "javascript:alert(1)"}, {"art_forms": ",".join("abcdefghijklmnopqrstu")},
              {"about": "x" * 20_001}]
)  # fmt: skip
def test_what_needs_another_look_is_422_with_the_words_kept(josie: FlaskClient, wrong: dict[str, str]) -> None:
    answer = josie.post("/partners/new", data=CARD | {"seeks": "Half a thought"} | wrong)
    assert answer.status_code == 422
    assert "Half a thought" in answer.text and f'href="#{next(iter(wrong))}"' in answer.text


def test_strangers_read_and_do_not_write(client: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    assert client.get("/partners").status_code == client.get(f"/partners/{partner.id[:12]}").status_code == 200
    assert client.get("/partners/new").headers["Location"].startswith("/login")
    assert client.get(f"/partners/{partner.id[:12]}/edit").status_code == 404
    assert client.post(f"/partners/{partner.id[:12]}/edit", data=CARD).status_code == 401


def test_any_member_keeps_a_card_up_to_date(josie: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    address = f"/partners/{partner.id[:12]}/edit"
    given = CARD | {"name": partner.name, "heads": heads(josie.get(address).text)}
    assert josie.post(address, data=given).status_code == 303
    read_again(session)
    assert session.get_one(Partner, partner.id).offers == "A **stage**."


def test_two_changes_at_once_are_both_kept_until_somebody_makes_one(
    app: Flask, josie: FlaskClient, session: Session
) -> None:
    partner = make_partner(session, offers="Once")
    samira = sign_in(app.test_client(), make_account(session, "Samira Khan"), session)
    address = f"/partners/{partner.id[:12]}"
    seen = heads(josie.get(address + "/edit").text)
    given = CARD | {"name": partner.name, "heads": seen}
    josie.post(address + "/edit", data=given | {"offers": "From Josie"})
    samira.post(address + "/edit", data=given | {"offers": "From Samira"})
    assert "changed in several places at the same time" in josie.get(address).text
    both = josie.get(address + "/edit", follow_redirects=True).text
    assert ">Josie</mark>" in both and ">Samira</mark>" in both
    josie.post(address + "/edit", data=given | {"offers": "From both", "heads": heads(both)})
    settled = josie.get(address).text
    assert "From both" in settled and "changed in several" not in settled


def test_saving_without_a_change_writes_nothing(josie: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    before = session.get_one(Entry, partner.id).heads
    given = dict.fromkeys(CARD, "") | {"name": partner.name, "heads": " ".join(before)}
    assert josie.post(f"/partners/{partner.id[:12]}/edit", data=given).status_code == 303
    read_again(session)
    assert session.get_one(Entry, partner.id).heads == before


def test_a_profile_shows_its_people_and_what_they_wrote_to_those_who_may_see(
    app: Flask, josie: FlaskClient, session: Session
) -> None:
    partner, other = make_partner(session), make_partner(session, "Another")
    samira = make_account(session, "Samira Khan", partner=partner.id)
    make_account(session, "Somebody Else", partner=other.id)
    by = actor_of(session, samira)
    verbs.create(session, by, "discussion", "network", {"title": "Among us", "body": "x"})
    verbs.create(session, by, "discussion", "public", {"title": "Said to all", "body": "x"})
    commit(session)
    address = f"/partners/{partner.id[:12]}"
    member, stranger = josie.get(address).text, app.test_client().get(address).text
    assert all(words in member for words in ("Samira Khan", "Among us", "Said to all"))
    assert "Somebody Else" not in member
    assert "Said to all" in stranger and "Among us" not in stranger and "Samira" not in stranger


def test_the_directory_filters_by_link(client: FlaskClient, session: Session) -> None:
    make_partner(session, "The Wool Hall", region="North", art_forms=["dance"])
    make_partner(session, "Beacon Museum", region="Highlands", art_forms=["museums"])
    page = client.get("/partners?region=North").text
    assert "The Wool Hall" in page and "Beacon Museum" not in page and "1 partner of 2" in page
    assert "No partner is like that" in client.get("/partners?region=North&art_form=museums").text


@pytest.mark.parametrize("ref", ["x", "a" * 12, "a" * 12 + "-slug"])
def test_a_partner_that_is_not_there_is_404(client: FlaskClient, ref: str) -> None:
    assert client.get(f"/partners/{ref}").status_code == 404


def test_another_kind_is_not_a_partner(josie: FlaskClient, session: Session) -> None:
    card = session.scalars(select(Person.id)).one()
    assert josie.get(f"/partners/{card[:12]}").status_code == 404
    assert josie.get(f"/partners/{card[:12]}/edit").status_code == 404


def test_text_on_a_card_cannot_run(josie: FlaskClient, session: Session) -> None:
    partner = make_partner(session, about="<script>alert(1)</script> [x](javascript:alert(1))", place="<b>")
    page = josie.get(f"/partners/{partner.id[:12]}").text
    assert "<script>alert" not in page and 'href="javascript' not in page
    assert "&lt;b&gt;" in page
