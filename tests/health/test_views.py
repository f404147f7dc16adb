"""What a machine that watches this server hears, and a person."""

import shutil
from collections import namedtuple

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from partnernet.core.consumers import drain_all
from partnernet.core.time import now_ms
from partnernet.health import views
from partnernet.search import indexer
from partnernet.search.backlog import WAITS_TOO_LONG
from tests.factories import make_partner

Usage = namedtuple("Usage", "total used free")


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_it_is_ready_and_tells_what_waits(client: FlaskClient, session: Session) -> None:
    make_partner(session)
    before = client.get("/readyz").get_json()["waiting"]
    drain_all(session)
    after = client.get("/readyz").get_json()["waiting"]
    assert before["rendering"] == 1
    assert after["rendering"] == 0


def test_a_full_disk_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100, 100, 0))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["disk"] is False


def test_a_database_that_does_not_answer_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(session: object) -> int:
        raise OperationalError("select 1", {}, Exception("unable to open database file"))

    monkeypatch.setattr(views, "last_position", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["database"] is False


def test_it_tells_since_when_search_is_behind(client: FlaskClient, session: Session) -> None:
    drain_all(session)
    indexer.catch_up(current_app._get_current_object())  # type: ignore[attr-defined] # the app behind the proxy
    assert client.get("/readyz").get_json()["search_waits_since"] is None
    make_partner(session)
    answer = client.get("/readyz").get_json()
    assert answer["waiting"]["search"] == 1
    first = answer["search_waits_since"]
    assert first
    make_partner(session, "Cordage Print Room")
    answer = client.get("/readyz").get_json()
    assert (answer["waiting"]["search"], answer["search_waits_since"]) == (2, first)


def test_an_index_that_is_behind_for_long_is_not_ready(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_partner(session)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["search"]) == (200, True)
    monkeypatch.setattr(views, "now_ms", lambda: now_ms() + WAITS_TOO_LONG + 60_000)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["search"]) == (503, False)


def test_an_address_in_a_sentence_is_a_link_and_nothing_else_in_it_is_markup() -> None:
    said = views.led("Take one at /exchange/servers/network-key or by <b>, not /exchanged.")
    assert said.startswith('Take one at <a href="/exchange/servers/network-key">/exchange/servers/network-key</a> or')
    assert "&lt;b&gt;, not" in said
