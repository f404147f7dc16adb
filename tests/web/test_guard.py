"""The guard: undeclared routes, signing in, requests from elsewhere, and accounts that were suspended."""

from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from partnernet.core import policy
from partnernet.core.db import db
from partnernet.core.entry import Entry
from partnernet.web.guard import COOKIE, may
from tests.conftest import make_app
from tests.web.visitors import sign_up, suspend

WORDS = "Eleven of us would rather meet in Lewes than drive to the coast again."
NEW = "/discussions/new"
FORM = {"title": "Where shall we meet?", "body": WORDS, "visibility": "network"}

CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "http://["},
    {"Origin": "null"},
    {"Origin": ""},
]
OWN_SITE = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://localhost"},
]


def stories(app: Flask) -> int:
    with app.app_context():
        count = select(func.count()).select_from(Entry).where(Entry.kind == "discussion")
        return db.session().execute(count).scalar_one()


def test_a_route_that_declares_nothing_is_open_to_nobody(app: Flask) -> None:
    app.add_url_rule("/undeclared", "undeclared", lambda: "secret", methods=["GET", "POST"])
    steward = sign_up(app, "Bea Thorne", "steward").browser(app)
    for browser in (app.test_client(), steward):
        for method in ("GET", "HEAD", "POST"):
            answer = browser.open("/undeclared", method=method)
            assert answer.status_code == 403 and b"secret" not in answer.data


def test_a_permission_that_the_table_does_not_know_cannot_be_declared() -> None:
    with pytest.raises(KeyError):
        may("entry.devour")


def test_a_new_permission_of_stewards_is_settled_before_the_view(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(policy.PERMISSIONS, "kettle.descale", [[policy.is_steward]])
    app.add_url_rule("/descale", "descale", may("kettle.descale")(lambda: "done"), methods=["POST"])
    member, steward = sign_up(app, "Josie Marsh"), sign_up(app, "Bea Thorne", "steward")
    assert app.test_client().post("/descale").status_code == 401
    assert member.browser(app).post("/descale").status_code == 403
    assert steward.browser(app).post("/descale").data == b"done"


def test_a_stranger_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/drafts?from=2&of=b")
    assert answer.status_code == 303
    assert answer.location == "/login?next=/drafts?from%3D2%26of%3Db"
    assert client.get("/drafts").location == "/login?next=/drafts"


def test_words_sent_after_the_session_ended_are_given_back(client: FlaskClient) -> None:
    answer = client.post(NEW, data=FORM)
    assert answer.status_code == 401
    assert WORDS in answer.text and f'href="/login?next={quote(NEW, "")}"' in answer.text


def test_words_are_given_back_harmless(client: FlaskClient) -> None:
    answer = client.post(NEW, data=FORM | {"body": "</textarea><script>alert(1)</script> & so on, at length"})
    assert "<script>alert" not in answer.text and "&lt;script&gt;alert(1)" in answer.text


def test_passwords_are_never_given_back(client: FlaskClient) -> None:
    answer = client.post(NEW, data=FORM | {"password": "correct horse battery staple, again"})
    assert "correct horse" not in answer.text


def test_a_stranger_is_not_told_that_a_form_about_something_exists(client: FlaskClient) -> None:
    for address in ("/discussions/abcdefabcdef/edit", "/replies/to/abcdefabcdef"):
        assert client.get(address).status_code == 404


def test_whose_session_ended_learns_so_wherever_they_send_something(app: Flask, client: FlaskClient) -> None:
    josie = sign_up(app, "Josie Marsh")
    entry = josie.browser(app).post(NEW, data=FORM).location.split("/")[-1][:12]
    for there in (entry, "abcdefabcdef"):  # alike, so that nobody learns what is there
        answer = client.post(f"/replies/to/{there}", data={"body": WORDS})
        assert answer.status_code == 401 and "not signed in any more" in answer.text and WORDS in answer.text
        assert f'href="/login?next=%2Freplies%2Fto%2F{there}"' in answer.text


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_what_another_site_sends_is_refused(app: Flask, headers: dict[str, str]) -> None:
    josie = sign_up(app, "Josie Marsh")
    answer = josie.browser(app).post(NEW, data=FORM, headers=headers)
    assert answer.status_code == 403 and "another site" in answer.text
    assert WORDS in answer.text
    assert stories(app) == 0


@pytest.mark.parametrize("headers", OWN_SITE, ids=str)
def test_what_our_own_pages_send_is_taken(app: Flask, headers: dict[str, str]) -> None:
    josie = sign_up(app, "Josie Marsh")
    assert josie.browser(app).post(NEW, data=FORM, headers=headers).status_code == 303
    assert stories(app) == 1


def test_a_cookie_without_any_word_of_where_it_comes_from_is_refused(app: Flask) -> None:
    josie = sign_up(app, "Josie Marsh")
    plain = app.test_client_class
    app.test_client_class = FlaskClient
    try:
        browser = josie.browser(app)
    finally:
        app.test_client_class = plain
    assert browser.post(NEW, data=FORM).status_code == 403
    assert stories(app) == 0


def test_a_program_without_a_cookie_need_not_say_where_it_comes_from(app: Flask) -> None:
    program = FlaskClient(app, app.response_class)
    assert program.post(NEW, data=FORM).status_code == 401
    program.set_cookie(COOKIE, "guessed")
    assert program.post(NEW, data=FORM).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/search?q=ket%00tle", "/discussions?tag=%00", "/notes?bef%00ore=1"],
)
def test_an_address_with_a_nul_is_refused_with_a_sentence(app: Flask, address: str) -> None:
    josie = sign_up(app, "Josie Marsh")
    for browser in (app.test_client(), josie.browser(app)):
        answer = browser.get(address)
        assert answer.status_code == 400 and "U+0000" in answer.text


def test_reading_is_open_from_everywhere(client: FlaskClient) -> None:
    for headers in CROSS_SITE:
        assert client.get("/discussions", headers=headers).status_code == 200


def test_a_suspended_account_is_dead_with_its_next_request_at_every_process(app: Flask, tmp_path: Path) -> None:
    other = make_app(tmp_path / "node") if db.engine.dialect.name == "sqlite" else app
    josie = sign_up(app, "Josie Marsh")
    browsers = [josie.browser(app), josie.browser(other)]
    assert [browser.get("/drafts").status_code for browser in browsers] == [200, 200]
    suspend(app, josie)
    assert [browser.get("/drafts").status_code for browser in browsers] == [303, 303]
    assert [browser.post(NEW, data=FORM).status_code for browser in browsers] == [401, 401]
    with other.app_context():
        db.engine.dispose()


def test_a_made_up_cookie_signs_nobody_in(app: Flask) -> None:
    josie = sign_up(app, "Josie Marsh")
    for token in ("", "x", josie.token[:-1], josie.token + "A", str(josie.account), josie.handle):
        browser = app.test_client()
        browser.set_cookie(COOKIE, token)
        assert browser.get("/drafts").status_code == 303


def test_two_people_on_one_server_are_never_taken_for_one_another(app: Flask) -> None:
    josie, amara = sign_up(app, "Josie Marsh").browser(app), sign_up(app, "Amara Obi").browser(app)
    for _ in range(2):
        assert "Josie Marsh" in josie.get("/discussions").text
        assert "Amara Obi" in amara.get("/discussions").text
        assert "Sign in" in app.test_client().get("/discussions").text
