"""The language of a page: the reader's choice first, then what their browser asks for."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from partnernet.core.words import _, lazy, plural
from partnernet.web.language import COOKIE


@pytest.mark.parametrize(
    ("asked", "tag"),
    [("", "en-GB"), ("cy", "cy"), ("cy-GB,en;q=0.5", "cy"), ("fr,cy;q=0.4,en;q=0.8", "en-GB"), ("fr", "en-GB")],
)
def test_a_browser_is_answered_in_the_language_it_asks_for(client: FlaskClient, asked: str, tag: str) -> None:
    answer = client.get("/about", headers={"Accept-Language": asked})
    assert f'<html lang="{tag}">' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_choice_is_kept_and_leads_back(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "cy", "next": "/about"})
    assert (answer.status_code, answer.location) == (303, "/about")
    assert client.get_cookie(COOKIE).value == "cy"
    assert '<html lang="cy">' in client.get("/about", headers={"Accept-Language": "en"}).text


def test_a_choice_leads_nowhere_else(client: FlaskClient) -> None:
    assert client.post("/language", data={"language": "cy", "next": "https://evil.example"}).location == "/"
    assert client.post("/language", data={"language": "xx"}).status_code == 422


def test_pages_of_two_languages_have_two_stamps(client: FlaskClient) -> None:
    stamps = {client.get("/news", headers={"Accept-Language": code}).headers["ETag"] for code in ("en", "cy")}
    assert len(stamps) == 2


def test_sentences_are_english_where_nobody_asks(app: Flask) -> None:
    assert _("It is at %(stage)s now.", stage="Define") == "It is at Define now."
    assert plural("%(count)s reply", "%(count)s replies", 1) == "1 reply"
    assert plural("%(count)s reply", "%(count)s replies", 1_234) == "1,234 replies"
    assert str(lazy("Please keep this to %(limit)s characters.", limit=300)).endswith("300 characters.")
