"""The folder of Markdown: valid front matter, links that work, and files as they were."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from partnernet.interchange.front import iso, moment, quoted, written
from partnernet.interchange.markdown import path_of
from partnernet.load import front
from tests.interchange.conftest import POSTER, Node

LINK = re.compile(r"\]\((\.\./[^)]+)\)|\"(\.\./[^\"]+)\"")


@pytest.fixture
def folder(hall: Node) -> Path:
    return hall.write_out("markdown", "out")


def test_each_entry_has_a_file_in_the_folder_of_its_kind(hall: Node, folder: Path) -> None:
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md")) == sorted([
        "README.md", f"discussions/what-does-a-hall-need-{hall.made['talk'][:12]}.md",
        f"ideas/a-van-for-all-yes-{hall.made['idea'][:12]}.md", f"news/con-{hall.made['news'][:12]}.md",
        f"notes/nodiadaur-hydref-{hall.made['note'][:12]}.md",
    ])  # fmt: skip


def test_front_matter_is_yaml_that_says_everything(hall: Node, folder: Path) -> None:
    (news,) = (folder / "news").iterdir()
    given = yaml.safe_load(news.read_text().split("---")[1])
    assert given["title"] == "CON" and given["standfirst"] == 'He said: "come"'
    assert given["learning"] == ["- Ask first", "Pay the fare"] and given["partner"] == "The Corn Hall"
    assert (given["author"], given["visibility"], given["kind"]) == ("Josie Calder", "public", "news")
    assert given["date"].year >= 2026 and given["files"][0]["name"] == "poster.pdf"
    (note,) = (folder / "notes").iterdir()
    given = yaml.safe_load(note.read_text().split("---")[1])
    assert (given["title"], given["held"], given["host"]) == ("Nodiadau’r Hydref", "2025-10-09", "The Corn Hall")


def test_links_lead_to_files_that_are_there(folder: Path) -> None:
    led = []
    for path in folder.rglob("*.md"):
        for found in LINK.finditer(path.read_text()):
            target = path.parent / (found[1] or found[2])
            assert target.is_file()
            led.append(target.resolve())
    assert {path.parent.name for path in led} == {"files", "discussions"}
    (poster,) = (folder / "files").iterdir()
    assert poster.read_bytes() == POSTER


def test_replies_stand_under_their_author_and_day(folder: Path) -> None:
    (talk,) = (folder / "discussions").iterdir()
    text = talk.read_text()
    assert re.search(
        r"\n## Replies\n\n<!-- partnernet:reply \{.*\} -->\n### Wren Achebe, \d{4}-\d\d-\d\d\n\nAsk ", text
    )
    assert text.count("### ") == 2 and "\\<!-- partnernet:replies -->" in text


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(values=st.dictionaries(st.sampled_from(["title", "tags", "a_b", "summary"]), TEXT | st.lists(TEXT, max_size=3)))
def test_any_words_are_valid_yaml(values: dict[str, str | list[str]]) -> None:
    block = written(values).strip("-\n")
    kept = {name: value for name, value in values.items() if value}
    assert (yaml.safe_load(block) or {}) == (front.read(block) or {}) == kept


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_780_000_000_123, "2026-05-28T20:26:40.123Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ],
)  # fmt: skip
def test_times_are_iso_8601_to_the_millisecond(milliseconds: int, text: str) -> None:
    assert iso(milliseconds) == text == moment(milliseconds)


def test_quotation_marks_and_what_nobody_sees_are_escaped() -> None:
    assert quoted('a "b" \u2028\x85\ufeff') == '"a \\"b\\" \\u2028\\u0085\\ufeff"'


def test_a_path_is_the_same_whoever_names_it(hall: Node) -> None:
    with hall.app.app_context():
        (idea,) = hall.reading(kinds=("idea",)).entries()
        (origin,) = idea.came_from
        (talk,) = hall.reading(kinds=("discussion",)).entries()
        assert path_of(origin) == path_of(talk)
