"""The page that a browser keeps for when the server cannot be reached."""

from flask.testing import FlaskClient


def test_it_is_whole_and_says_nothing_of_whoever_fetched_it(client: FlaskClient, hers: FlaskClient) -> None:
    page = hers.get("/offline").text
    assert page.startswith("<!doctype html>") and "You are offline" in page
    assert "Josie" not in page and "Sign out" not in page
    assert page == client.get("/offline").text


def test_fetching_it_takes_no_notice_away(hers: FlaskClient) -> None:
    hers.post("/everything-read")
    hers.get("/offline")
    assert "Everything counts as read." in hers.get("/").text
