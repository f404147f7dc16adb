"""`partnernet init` and `join`."""

import json
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.errors import Invalid, Refused
from partnernet.network import cli
from partnernet.network.model import OWN, setting
from tests.factories import make_account, own_node, read_again

OTHER, ELSEWHERE = "a" * 51 + "q", "b" * 51 + "q"


def run(command: str, *arguments: str) -> Result:
    """Run one of the commands inside the app of the test."""
    found = next(each for each in cli.commands if each.name == command)
    return CliRunner().invoke(found, arguments)


def test_init_founds_a_network_by_name(client: FlaskClient, session: Session) -> None:
    assert run("init", "--name", "Four  Tides").exit_code == 0
    assert "About Four Tides" in client.get("/about").text
    assert own_node().network_key is not None


def test_init_twice_is_refused_and_changes_nothing(app: Flask, session: Session) -> None:
    run("init")
    before = setting(session, OWN)
    done = run("init", "--name", "Another")
    assert isinstance(done.exception, Refused)
    read_again(session)
    assert setting(session, OWN) == before


def test_a_name_that_is_too_long_is_refused(session: Session) -> None:
    assert isinstance(run("init", "--name", "x" * 101).exception, Refused)


def test_join_takes_the_card_of_another_node(session: Session, tmp_path: Path) -> None:
    make_account(session)
    file = tmp_path / "card.json"
    file.write_text(
        json.dumps({"format": "partnernet-node/1", "node": OTHER, "network": ELSEWHERE, "name": "Four Tides"})
    )
    done = run("join", str(file))
    assert done.exit_code == 0 and "Four Tides" in done.output
    read_again(session)
    assert setting(session, OWN) == ELSEWHERE


def test_join_refuses_what_is_no_card(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"\xff\xd8\xff")
    assert isinstance(run("join", str(file)).exception, Invalid)
