"""The stewards' desk."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.people.model import Account, Link
from tests.factories import make_account, make_partner, read_again, sign_in


@pytest.fixture
def steward(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser in which a steward is signed in."""
    return sign_in(client, make_account(session, "Josie Calder", role="steward"), session)


def shown_link(text: str) -> str:
    found = re.search(r'readonly value="http://localhost(/(?:join|reset)/[\w-]{43})"', text)
    assert found, text
    return found[1]


@pytest.mark.parametrize("page", ["/people/invitations", "/people/accounts"])
def test_the_desk_is_for_stewards(app: Flask, client: FlaskClient, session: Session, page: str) -> None:
    assert client.get(page).status_code == 303
    member = sign_in(app.test_client(), make_account(session, "Member Only"), session)
    assert member.get(page).status_code == 403


@pytest.mark.parametrize(
    "act", ["invitations/1/withdrawal", "accounts/1/role", "accounts/1/suspension", "accounts/1/reset"]
)
def test_members_cannot_do_what_stewards_do(client: FlaskClient, session: Session, act: str) -> None:
    josie = make_account(session, role="steward")
    sign_in(client, make_account(session, "Member Only"), session)
    assert client.post(f"/people/{act}", data={"role": "member"}).status_code == 403
    read_again(session)
    assert session.get_one(Account, josie.id).role == "steward"


@pytest.mark.parametrize("act", ["invitations/{}/withdrawal", "accounts/{}/role", "accounts/{}/reset"])
@pytest.mark.parametrize("number", ["9" * 10, "9" * 30])
def test_a_number_that_nobody_has_is_not_found(steward: FlaskClient, act: str, number: str) -> None:
    assert steward.post(f"/people/{act.format(number)}", data={"role": "member"}).status_code == 404


def test_an_invitation_is_shown_once_and_works(app: Flask, steward: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    given = {"name": "Sam Reed", "email": "", "partner": partner.id, "role": "steward"}
    answer = steward.post("/people/invitations", data=given)
    assert answer.headers["Cache-Control"] == "no-store"
    link = shown_link(answer.text)
    listing = steward.get("/people/invitations").text
    assert "Sam Reed" in listing and "Wether Fell Youth Dance" in listing
    assert link.rpartition("/")[2] not in listing
    sam = app.test_client()
    joined = sam.post(link, data={"name": "Sam Reed", "email": "sam@example.org", "password": "seven herons at dusk"})
    assert joined.status_code == 303
    assert sam.get("/people/accounts").status_code == 200
    assert "Sam Reed" not in steward.get("/people/invitations").text


def test_an_invitation_can_be_taken_back(app: Flask, steward: FlaskClient, session: Session) -> None:
    link = shown_link(steward.post("/people/invitations", data={"name": "Sam", "role": "member"}).text)
    number = session.scalars(select(Link.id)).one()
    read_again(session)
    assert steward.post(f"/people/invitations/{number}/withdrawal").status_code == 303
    assert app.test_client().get(link).headers["Location"] == "/login"


@pytest.mark.parametrize(
    "given", [{"email": "half", "role": "member"}, {"role": "owner"}, {"partner": "x", "role": "member"}]
)
def test_an_invitation_that_needs_another_look_is_422(steward: FlaskClient, given: dict[str, str]) -> None:
    assert steward.post("/people/invitations", data=given).status_code == 422


def test_roles_change(app: Flask, steward: FlaskClient, session: Session) -> None:
    samira = make_account(session, "Samira Khan")
    hers = sign_in(app.test_client(), samira, session)
    assert hers.get("/people/accounts").status_code == 403
    steward.post(f"/people/accounts/{samira.id}/role", data={"role": "steward"})
    assert hers.get("/people/accounts").status_code == 200
    steward.post(f"/people/accounts/{samira.id}/role", data={"role": "member"})
    assert hers.get("/people/accounts").status_code == 403


def test_the_last_steward_cannot_be_made_a_member(steward: FlaskClient, session: Session) -> None:
    josie = session.scalars(select(Account.id)).one()
    read_again(session)
    for act, given in (("role", {"role": "member"}), ("suspension", {})):
        answer = steward.post(f"/people/accounts/{josie}/{act}", data=given, follow_redirects=True)
        assert "last steward" in answer.text
    assert steward.get("/people/accounts").status_code == 200


def test_an_account_is_stopped_and_let_in_again(app: Flask, steward: FlaskClient, session: Session) -> None:
    samira = make_account(session, "Samira Khan")
    hers = sign_in(app.test_client(), samira, session)
    steward.post(f"/people/accounts/{samira.id}/suspension")
    assert hers.get("/account").status_code == 303
    assert "Stopped" in steward.get("/people/accounts").text
    steward.post(f"/people/accounts/{samira.id}/suspension", data={"undo": "1"})
    assert sign_in(hers, samira, session).get("/account").status_code == 200


def test_a_link_for_a_new_password_is_shown_once(app: Flask, steward: FlaskClient, session: Session) -> None:
    samira = make_account(session, "Samira Khan")
    link = shown_link(steward.post(f"/people/accounts/{samira.id}/reset").text)
    assert link.startswith("/reset/")
    assert app.test_client().post(link, data={"password": "seven herons at dusk"}).status_code == 303


def test_an_account_that_is_not_there_is_404(steward: FlaskClient) -> None:
    for act in ("role", "suspension", "reset"):
        assert steward.post(f"/people/accounts/999/{act}", data={"role": "member"}).status_code == 404


def test_the_stewards_list_shows_addresses_and_members_pages_do_not(
    app: Flask, steward: FlaskClient, session: Session
) -> None:
    samira = make_account(session, "Samira Khan")
    assert samira.email in steward.get("/people/accounts").text
    hers = sign_in(app.test_client(), make_account(session, "Member Only"), session)
    for page in ("/people", f"/people/{samira.card[:12]}"):
        assert samira.email not in hers.get(page).text


def undo_of(page: str) -> tuple[str, dict[str, str]]:
    """Where the notice on a page sends its Undo, and what with it."""
    form = page.partition('<form class="act" action="')[2]
    address, _, rest = form.partition('"')
    given = re.findall(r'name="([^"]*)" value="([^"]*)"', rest.partition("</form>")[0])
    return address, dict(given)


@pytest.mark.parametrize(("act", "given"), [("role", {"role": "steward"}), ("suspension", {})])
def test_what_was_done_to_an_account_can_be_undone_from_the_page_that_says_so(
    steward: FlaskClient, session: Session, act: str, given: dict[str, str]
) -> None:
    samira = make_account(session, "Samira Khan")
    answer = steward.post(f"/people/accounts/{samira.id}/{act}", data=given)
    page = steward.get(answer.headers["Location"]).text
    assert "Samira Khan" in page.partition('id="main"')[0]
    address, fields = undo_of(page)
    assert steward.post(address, data=fields).status_code == 303
    read_again(session)
    again = session.get_one(Account, samira.id)
    assert again.role == "member" and not again.suspended


def test_an_invitation_that_was_taken_back_is_given_back_by_undo(
    app: Flask, steward: FlaskClient, session: Session
) -> None:
    link = shown_link(steward.post("/people/invitations", data={"name": "Sam", "role": "member"}).text)
    number = session.scalars(select(Link.id)).one()
    read_again(session)
    answer = steward.post(f"/people/invitations/{number}/withdrawal")
    address, fields = undo_of(steward.get(answer.headers["Location"]).text)
    steward.post(address, data=fields)
    assert app.test_client().get(link).status_code == 200
