"""Hosts: which names this server answers to; and notices, which outlive a clock that is set back."""

from pathlib import Path

import pytest
import time_machine
from flask import Flask, flash
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from partnernet.web.guard import may
from partnernet.web.hosts import allowed_hosts
from partnernet.web.render import go

FORGED = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "evil.example:8000",
    "localhost@evil.example",
    "evil.example@localhost",
    "[::2]:8000",
    "[::1",
    "evil.example#localhost",
]


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8123", "[::1]:8000"])
def test_the_own_machine_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/discussions", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_is_refused(client: FlaskClient, host: str) -> None:
    for address in ("/discussions", "/nowhere", "/drafts"):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text and "could not make sense" in answer.text
    assert client.post("/discussions/new", headers={"Host": host}).status_code == 400


def test_a_forwarded_host_is_not_believed(client: FlaskClient) -> None:
    answer = client.get("/drafts", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.location == "/login?next=/drafts"
    assert "Strict-Transport-Security" not in answer.headers


def test_the_base_address_is_answered_beside_the_own_machine() -> None:
    given = {"BASE_URL": "https://net.example.org:8443/x", "HOST": "127.0.0.1"}
    assert allowed_hosts(given) == ["net.example.org", "localhost", "127.0.0.1", "::1"]


def test_an_address_that_is_served_is_answered() -> None:
    assert "192.168.1.9" in (allowed_hosts({"BASE_URL": "", "HOST": "192.168.1.9"}) or ())


def say_something(app: Flask) -> None:
    @may("anyone")
    def tell() -> Response:
        flash("The kettle is on.", "success")
        return go("/discussions")

    app.add_url_rule("/tell", "tell", tell)


@pytest.mark.parametrize("later", ["1970-01-02", "2026-03-01 11:00", "2031-01-01"])
def test_a_notice_survives_any_clock(app: Flask, client: FlaskClient, later: str) -> None:
    say_something(app)
    with time_machine.travel("2026-03-01 12:00", tick=False):
        client.get("/tell")
    notice = client.get_cookie("notices")
    assert notice is not None and notice.http_only and notice.same_site == "Lax"
    with time_machine.travel(later, tick=False):
        assert "The kettle is on." in client.get("/discussions").text
        assert "The kettle is on." not in client.get("/discussions").text


def test_a_forged_notice_is_ignored(client: FlaskClient) -> None:
    client.set_cookie("notices", "eyJfZmxhc2hlcyI6W119.forged.forged")
    assert client.get("/discussions").status_code == 200


def test_notices_of_a_server_with_https_travel_only_there(tmp_path: Path) -> None:
    from partnernet import create_app
    from partnernet.core.db import db
    from tests.conftest import settings

    app = create_app(settings(tmp_path) | {"BASE_URL": "https://net.example.org"})
    assert app.config["SESSION_COOKIE_SECURE"]
    with app.app_context():
        db.engine.dispose()
