"""Tables of comma-separated values, good and bad, become entries; what is none is refused in a sentence."""

from pathlib import Path

import pytest

from partnernet.core.errors import Refused
from partnernet.load import tables
from tests.load.conftest import Load, entries, only

ID, REPLY = "a" * 52, "b" * 52
ENTRIES = "id,kind,title,date,author,visibility,tags,stage,text\r\n"
REPLIES = "id,root,to,date,author,visibility,text\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "tables"
    path.mkdir()
    return path


def test_a_table_of_anybody_becomes_notes(run: Load, folder: Path) -> None:
    rows = '1;Café;2019-03-21;Josie;news;"Two\nlines; one field"\r\n2;Tea;;;;x\r\n'
    (folder / "list.csv").write_bytes(f"\ufeffID;Title;Date;Author;Kind;Text\r\n{rows}".encode())
    assert run("csv", folder)["new"] == {"news": 1, "note": 1}
    news = only("news")
    assert (news.title, news.body, news.credit, news.source) == ("Café", "Two\nlines; one field", "Josie", "1")
    assert run("csv", folder)["same"] == 2


def test_the_tables_of_a_server_become_threads_in_whatever_order_they_lie(run: Load, folder: Path) -> None:
    row = f'{ID},idea,\'=A van,2026-03-06T12:00:00.123Z,Josie,public,"halls, vans",define,"\'- We\nshare"\r\n'
    (folder / "b-entries.csv").write_text(ENTRIES + row, newline="")
    answer = f"{REPLY},{ID},,2026-03-07T12:00:00.000Z,Wren,public,''=Yes\r\n"
    (folder / "a-replies.csv").write_text(REPLIES + answer, newline="")
    assert run("csv", folder)["new"] == {"idea": 1, "reply": 1}
    idea, reply = only("idea"), only("reply")
    assert (idea.title, idea.body, idea.log, idea.tags) == ("=A van", "- We\nshare", "public", ["halls", "vans"])
    assert (reply.body, reply.root, reply.credit) == ("'=Yes", idea.id, "Wren")


def test_a_reply_to_nothing_is_named(run: Load, folder: Path) -> None:
    (folder / "replies.csv").write_text(REPLIES + f"{REPLY},{ID},,2026-03-07,Wren,public,Yes\r\n")
    (folder / "list.csv").write_text("id,title,text\n1,Tea,x\n")
    report = run("csv", folder)
    assert report["new"] == {"note": 1} and report["bad"][0]["reason"] == "what it answers is not here"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name,place\nx,y\n", "its first line must name the columns"),
        (b"", "its first line must name the columns"),
        (b"id,title\n1,\x00\n", "line 2 is not text"),
        ("id,title\n1,x\n".encode("utf-16"), "it is written in UTF-16"),
        (b"id,title," + b"," * 600_000 + b"\n", "at most 200 are read"),
        (b"id,title," + b"," * 2_000_000 + b"\n", "line 1 is longer than 1 MB"),
        (b"id,title\n1," + b"x" * (1 << 21) + b"\n", "line 2 is longer than 1 MB"),
        (b'id,title\n1,"' + b"x\n" * (3 << 20), "is larger than 4 MB"),
        (b"id,title\n1," + b"," * 300 + b"\n", "at most 200 are read"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(run: Load, folder: Path, content: bytes, reason: str) -> None:
    (folder / "bad.csv").write_bytes(content)
    (folder / "good.csv").write_text("id,title,text\n7,Tea,x\n")
    report = run("csv", folder)
    assert report["new"] == {"note": 1} and [reason in bad["reason"] for bad in report["bad"]] == [True], report["bad"]


def test_no_more_is_read_than_a_row_may_take(tmp_path: Path) -> None:
    class Endless:
        """A file that never ends, and counts what is asked of it."""

        given = 0

        def read(self, size: int) -> bytes:
            return b"id,t"

        def seek(self, place: int) -> None:
            """There is nowhere to go."""

        def readline(self, size: int) -> bytes:
            self.given += size
            return b'"' if self.given == size else b"x" * size

    endless = Endless()
    with pytest.raises(tables.Unreadable):
        list(tables._rows(endless))  # type: ignore[arg-type]
    assert endless.given < 3 * tables.ROW_LIMIT


def test_bytes_of_another_encoding_are_read_as_well_as_they_can_be(run: Load, folder: Path) -> None:
    (folder / "latin.csv").write_bytes("id,title,text\n1,Café,Déjà vu\n".encode("cp1252"))
    run("csv", folder)
    assert only("note").title == "Café"


def test_rows_without_an_id_or_with_one_twice_are_named(run: Load, folder: Path) -> None:
    (folder / "list.csv").write_text("id,title,text\n1,Tea,x\n,No,x\n1,Twice,x\n\n,,\n")
    report = run("csv", folder)
    assert len(entries("note")) == 1 and len(report["bad"]) == 2


def test_where_there_is_no_table_the_command_says_so(run: Load, folder: Path) -> None:
    (folder / "sheet.xlsx").write_bytes(b"PK")
    with pytest.raises(Refused):
        run("csv", folder)
