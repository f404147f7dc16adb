"""Signing in and out, and coming in by a link."""

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.people import accounts, delays, links, passwords
from partnernet.people.model import Account, Link, Person, SessionRow
from partnernet.web.guard import COOKIE
from tests.conftest import make_app
from tests.factories import PASSWORD, make_account, make_partner, own_node, read_again, sign_in

ANOTHER = "seven herons on the estuary"


def log_in(client: FlaskClient, email: str = "josie.calder@example.org", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def] # a response of the test client
    return client.post("/login", data={"email": email, "password": password, **more})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_signing_in_leads_to_the_page_one_came_for(client: FlaskClient, session: Session) -> None:
    make_account(session)
    asked = client.get("/account/card")
    assert asked.status_code == 303
    assert 'name="next" type="hidden" value="/account/card"' in client.get(asked.headers["Location"]).text
    answer = log_in(client, " Josie.Calder@Example.org ", next="/account/card")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/card")
    assert is_signed_in(client)


@pytest.mark.parametrize("onwards", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
def test_signing_in_never_leads_away(client: FlaskClient, session: Session, onwards: str) -> None:
    make_account(session)
    assert log_in(client, next=onwards).headers["Location"] == "/"


def test_the_cookie_is_out_of_reach_and_new_at_each_sign_in(client: FlaskClient, session: Session) -> None:
    make_account(session)
    log_in(client)
    first = client.get_cookie(COOKIE)
    given = log_in(client).headers["Set-Cookie"]
    second = client.get_cookie(COOKIE)
    assert first and second and first.value != second.value
    assert "HttpOnly" in given and "SameSite=Lax" in given and "Secure" not in given
    assert len(session.scalars(select(SessionRow)).all()) == 1


def test_the_cookie_is_secure_where_the_address_is(app: Flask, client: FlaskClient, session: Session) -> None:
    make_account(session)
    app.config["BASE_URL"] = "https://network.example"
    assert "Secure" in log_in(client).headers["Set-Cookie"]


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, client: FlaskClient, session: Session) -> None:
    make_account(session)
    log_in(client)
    cookie, thief = client.get_cookie(COOKIE), app.test_client()
    assert cookie is not None
    thief.set_cookie(COOKIE, cookie.value)
    assert is_signed_in(thief)
    answer = client.post("/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get_cookie(COOKIE) is None
    assert not is_signed_in(thief)


def test_signing_out_leaves_ones_other_browser_alone(app: Flask, client: FlaskClient, session: Session) -> None:
    make_account(session)
    other = app.test_client()
    log_in(client)
    log_in(other)
    client.post("/logout")
    assert not is_signed_in(client)
    assert is_signed_in(other)


def test_signing_out_twice_is_no_error(client: FlaskClient) -> None:
    assert client.post("/logout").status_code == 303


def test_signing_out_needs_a_post(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_account(session), session)
    assert client.get("/logout").status_code == 405
    assert is_signed_in(client)


def test_an_unknown_address_is_answered_like_a_wrong_password(client: FlaskClient, session: Session) -> None:
    make_account(session)
    make_account(session, "No Password", password="")
    stopped = make_account(session, "Stopped Person")
    accounts.suspend(session, own_node(), stopped)
    commit(session)
    attempts = [
        ("josie.calder@example.org", "wrong password!"), ("nobody.at.all@example.org", "wrong password!"),
        ("no.password@example.org", ""), ("no.password@example.org", "wrong password!"),
        ("stopped.person@example.org", PASSWORD),
    ]  # fmt: skip
    answers = {email: log_in(client, email, password or "x") for email, password in attempts}
    bodies = {answer.text.replace(email, "ADDRESS") for email, answer in answers.items()}
    assert {answer.status_code for answer in answers.values()} == {422}
    assert len(bodies) == 1


def test_an_unknown_address_costs_as_much_as_a_known_one(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account(session)
    log_in(client, "warm.up@example.org", "wrong password!")
    compared: list[str] = []
    hasher = passwords._hasher()

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            compared.append(kept.rsplit("$", 2)[0])
            return bool(hasher.verify(kept, password))

    monkeypatch.setattr(passwords, "_hasher", Counting)
    log_in(client, "josie.calder@example.org", "wrong password!")
    log_in(client, "nobody.at.all@example.org", "wrong password!")
    assert compared == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_what_was_typed_is_kept_but_for_the_password(client: FlaskClient) -> None:
    answer = log_in(client, "nobody@example.org", "wrong password!")
    assert 'value="nobody@example.org"' in answer.text
    assert "wrong password!" not in answer.text


@pytest.mark.parametrize("email", ["josie.calder@example.org", "nobody@example.org"])
def test_guessing_is_delayed_and_never_locked_out(client: FlaskClient, session: Session, email: str) -> None:
    make_account(session)
    with time_machine.travel(1_790_000_000, tick=False) as clock:
        for _ in range(delays.BY_EMAIL.free):
            assert log_in(client, email, "wrong password!").status_code == 422
        answer = log_in(client, email, PASSWORD)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
        assert "wait 2 seconds" in answer.text
        clock.shift(2)
        expected = 303 if email.startswith("josie") else 422
        assert log_in(client, email, PASSWORD).status_code == expected


def test_a_session_ends_when_it_is_not_used_and_lasts_sixty_days_at_most(client: FlaskClient, session: Session) -> None:
    josie = make_account(session)
    with time_machine.travel(1_790_000_000, tick=False) as clock:
        sign_in(client, josie, session)
        clock.shift(15 * 86_400)
        assert not is_signed_in(client)
    with time_machine.travel(1_790_000_000, tick=False) as clock:
        sign_in(client, josie, session)
        clock.shift(-365 * 86_400)
        assert is_signed_in(client)


def test_a_suspended_person_is_out_with_the_next_request_on_every_process(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    josie = make_account(session)
    other_process = make_app(app.config["DATA"]).test_client()
    sign_in(client, josie, session)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    other_process.set_cookie(COOKIE, cookie.value)
    assert is_signed_in(client) and is_signed_in(other_process)
    accounts.suspend(session, own_node(), josie)
    commit(session)
    assert not is_signed_in(client)
    assert not is_signed_in(other_process)


def test_an_invitation_opens_one_account(app: Flask, client: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    _, token = links.invite(session, name="Sam Reed", email="sam@example.org", partner=partner.id)
    commit(session)
    page = client.get(f"/join/{token}")
    assert 'value="Sam Reed"' in page.text and 'value="sam@example.org"' in page.text
    given = {"name": "Sam Reed", "email": "sam@example.org", "partner": partner.id, "password": ANOTHER}
    answer = client.post(f"/join/{token}", data=given)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_signed_in(client)
    read_again(session)
    sam = accounts.by_email(session, "sam@example.org")
    assert sam is not None and sam.role == "member"
    assert session.get_one(Person, sam.card).partner == partner.id
    late = app.test_client().post(f"/join/{token}", data=given | {"email": "late@example.org"}, follow_redirects=True)
    assert late.request.path == "/login"
    assert "used already" in late.text
    read_again(session)
    assert accounts.by_email(session, "late@example.org") is None


def test_the_role_comes_from_the_link_and_from_nowhere_else(client: FlaskClient, session: Session) -> None:
    _, token = links.invite(session)
    commit(session)
    given = {"name": "Sam", "email": "sam@example.org", "password": ANOTHER, "role": "steward"}
    client.post(f"/join/{token}", data=given)
    read_again(session)
    sam = accounts.by_email(session, "sam@example.org")
    assert sam is not None and sam.role == "member"


def test_a_form_that_needs_another_look_leaves_the_invitation_whole(client: FlaskClient, session: Session) -> None:
    make_account(session)
    _, token = links.invite(session)
    commit(session)
    given = {"name": "Sam Reed", "email": "josie.calder@example.org", "password": ANOTHER}
    taken = client.post(f"/join/{token}", data=given)
    assert taken.status_code == 422
    assert str(accounts.TAKEN) in taken.text and 'value="Sam Reed"' in taken.text
    weak = client.post(f"/join/{token}", data=given | {"email": "sam@example.org", "password": "letmein12345"})
    assert weak.status_code == 422 and "tried first" in weak.text
    assert client.post(f"/join/{token}", data=given | {"email": "sam@example.org"}).status_code == 303


def test_looking_at_a_link_does_not_use_it_up(client: FlaskClient, session: Session) -> None:
    _, token = links.invite(session)
    commit(session)
    for _ in range(3):
        assert client.get(f"/join/{token}").status_code == 200
    read_again(session)
    assert session.scalars(select(Link.used)).all() == [None]


@pytest.mark.parametrize("address", ["/join/made-up", "/reset/made-up"])
def test_a_link_that_never_was_is_answered_like_a_used_one(client: FlaskClient, address: str) -> None:
    for answer in (client.get(address, follow_redirects=True), client.post(address, follow_redirects=True)):
        assert answer.request.path == "/login"
        assert "used already" in answer.text


def test_a_reset_sets_the_password_and_ends_what_was_open(app: Flask, client: FlaskClient, session: Session) -> None:
    josie = make_account(session)
    other = sign_in(app.test_client(), josie, session)
    _, token = links.for_account(session, josie)
    commit(session)
    assert client.get(f"/reset/{token}").status_code == 200
    assert client.post(f"/reset/{token}", data={"password": "too short"}).status_code == 422
    assert client.post(f"/reset/{token}", data={"password": ANOTHER}).status_code == 303
    assert is_signed_in(client) and not is_signed_in(other)
    assert log_in(app.test_client(), password=PASSWORD).status_code == 422
    assert log_in(app.test_client(), password=ANOTHER).status_code == 303


def test_the_link_of_an_account_without_a_password_opens_it(client: FlaskClient, session: Session) -> None:
    josie = make_account(session, password="")
    link, token = links.for_account(session, josie)
    commit(session)
    assert links.address("http://x", link, token) == f"http://x/join/{token}"
    assert client.post(f"/join/{token}", data={"password": ANOTHER}).status_code == 303
    assert is_signed_in(client)


def test_no_link_opens_a_suspended_account(client: FlaskClient, session: Session) -> None:
    josie = make_account(session)
    _, token = links.for_account(session, josie)
    accounts.suspend(session, own_node(), josie)
    commit(session)
    assert client.post(f"/reset/{token}", data={"password": ANOTHER}).headers["Location"] == "/login"
    read_again(session)
    assert passwords.matches(session.get_one(Account, josie.id).password, PASSWORD)


def test_the_first_steward_of_a_fresh_server_comes_in(client: FlaskClient, session: Session) -> None:
    link = links.first_steward_link(session, "http://localhost") or ""
    commit(session)
    given = {"name": "Josie Calder", "email": "josie@example.org", "password": ANOTHER}
    assert client.post(link.removeprefix("http://localhost"), data=given).status_code == 303
    assert client.get("/people/accounts").status_code == 200


def test_signing_in_from_another_site_is_refused(client: FlaskClient, session: Session) -> None:
    make_account(session)
    answer = client.post(
        "/login", data={"email": "josie.calder@example.org", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    assert answer.status_code == 403


def test_an_address_that_nobody_could_type_is_refused_with_a_sentence(client: FlaskClient) -> None:
    answer = log_in(client, email="josie\0@example.org")
    assert answer.status_code == 422 and "U+0000" in answer.text
