"""Errors: each named one has its status and its page, and a mistake of ours is answered with a sentence."""

import inspect
import logging
from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from partnernet.core import errors
from partnernet.core.db import commit, db, write
from partnernet.core.policy import STEWARD
from partnernet.network.model import Setting, settle
from partnernet.web.errors import MESSAGE, STATUSES, TYPED_LIMIT
from partnernet.web.guard import may
from tests.factories import make_account, sign_in

NAMED = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.Refused)]
SENTENCE = "The hall is locked; ask the caretaker for the key & come back."
TYPED = "We could meet in the café by the station, which is dry & warm."


@pytest.fixture
def raised() -> list[Exception]:
    """The error that `/raise` will raise."""
    return []


@pytest.fixture
def browser(app: Flask, raised: list[Exception]) -> FlaskClient:
    """A browser for an app that has an address where errors happen."""

    @may("anyone")
    def fail() -> str:
        request.form.get("read the form")
        write()
        settle(db.session(), "half", "done")
        raise raised[0]

    app.add_url_rule("/raise", "fail", fail, methods=["GET", "POST"])
    return app.test_client()


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database file that cannot grow by another page."""
    from sqlalchemy import event

    if db.engine.dialect.name != "sqlite":
        pytest.skip("fills the database file of SQLite")

    def limit(connection: object) -> None:
        connection.exec_driver_sql("pragma max_page_count=1")  # type: ignore[attr-defined] # a connection

    event.listen(db.engine, "begin", limit, insert=True)
    yield
    event.remove(db.engine, "begin", limit)


def make(kind: type[errors.Refused]) -> errors.Refused:
    return errors.TooSoon(SENTENCE, 42) if kind is errors.TooSoon else kind(SENTENCE)


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
def test_each_named_error_has_a_page_with_its_sentence(
    browser: FlaskClient, raised: list[Exception], kind: type[errors.Refused]
) -> None:
    raised.append(make(kind))
    answer = browser.get("/raise")
    assert answer.status_code == STATUSES[kind]
    assert SENTENCE.replace("&", "&amp;") in answer.text
    assert answer.text.startswith("<!doctype html>")


def test_every_named_error_has_a_status_of_its_own_table() -> None:
    assert set(STATUSES) == set(NAMED)


def test_the_time_to_wait_is_said_to_programs_too(browser: FlaskClient, raised: list[Exception]) -> None:
    raised.append(errors.TooSoon(SENTENCE, 42))
    assert browser.get("/raise").headers["Retry-After"] == "42"


def test_a_mistake_of_ours_is_noted_and_answered_without_its_trace(
    browser: FlaskClient, raised: list[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    raised.append(ZeroDivisionError("secret words of the program"))
    answer = browser.post("/raise", data={"body": TYPED})
    assert answer.status_code == 500
    assert str(MESSAGE) in answer.text and TYPED.replace("&", "&amp;") in answer.text
    for word in ("Traceback", "ZeroDivision", "secret words", ".py"):
        assert word not in answer.text
    noted = next(record for record in caplog.records if record.levelno == logging.ERROR)
    assert noted.exc_info and noted.exc_info[0] is ZeroDivisionError
    assert TYPED not in caplog.text


@pytest.mark.parametrize("error", [errors.Invalid(SENTENCE), ZeroDivisionError()], ids=repr)
def test_nothing_half_done_is_kept(app: Flask, browser: FlaskClient, raised: list[Exception], error: Exception) -> None:
    from partnernet.network.model import setting

    raised.append(error)
    browser.post("/raise")
    db.session.rollback()
    assert setting(db.session(), "half") == ""
    write()  # and the database is free for the next who writes
    commit()


def test_the_page_comes_whole_after_the_database_has_refused_a_row(app: Flask) -> None:
    @may("anyone")
    def collide() -> str:
        write()
        for _ in range(2):
            db.session.add(Setting(name="kettle", value="on"))
            db.session.flush()
            db.session.expunge_all()
        return "stored"

    app.add_url_rule("/collide", "collide", collide, methods=["POST"])
    answer = app.test_client().post("/collide")
    assert answer.status_code == 500
    assert str(MESSAGE) in answer.text and 'class="masthead"' in answer.text


def test_errors_of_addresses_and_methods_have_pages(browser: FlaskClient) -> None:
    assert "nothing at this address" in browser.get("/nowhere").text
    answer = browser.delete("/raise")
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_full_database_is_507_and_reading_goes_on(app: Flask, no_room: None) -> None:
    @may("anyone")
    def fill() -> str:
        write()
        for number in range(200):
            settle(db.session(), f"setting {number}", "x" * 3_000)
        commit()
        return "stored"

    app.add_url_rule("/fill", "fill", fill, methods=["POST"])
    client = app.test_client()
    answer = client.post("/fill", data={"body": TYPED})
    assert answer.status_code == 507
    assert "full" in answer.text and TYPED.replace("&", "&amp;") in answer.text
    assert client.get("/discussions").status_code == 200


def test_whoever_can_make_room_is_not_told_to_tell_themselves(
    browser: FlaskClient, raised: list[Exception], session: Session
) -> None:
    raised.append(errors.StorageFull("The disk is full."))
    assert "Tell a steward" in browser.get("/raise").text
    shown = sign_in(browser, make_account(session, password="", role=STEWARD), session).get("/raise").text
    assert "Make room on the disk" in shown and "Tell a steward" not in shown


@pytest.fixture
def dead_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement fails, as on a broken disk."""

    def fail(*given: object, **more: object) -> None:
        raise OperationalError("select", {}, Exception("the database has gone away: /secret/path"))

    monkeypatch.setattr("partnernet.people.sessions.here", fail)
    monkeypatch.setattr("partnernet.people.sessions.find", fail)


