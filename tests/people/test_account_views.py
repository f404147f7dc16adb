"""One's own account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.people import accounts, delays
from partnernet.people.model import Account, Person
from tests.factories import PASSWORD, make_account, make_partner, read_again, sign_in

ANOTHER = "seven herons on the estuary"
CARD = {"name": "Josie Calder", "partner": "", "about": "", "visibility": "network"}

PAGES = ["/account", "/account/card", "/account/password", "/account/sessions", "/account/data", "/account/leave"]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, page: str) -> None:
    assert client.get(page).headers["Location"].startswith("/login?next=/account")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(client: FlaskClient, session: Session, page: str) -> None:
    assert sign_in(client, make_account(session), session).get(page).status_code == 200


def test_a_card_says_what_its_person_wrote(client: FlaskClient, session: Session) -> None:
    partner, josie = make_partner(session), make_account(session)
    sign_in(client, josie, session)
    given = CARD | {"name": "Josie C. Calder", "partner": partner.id, "about": "Ask me about **touring**."}
    assert client.post("/account/card", data=given).status_code == 303
    read_again(session)
    person = session.get_one(Person, josie.card)
    assert (person.name, person.partner, person.about) == ("Josie C. Calder", partner.id, "Ask me about **touring**.")


def test_a_card_moves_when_it_is_opened_to_everybody_and_back(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    josie, stranger = make_account(session), app.test_client()
    first = josie.card
    sign_in(client, josie, session)
    client.post("/account/card", data=CARD | {"about": "Open now", "visibility": "public"})
    read_again(session)
    second = session.get_one(Account, josie.id).card
    assert second != first
    assert "Open now" in stranger.get(f"/people/{second[:12]}").text
    assert stranger.get(f"/people/{first[:12]}").status_code == 404
    assert client.get(f"/people/{first[:12]}").headers["Location"] == f"/people/{second[:12]}-josie-calder"
    client.post("/account/card", data=CARD | {"about": "Closed again"})
    assert "Open now" not in stranger.get(f"/people/{second[:12]}").text
    assert "Josie" not in stranger.get("/people").text
    assert client.get("/people").text.count("Josie Calder</a>") == 1
    assert client.get("/account").status_code == 200


def test_a_card_that_needs_another_look_keeps_what_was_typed(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_account(session), session)
    answer = client.post("/account/card", data=CARD | {"name": "", "about": "Half a thought"})
    assert answer.status_code == 422
    assert "Half a thought" in answer.text and 'href="#name"' in answer.text


def test_a_partner_that_is_none_is_refused(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_account(session), session)
    assert client.post("/account/card", data=CARD | {"partner": "x" * 52}).status_code == 422


def test_a_new_password_needs_the_present_one_and_signs_others_out(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    josie = make_account(session)
    other = sign_in(app.test_client(), josie, session)
    sign_in(client, josie, session)
    wrong = client.post("/account/password", data={"present": "wrong password!", "password": ANOTHER})
    assert wrong.status_code == 422 and "This is not your password" in wrong.text
    assert client.post("/account/password", data={"present": PASSWORD, "password": "short"}).status_code == 422
    assert client.post("/account/password", data={"present": PASSWORD, "password": ANOTHER}).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    given = {"email": josie.email, "password": ANOTHER}
    assert app.test_client().post("/login", data=given).status_code == 303


def test_guessing_the_present_password_is_delayed(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_account(session), session)
    given = {"present": "wrong password!", "password": ANOTHER}
    answers = [client.post("/account/password", data=given).status_code for _ in range(delays.BY_EMAIL.free + 1)]
    assert answers == [422] * delays.BY_EMAIL.free + [429]


def test_signing_out_everywhere_ends_all_browsers_of_this_person_only(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    josie, samira = make_account(session), make_account(session, "Samira Khan")
    phone = sign_in(app.test_client(), josie, session)
    another = sign_in(app.test_client(), samira, session)
    sign_in(client, josie, session)
    page = client.get("/account/sessions").text
    assert page.count("This browser") == page.count("Another browser") == 1
    assert client.post("/account/sessions").headers["Location"] == "/login"
    assert client.get("/account").status_code == phone.get("/account").status_code == 303
    assert another.get("/account").status_code == 200


def test_leaving_needs_the_password_and_a_tick(client: FlaskClient, session: Session) -> None:
    josie = make_account(session)
    sign_in(client, josie, session)
    for given in ({"password": PASSWORD}, {"sure": "y"}, {"sure": "y", "password": "wrong password!"}):
        assert client.post("/account/leave", data=given).status_code == 422
    read_again(session)
    assert accounts.by_email(session, josie.email) is not None


def test_whoever_leaves_is_gone(app: Flask, client: FlaskClient, session: Session) -> None:
    josie, reader = make_account(session), sign_in(app.test_client(), make_account(session, "Samira Khan"), session)
    card = josie.card
    sign_in(client, josie, session)
    client.post("/account/leave", data={"sure": "y", "password": PASSWORD})
    assert client.get("/account").status_code == 303
    page = reader.get(f"/people/{card[:12]}").text
    assert "A former member" in page and "Josie" not in page
    assert "Josie" not in reader.get("/people").text
    read_again(session)
    assert session.get_one(Entry, card).redacted
    given = {"email": "josie.calder@example.org", "password": PASSWORD}
    assert app.test_client().post("/login", data=given).status_code == 422


def test_the_last_steward_is_told_what_to_do_first(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_account(session, role="steward"), session)
    answer = client.post("/account/leave", data={"sure": "y", "password": PASSWORD})
    assert answer.status_code == 422
    assert "make somebody else a steward first" in answer.text


def test_a_choice_that_was_not_offered_is_refused_in_our_words(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_account(session), session)
    answer = client.post("/account/card", data={"name": "Josie Calder", "visibility": "nobody"})
    assert answer.status_code == 422 and "Please choose one of those that are offered." in answer.text
    assert "Not a valid choice" not in answer.text
