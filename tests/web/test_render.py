"""Render: the whole page or one block of it from the same address, and answers that caches keep apart."""

from collections.abc import Sequence

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from partnernet.web.guard import may
from partnernet.web.render import go, render, stamped, unchanged

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
FULL = {"HX-Request": "true", "HX-Request-Type": "full"}
TEMPLATES = {
    "hall/show.html": '{% extends "layouts/base.html" %}{% block title %}Hall{% endblock %}'
    "{% block main %}<h1>{{ name }}</h1>{% block seats %}<p>{{ seats }} seats</p>{% endblock %}{% endblock %}",
    "hall/forgot.html": "{{ nowhere }}",
}


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser for an app with a hall."""
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader or DictLoader({})])

    @may("anyone")
    def hall() -> Response:
        return render("hall/show.html", fragment="seats", name="The Corn <Hall>", seats=80)

    @may("anyone")
    def kept() -> Response:
        return unchanged("v1") or stamped(render("hall/show.html", name="Hall", seats=1), "v1")

    app.add_url_rule("/hall", "hall", hall)
    app.add_url_rule("/kept", "kept", kept)
    app.add_url_rule(
        "/invalid", "invalid", may("anyone")(lambda: render("hall/show.html", status=422, name="", seats=0))
    )
    app.add_url_rule("/go", "go", may("anyone")(lambda: go("/hall")), methods=["POST"])
    app.add_url_rule("/forgot", "forgot", may("anyone")(lambda: render("hall/forgot.html")))
    return app.test_client()


def varies(answer: object) -> set[str]:
    headers: Sequence[str] = answer.headers.get_all("Vary")  # type: ignore[attr-defined] # a response
    return {name.strip() for header in headers for name in header.split(",")}


@pytest.mark.parametrize("headers", [{}, FULL], ids=["browser", "htmx"])
def test_the_whole_page_comes_unless_a_part_is_asked_for(browser: FlaskClient, headers: dict[str, str]) -> None:
    answer = browser.get("/hall", headers=headers)
    assert answer.text.startswith("<!doctype html>") and "</html>" in answer.text
    assert "<h1>The Corn &lt;Hall&gt;</h1><p>80 seats</p>" in answer.text


def test_one_block_comes_when_htmx_asks_for_a_part(browser: FlaskClient) -> None:
    assert browser.get("/hall", headers=PARTIAL).text == "<p>80 seats</p>"


def test_page_and_part_are_kept_apart_by_caches(browser: FlaskClient) -> None:
    for headers in ({}, FULL, PARTIAL):
        assert varies(browser.get("/hall", headers=headers)) >= {"Cookie", "HX-Request-Type"}
    assert varies(browser.get("/kept", headers={"If-None-Match": 'W/"v1"'})) >= {"Cookie", "HX-Request-Type"}


def test_every_page_keeps_them_apart(client: FlaskClient) -> None:
    for address in ("/discussions", "/nowhere", "/login"):
        assert varies(client.get(address)) >= {"Cookie", "HX-Request-Type"}


def test_invalid_input_is_422_and_success_is_303(browser: FlaskClient) -> None:
    assert browser.get("/invalid").status_code == 422
    answer = browser.post("/go")
    assert (answer.status_code, answer.location) == (303, "/hall")


def test_a_page_that_the_browser_has_is_not_sent_again(browser: FlaskClient) -> None:
    first = browser.get("/kept")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = browser.get("/kept", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert browser.get("/kept", headers={"If-None-Match": 'W/"v0"'}).status_code == 200


def test_a_name_that_a_template_is_not_given_is_a_mistake(
    browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert browser.get("/forgot").status_code == 500
    errors = [record.exc_info[0] for record in caplog.records if record.exc_info]
    assert errors == [UndefinedError]
