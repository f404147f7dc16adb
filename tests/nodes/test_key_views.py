"""The page of the network's key: a copy for a steward who gives their password again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.background import do_chore
from partnernet.core.db import commit
from partnernet.core.ledger.node import NETWORK_KEY
from partnernet.core.policy import STEWARD
from partnernet.nodes import network_key
from partnernet.nodes.paper import key_of
from partnernet.nodes.upkeep import let_in_what_may
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
    (app.config["DATA"] / NETWORK_KEY).unlink()
    said = words(steward.get(HERE))
    assert "another one keeps it" in said and "Download the copy" not in said
    refused = steward.post(HERE, data={"password": PASSWORD})
    assert refused.status_code in (400, 409, 422) and "not on this server" in words(refused)


def test_a_running_server_signs_with_the_key_that_a_command_put_in_place(
    app: Flask, session: Session, steward: FlaskClient
) -> None:
    """The command is another process: all that this one hears of it are the files and the database."""
    paper = steward.post(HERE, data={"password": PASSWORD}).text
    old = own_node()
    fresh = network_key.rotate(session, old, app.config["DATA"])
    assert own_node() == old
    assert "Nobody has taken a copy yet" in words(steward.get(HERE))
    assert own_node().network_key == fresh.network_key
    answer = steward.post(HERE, data={"password": PASSWORD})
    assert key_of(answer.text) == fresh.network_key != key_of(paper)
    (app.config["DATA"] / NETWORK_KEY).unlink()
    assert "another one keeps it" in words(steward.get(HERE))
    read_again(session)
    network_key.restore(session, own_node(), app.config["DATA"], answer.text)
    commit(session)
    assert "A copy of this key was taken" in words(steward.get(HERE))


def test_a_handover_that_a_crash_cut_short_is_finished_while_the_server_runs(
    app: Flask, session: Session, steward: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_key, "finish_rotation", lambda session, node, folder: node)
    network_key.rotate(session, own_node(), app.config["DATA"])
    assert "another one keeps it" in words(steward.get(HERE))
    do_chore(let_in_what_may)
    assert "Nobody has taken a copy yet" in words(steward.get(HERE))