def test_a_plain_page_comes_when_the_database_is_dead(app: Flask, dead_database: None) -> None:
    client = app.test_client()
    for answer in (client.get("/discussions"), client.get("/nowhere")):
        assert answer.text.startswith("<!doctype html>") and "<h1>PartnerNet</h1>" in answer.text
        assert "Traceback" not in answer.text and "/secret/path" not in answer.text
        assert "Content-Security-Policy" in answer.headers
    assert client.get("/discussions").status_code == 500
    assert str(MESSAGE) in client.get("/discussions").text
    assert client.get("/nowhere").status_code == 404


def test_words_are_given_back_even_when_the_database_is_dead(app: Flask, dead_database: None) -> None:
    typed = "Seven <b>chairs</b> & a table, for the meeting on Friday"
    answer = app.test_client().post("/discussions/new", data={"body": typed})
    assert answer.status_code == 401
    assert "Seven &lt;b&gt;chairs&lt;/b&gt; &amp; a table" in answer.text


def test_static_files_come_when_the_database_is_dead(app: Flask, dead_database: None) -> None:
    from partnernet.web.static import asset

    assert app.test_client().get(asset("css/site.css")).status_code == 200


def test_too_much_at_once_is_413(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 500_000
    client = app.test_client()
    answer = client.post("/login", data={"password": "x" * 500_000, "email": "josie@example.org"})
    assert answer.status_code == 413 and "larger than the server takes" in answer.text


def test_a_single_field_that_is_too_long_is_413(app: Flask) -> None:
    app.config["MAX_FORM_MEMORY_SIZE"] = 10_000
    answer = app.test_client().post("/login", data={"password": "x" * 10_001}, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_far_too_many_words_are_not_sent_back(browser: FlaskClient, raised: list[Exception]) -> None:
    raised.append(errors.Conflict(SENTENCE))
    answer = browser.post("/raise", data={"body": "kept in the browser " * (TYPED_LIMIT // 10)})
    assert answer.status_code == 409 and "kept in the browser" not in answer.text


def test_a_part_that_cannot_be_had_leaves_the_page_and_says_so(browser: FlaskClient, raised: list[Exception]) -> None:
    raised.append(errors.Invalid(SENTENCE))
    answer = browser.post("/raise", headers={"HX-Request-Type": "partial"})
    assert answer.status_code == 422 and answer.headers["HX-Reswap"] == "none"
    assert SENTENCE.replace("&", "&amp;") in answer.text and "<html" not in answer.text


def test_a_missing_page_offers_to_sign_in_whether_there_is_something_or_not(client: FlaskClient) -> None:
    page = client.get("/nowhere?a=1").text
    assert 'href="/login?next=%2Fnowhere%3Fa%3D1"' in page
    assert 'name="q"' in page.partition("<main")[2]
