"""The commands: their forms are fixed, since people's scripts rely on them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from partnernet.core.errors import Refused
from partnernet.search.cli import commands
from tests.factories import make_account
from tests.search.cast import HALL, answer, discuss, index, update

COMMANDS = {command.name: command for command in commands}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(COMMANDS[arguments[0]], arguments[1:])


def lines(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def talk(session: Session) -> None:
    hall = discuss(session, HALL, "Forty chairs.", source="list:1")
    answer(session, hall, "The hall has a door.")
    discuss(session, "Hall keys", log="network", source="list:2")
    update()


@pytest.mark.usefixtures("talk")
def test_searching_prints_titles_addresses_and_a_count() -> None:
    printed = run("search", "hall", "chairs").stdout
    assert HALL in printed
    assert "/discussions/" in printed
    assert "Found 3 places." in printed


@pytest.mark.usefixtures("talk")
def test_json_is_one_object_of_the_fixed_form() -> None:
    (found,) = lines(run("search", "keys", "--json"))
    assert found["query"] == "keys"
    assert found["count"] == 1
    assert {"id", "kind", "title", "url", "source", "when", "score", "snippet"} <= set(found["hits"][0])


@pytest.mark.usefixtures("talk")
def test_without_a_person_everything_of_the_network_is_found(session: Session) -> None:
    make_account(session, "Ruth Adeyemi")
    (found,) = lines(run("search", "hall", "--json"))
    (hers,) = lines(run("search", "hall", "--json", "--as", "ruth.adeyemi@example.org"))
    assert found["count"] == hers["count"] == 3
    with pytest.raises(Refused, match="no account"):
        raise run("search", "hall", "--as", "nobody@example.org").exception or AssertionError


@pytest.mark.usefixtures("talk")
def test_the_limit_cuts_the_hits_and_not_the_count() -> None:
    (found,) = lines(run("search", "hall", "--json", "--limit", "1"))
    assert (len(found["hits"]), found["count"]) == (1, 3)


@pytest.mark.usefixtures("talk")
def test_a_batch_answers_line_by_line_and_prints_nothing_else(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"id": "q1", "text": "hall chairs"}\n\n{"id": 2, "text": "zzz"}\n{"id": "q3", "text": "keys"}\n')
    answered = lines(run("search", "--batch", str(asked), "--limit", "2"))
    assert [line["id"] for line in answered] == ["q1", 2, "q3"]
    assert [len(line["hits"]) for line in answered] == [2, 0, 1]
    assert answered[0]["hits"][0]["source"] == "list:1"
    assert set(answered[2]["hits"][0]) == {"source", "id", "score"}


@pytest.mark.parametrize("content", [b"hall\n", b'{"id": 1, "text": "caf\xe9"}\n', b"\x89PNG\0", b"[]"])
def test_a_batch_that_cannot_be_read_says_which_line(tmp_path: Path, content: bytes) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_bytes(content)
    result = run("search", "--batch", str(asked))
    assert isinstance(result.exception, Refused)
    assert "Line 1" in result.exception.sentence


@pytest.mark.usefixtures("talk")
def test_the_index_is_made_anew_and_described(session: Session) -> None:
    before = index().state()
    assert run("index", "rebuild").stdout == "Indexed 3 entries.\n"
    assert index().state() != before
    assert "The index is up to date." in run("index", "status").stdout
    discuss(session, "One more")
    (status,) = lines(run("index", "status", "--json"))
    assert status["behind"] == 1
    assert "behind by 1 of" in run("index", "status").stdout


@pytest.mark.usefixtures("app")
def test_no_index_is_said_in_a_sentence() -> None:
    assert run("index", "status").stdout.startswith("There is no index yet.")
    answer = run("search", "hall")
    assert "being made" in answer.stderr
    assert "Nothing was found" not in answer.stdout


@pytest.mark.usefixtures("talk")
def test_spelling_is_corrected_unless_it_is_asked_not_to_be(tmp_path: Path) -> None:
    found = run("search", "chiars")
    assert "Showing results for chairs." in found.stderr and HALL in found.stdout
    assert "Nothing was found." in run("search", "chiars", "--exactly").stdout
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": "1", "text": "chiars"}')
    assert [hit["source"] for hit in lines(run("search", "--batch", str(batch)))[0]["hits"]] == ["list:1"]
    assert lines(run("search", "--batch", str(batch), "--exactly"))[0]["hits"] == []
