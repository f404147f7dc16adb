"""`partnernet write-out`: what it says, and what it refuses."""

import json
from pathlib import Path

import click
import pytest

from partnernet.core.errors import Refused
from partnernet.interchange.cli import write_out_command
from tests.interchange.conftest import Node


def test_it_says_what_it_wrote(hall: Node, tmp_path: Path) -> None:
    said = hall.run(write_out_command, "markdown", str(tmp_path / "out"))
    assert said == "Written out: 1 discussion, 1 idea, 1 news, 1 note, 2 replies. Attachments: 1.\n"
    said = json.loads(hall.run(write_out_command, "mbox", str(tmp_path / "all"), "--json", "--kind", "idea"))
    assert said == {"written": {"idea": 1}, "files": 0, "missing": 0, "too_large": 0}


def test_days_are_whole(hall: Node, tmp_path: Path) -> None:
    with hall.app.app_context():
        days = sorted({f"{text.when}" for text in hall.reading().entries()})
    assert days
    said = hall.run(write_out_command, "csv", str(tmp_path / "a"), "--from", "1970-01-01", "--to", "1970-01-02")
    assert "discussion" not in said


def test_a_place_that_is_taken_and_a_kind_that_is_none_are_refused(hall: Node, tmp_path: Path) -> None:
    hall.write_out("csv", "out")
    with pytest.raises(Refused, match="something at"):
        hall.write_out("csv", "out")
    with pytest.raises(click.BadParameter, match="not one of discussion, idea, news, note"):
        hall.write_out("csv", "other", "--kind", "person")
    assert not list(tmp_path.glob("*.part"))


def test_what_has_not_arrived_is_counted(hall: Node, tmp_path: Path) -> None:
    files = hall.app.extensions["partnernet.files"]
    for path in list(files.folder.glob("*/*")):
        path.unlink()
    said = hall.run(write_out_command, "markdown", str(tmp_path / "out"))
    assert "not reached this server, and so are not in it: 1." in said
    (news,) = (tmp_path / "out" / "news").iterdir()
    assert "poster.pdf (not here yet)" in news.read_text()
