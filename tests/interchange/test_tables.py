"""The tables: as RFC 4180 has them, and without a formula."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnernet.interchange.tables import neutral
from partnernet.load.tables import _NEUTRAL
from tests.interchange.conftest import Node


@pytest.fixture
def folder(hall: Node) -> Path:
    return hall.write_out("csv", "out")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_there_is_a_table_for_each_kind_of_thing(folder: Path) -> None:
    counts = {path.stem: len(rows(path)) for path in folder.iterdir()}
    assert counts == {"entries": 4, "replies": 2, "partners": 1, "people": 2, "marks": 2, "terms": 0}
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in folder.iterdir())
    assert all(b"\r\n" in path.read_bytes() for path in folder.iterdir())


def test_rows_say_what_is_known(hall: Node, folder: Path) -> None:
    by_id = {row["id"]: row for row in rows(folder / "entries.csv")}
    idea, note = by_id[hall.made["idea"]], by_id[hall.made["note"]]
    assert (idea["stage"], idea["author"], idea["came_from"]) == ("define", "Wren Achebe", hall.made["talk"])
    assert (note["held"], note["host"], note["text"]) == ("2025-10-09", "The Corn Hall", "# Present\n\nAll.")
    first, second = rows(folder / "replies.csv")
    assert (first["root"], first["to"], second["to"]) == (hall.made["talk"], "", hall.made["reply"])
    said = {(row["entry"], row["mark"], row["subject"], row["said_by"]) for row in rows(folder / "marks.csv")}
    assert said == {
        (hall.made["talk"], "tag", "halls", "Josie Calder"),
        (hall.made["idea"], "came_from", hall.made["talk"], "Wren Achebe"),
    }
    assert {row["name"]: row["about"] for row in rows(folder / "people.csv")}["Wren Achebe"] == "Plays the tuba."


def test_marks_are_those_of_what_was_chosen(hall: Node) -> None:
    assert len(rows(hall.write_out("csv", "ideas", "--kind", "idea") / "marks.csv")) == 1
    assert rows(hall.write_out("csv", "public", "--public") / "marks.csv") == []


def test_no_cell_is_a_formula(folder: Path) -> None:
    for path in folder.iterdir():
        for row in rows(path):
            assert not [cell for cell in row.values() if cell[:1] in tuple("=+-@\t\r\n")]
    assert rows(folder / "partners.csv")[0]["about"] == "'=HYPERLINK(1)"


@given(value=st.text(max_size=20) | st.text("'=+-@\t\r\n", max_size=5))
def test_whatever_is_made_harmless_is_read_back(value: str) -> None:
    assert neutral(value)[:1] not in tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20") or not value
    assert _NEUTRAL.sub("", neutral(value), count=1) == value
