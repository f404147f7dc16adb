"""JSON Lines become entries of the kinds that they name."""

import json
from pathlib import Path
from typing import Any

from tests.load.conftest import Load, entries, only, ops, shared


def lines(path: Path, *items: Any) -> Path:
    path.write_text("\n".join(item if isinstance(item, str) else json.dumps(item) for item in items))
    return path


def test_each_kind_becomes_itself_and_other_words_become_tags(run: Load, tmp_path: Path) -> None:
    given = lines(
        tmp_path / "docs.jsonl",
        {"id": "1", "title": "A", "text": "news text", "kind": "news", "date": "2020-03-04", "author": "Josie Hale"},
        {"id": "2", "title": "B", "text": "idea text", "kind": "idea"},
        {"id": "3", "title": "C", "text": "talk text", "kind": "discussion"},
        {"id": "4", "title": "D", "text": "event text", "kind": "Event", "date": "Wed, 4 Mar 2020 10:00:00 +0000"},
        {"id": 5, "title": "E", "text": "no kind"},
    )
    assert run("jsonl", given)["new"] == {"news": 1, "idea": 1, "discussion": 1, "note": 2}
    news = only("news")
    assert (news.source, news.credit, news.when) == ("1", "Josie Hale", 1_583_323_200_000)
    event, plain = sorted(entries("note"), key=lambda note: note.title)
    assert (event.tags, plain.tags, plain.source) == (["event"], [], "5")


def test_a_thread_gathers_its_items(run: Load, tmp_path: Path) -> None:
    given = lines(
        tmp_path / "docs.jsonl",
        {"id": "a", "title": "Vans", "text": "Who drives?", "thread": "t"},
        {"id": "b", "title": "Re: Vans", "text": "Me.", "thread": "t"},
        {"id": "c", "title": "Lunch", "text": "And lunch?", "thread": "t"},
        {"id": "d", "title": "Else", "text": "Alone.", "thread": "u"},
    )
    assert run("jsonl", given)["new"] == {"discussion": 2, "reply": 2}
    assert [reply.body for reply in entries("reply")] == ["Me.", "**Lunch**\n\nAnd lunch?"]
    before = ops()
    assert run("jsonl", given)["same"] == 4
    assert ops() == before


def test_bad_lines_are_listed(run: Load, tmp_path: Path) -> None:
    given = lines(
        tmp_path / "docs.jsonl", "{not json", "[1]", {"title": "no id", "text": "x"}, {"id": "n", "title": "no text"},
        {"id": "ok", "title": "", "text": "Only a text\nof two lines", "date": "not a day"},
        {"id": "ok", "title": "again", "text": "x"}, {"id": "x\ny", "text": "x"}, '{"id":"\\u0000z","text":"x"}',
    )  # fmt: skip
    report = run("jsonl", given)
    assert report["new"] == {"note": 1}
    assert [bad["name"] for bad in report["bad"]] == [f"docs.jsonl, line {n}" for n in (1, 2, 3, 4, 6, 7, 8)]
    assert only("note").title == "Only a text of two lines"


def test_plain_text_is_escaped_where_the_line_says_that_it_is_plain(run: Load, tmp_path: Path) -> None:
    item = {"id": "1", "title": "T", "text": "# not a heading\n2 * 3 * 4", "format": "plain"}
    run("jsonl", lines(tmp_path / "docs.jsonl", item))
    assert only("note").body == "\\# not a heading  \n2 \\* 3 \\* 4"


def test_the_real_pages_load_once(run: Load) -> None:
    given = shared("iiif-network-news/docs.jsonl")
    report = run("jsonl", given)
    assert (report["new"], report["bad"]) == ({"news": 124, "note": 295}, [])
    assert run("jsonl", given)["same"] == 419
