"""Whatever is asked, through whichever door, is answered: with a page or a sentence, never with a failure."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.search.cli import commands
from tests.factories import make_account, make_network, sign_in
from tests.search.cast import HALL, answer, discuss, update
from tests.search.nasty import NASTY, PARAMETERS, sendable

REFUSALS = {400, 404, 405, 413, 414, 422}


@pytest.fixture
def talk(session: Session) -> None:
    make_network(session)
    hall = discuss(session, HALL, "Forty chairs & a press.", source="list:1", date=1_750_000_000_000)
    answer(session, hall, "The hall has a single door.")
    discuss(session, "Hall keys", "Kept by the network.", log="network")
    update()


@pytest.fixture
def addresses(app: Flask) -> list[str]:
    """Every address of search that takes questions."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("search.") and not rule.arguments]
    return sorted({rule.rule for rule in rules if "GET" in (rule.methods or ())})


@pytest.mark.usefixtures("talk")
def test_hostile_questions_are_answered_through_every_door(
    client: FlaskClient, session: Session, addresses: list[str]
) -> None:
    assert {"/search", "/search.json"} <= set(addresses)
    sign_in(client, make_account(session), session)
    for number, text in enumerate(NASTY):
        asked = sendable(text)
        expected = {400} if "\0" in asked else {200, 303}  # U+0000 stands in no address
        headers = {"HX-Request-Type": "partial"} if number % 2 else {}
        for address in addresses:
            found = client.get(address, query_string={"q": asked}, headers=headers)
            assert found.status_code in expected, (address, text[:80], found.status_code)


@pytest.mark.usefixtures("talk")
def test_hostile_parameters_are_answered_through_every_door(client: FlaskClient, addresses: list[str]) -> None:
    for pairs in PARAMETERS:
        for address in addresses:
            found = client.get(address, query_string=[("q", "hall"), *pairs])
            assert found.status_code < 500, (address, pairs[:3])
            assert found.status_code < 400 or found.status_code in REFUSALS, (address, pairs[:3])


@pytest.mark.usefixtures("talk")
def test_hostile_forms_are_refused_in_a_sentence(app: Flask, client: FlaskClient, session: Session) -> None:
    """What is stored of a search is held to its limits too."""
    sign_in(client, make_account(session), session)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("search.")]
    forms = sorted({rule.rule for rule in rules if "POST" in (rule.methods or ()) and not rule.arguments})
    for address in forms:
        for text in NASTY[::4]:
            for fields in ({"q": text}, {"q": "hall", "name": text}, {"q": "hall", "title": text, "kind": text}):
                sent = {name: value.encode("utf-8", "ignore").decode() for name, value in fields.items()}
                found = client.post(address, data=sent)
                assert found.status_code < 400 or found.status_code in REFUSALS, (address, text[:80])


@pytest.mark.usefixtures("talk")
def test_the_command_answers_every_question() -> None:
    search = next(command for command in commands if command.name == "search")
    for text in NASTY[::3]:
        result = CliRunner().invoke(search, ["--json", "--", text])
        assert result.exception is None, text[:80]
        assert json.loads(result.stdout)["count"] >= 0


@pytest.mark.usefixtures("talk")
def test_a_batch_answers_every_question(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    texts = [text.encode("utf-8", "ignore").decode() for text in NASTY]
    asked.write_text("".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts)))
    search = next(command for command in commands if command.name == "search")
    result = CliRunner().invoke(search, ["--batch", str(asked)])
    assert result.exception is None
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == list(range(len(NASTY)))
