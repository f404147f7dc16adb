"""Folders of past notes become notes, once each."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Attachment
from partnernet.core.errors import Refused
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.load.notes import title_from
from partnernet.notes.model import Note
from tests.load.conftest import Load, entries, only, ops, shared
from tests.load.documents import docx, pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "forum-notes"
    (made / "2019").mkdir(parents=True)
    (made / "2014-10-09.md").write_text("# Autumn Forum\n\n## Travel\n\nWe share the van.\n")
    (made / "2019" / "spring.md").write_text(
        "---\ntitle: Spring Forum\ndate: 2019-03-21\nauthor: Josie Hale\ntags: [access, Touring]\n---\nQuiet hours.\n"
    )
    (made / "2019" / "winter_gathering-2019-12-02.txt").write_text("Present: all.\n  * not bold *\n\nWe met.")
    (made / "README.md").write_text("What this folder is")
    return made


def test_a_folder_becomes_one_note_a_file(run: Load, folder: Path, session: Session) -> None:
    report = run("notes", folder)
    assert report["new"] == {"note": 3}
    assert report["skipped"] == ["forum-notes/README.md"]
    autumn, spring, winter = entries("note")
    assert (autumn.title, autumn.source) == ("Autumn Forum", "notes:forum-notes/2014-10-09.md")
    assert autumn.body == "## Travel\n\nWe share the van."
    assert (spring.title, spring.credit, spring.tags) == ("Spring Forum", "Josie Hale", ["access", "touring"])
    assert [session.get_one(Note, note.id).held for note in (autumn, spring, winter)] == [
        "2014-10-09", "2019-03-21", "2019-12-02",
    ]  # fmt: skip
    assert winter.title == "Winter gathering"
    assert {note.log for note in (autumn, spring, winter)} == {"network"}


def test_loading_again_writes_nothing(run: Load, folder: Path) -> None:
    run("notes", folder)
    before = ops()
    report = run("notes", folder)
    assert ops() == before
    assert (report["new"], report["same"]) == ({}, 3)


def test_a_changed_text_becomes_an_edit(run: Load, folder: Path) -> None:
    run("notes", folder)
    note, before = entries("note")[0], ops()
    (folder / "2014-10-09.md").write_text("# Autumn Forum\n\nWe sold the van.\n")
    assert run("notes", folder)["changed"] == 1
    assert ops() == before + 1
    assert entries("note")[0].body == "We sold the van."
    assert entries("note")[0].id == note.id
    (folder / "2014-10-09.md").write_text("# Autumn Forum\n\nWe bought it back.\n")
    assert run("notes", folder)["changed"] == 1
    assert run("notes", folder)["same"] == 3


def test_what_people_have_edited_is_listed_and_left(run: Load, folder: Path, network: Flask, session: Session) -> None:
    run("notes", folder)
    note = entries("note")[0]
    verbs.edit(session, NodeItself(network.extensions["partnernet.node"]), note, {"body": "Corrected by hand."})
    commit(session)
    (folder / "2014-10-09.md").write_text("# Autumn Forum\n\nOlder words.\n")
    report = run("notes", folder)
    assert report["left"] == [{"name": "forum-notes/2014-10-09.md", "reason": "it was edited"}]
    assert entries("note")[0].body == "Corrected by hand."


def test_what_was_erased_does_not_come_back(run: Load, folder: Path, network: Flask, session: Session) -> None:
    run("notes", folder)
    verbs.redact(session, NodeItself(network.extensions["partnernet.node"]), entries("note")[0])
    commit(session)
    report = run("notes", folder)
    assert report["left"] == [{"name": "forum-notes/2014-10-09.md", "reason": "it was erased"}]
    assert len([note for note in entries("note") if not note.redacted]) == 2


def test_a_word_document_is_read_and_kept(run: Load, tmp_path: Path, session: Session) -> None:
    (tmp_path / "visit.docx").write_bytes(docx("A visit to the mill", "It rained.", "We sang."))
    assert run("notes", tmp_path / "visit.docx")["new"] == {"note": 1}
    note = only("note")
    assert (note.title, note.body) == ("A visit to the mill", "It rained.\n\nWe sang.")
    assert [row.name for row in session.query(Attachment).filter_by(entry=note.id)] == ["visit.docx"]
    assert run("notes", tmp_path / "visit.docx")["same"] == 1


def test_a_pdf_is_read_and_kept(run: Load, tmp_path: Path, session: Session) -> None:
    (tmp_path / "agm-2016-05-04.pdf").write_bytes(pdf("The accounts were agreed.", "The roof was not."))
    run("notes", tmp_path / "agm-2016-05-04.pdf")
    note = only("note")
    assert note.title == "Agm"
    assert "The accounts were agreed." in note.body and "The roof was not." in note.body
    assert session.query(Attachment).filter_by(entry=note.id).one().type == "application/pdf"


def test_a_web_page_is_read(run: Load, tmp_path: Path) -> None:
    page = "<title>x</title><h1>Open day</h1><p>Come <b>early</b>.</p><script>alert(1)</script>"
    (tmp_path / "day.html").write_text(page)
    run("notes", tmp_path / "day.html")
    assert (only("note").title, only("note").body) == ("Open day", "Come **early**.")


def test_bad_files_are_listed_and_the_rest_is_loaded(run: Load, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing more")
    (folder / "broken.docx").write_bytes(b"PK not a zip")
    (folder / "binary.md").write_bytes(b"\x00\x01\x02" * 50)
    (folder / "empty.md").write_text(" \n")
    (folder / "latin.md").write_bytes("# Café\n\nDéjà vu".encode("cp1252"))
    (folder / "sheet.xlsx").write_bytes(b"PK")
    report = run("notes", folder)
    assert report["new"] == {"note": 4}
    assert {entry["name"].split("/")[-1] for entry in report["bad"]} == {
        "broken.pdf", "broken.docx", "binary.md", "empty.md", "sheet.xlsx",
    }  # fmt: skip
    assert "Café" in {note.title for note in entries("note")}


def test_where_nothing_can_be_loaded_the_command_says_so(run: Load, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("about")
    with pytest.raises(Refused):
        run("notes", tmp_path)


def test_a_text_over_the_limit_goes_on_in_a_file(run: Load, tmp_path: Path, session: Session) -> None:
    (tmp_path / "long.md").write_text("# Everything\n\n" + "Every word of it counts.\n\n" * 20_000)
    run("notes", tmp_path / "long.md")
    note = only("note")
    assert len(note.body) <= 200_000 and note.body.endswith("*This goes on in the file below.*")
    assert session.query(Attachment).filter_by(entry=note.id).one().size > 500_000


def test_the_partner_and_the_visibility_can_be_given(run: Load, folder: Path) -> None:
    run("notes", folder, "--partner", "Quayside Hall", "--visibility", "public")
    partner = only("partner")
    assert {(note.partner, note.log) for note in entries("note")} == {(partner.id, "public")}


def test_consumers_have_heard_of_everything_when_it_ends(run: Load, folder: Path, session: Session) -> None:
    from partnernet.core.consumers import CONSUMERS, last_position, position

    run("notes", folder)
    assert {position(session, name) for name in CONSUMERS} <= {last_position(session)}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2014-10-09.md", "Notes of 9 October 2014"),
        ("2019-03-21-spring_forum.txt", "Spring forum"),
        ("access.notes.pdf", "Access notes"),
    ],
)
def test_a_file_name_makes_a_title(name: str, title: str) -> None:
    assert title_from(name) == title


def test_the_real_minutes_load_once(run: Load) -> None:
    folder = shared("committee-minutes-md")
    report = run("notes", folder)
    assert (report["new"], report["bad"]) == ({"note": 184}, [])
    assert report["skipped"] == ["committee-minutes-md/SOURCE.txt"]
    assert run("notes", folder)["same"] == 184
