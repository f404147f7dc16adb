"""The page of the network's key: a copy for a steward who gives their password again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.policy import STEWARD
from partnernet.nodes import network_key
from partnernet.nodes.paper import key_of
from tests.exchange.nodes import words
from tests.factories import PASSWORD, browser_of, make_account, make_network, own_node, read_again

HERE = "/exchange/servers/network-key"


@pytest.fixture
def steward(session: Session) -> FlaskClient:
    make_network(session)
    return browser_of(make_account(session, role=STEWARD), session)


def test_a_copy_is_given_for_the_password_and_then_nobody_is_reminded(session: Session, steward: FlaskClient) -> None:
    assert "Nobody has taken a copy yet" in words(steward.get(HERE))
    assert "There is no copy of the network’s key" in words(steward.get("/exchange/servers"))
    answer = steward.post(HERE, data={"password": PASSWORD})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert key_of(answer.text) == own_node().network_key
    read_again(session)
    assert network_key.reminder(session, own_node()) == ""
    assert "A copy of this key was taken" in words(steward.get(HERE))


@pytest.mark.parametrize("password", ["", "a wrong one, at that"])
def test_without_the_password_there_is_none(session: Session, steward: FlaskClient, password: str) -> None:
    answer = steward.post(HERE, data={"password": password})
    assert answer.status_code == 422 and "attachment" not in answer.headers.get("Content-Disposition", "")
    read_again(session)
    assert network_key.needs_copy(session, own_node())


def test_where_the_key_is_not_the_page_says_so(app: Flask, session: Session, steward: FlaskClient) -> None:
    from dataclasses import replace

    app.extensions["partnernet.node"] = replace(own_node(), network_key=None)
    said = words(steward.get(HERE))
    assert "another one keeps it" in said and "Download the copy" not in said
    refused = steward.post(HERE, data={"password": PASSWORD})
    assert refused.status_code in (400, 409, 422) and "not on this server" in words(refused)
