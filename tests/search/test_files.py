"""The texts of files follow what entities name: new ones are read, what nobody names any more is gone."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position, position
from partnernet.core.db import commit, db, write
from partnernet.core.entry import Attachment
from partnernet.core.file_text import ABSENT, WAITING, FileReading, FileText
from partnernet.core.ledger import verbs
from partnernet.core.ledger.compaction import compact_after_erasure
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import Touched
from partnernet.core.ledger.verify import verify
from partnernet.extract import READ, VERSION
from partnernet.extract.process import Extract
from partnernet.search import reading as reader
from partnernet.search.files import counts, forget_unnamed
from partnernet.search.reading import Reading, read_waiting, store
from tests.extract.documents import locked_pdf, pdf
from tests.factories import own_node
from tests.search.attached import attach, described, files, put, read_files, reading, stored, take_note
from tests.search.cast import discuss

PATIENCE = 60
"""Seconds after which what never comes fails a test."""


def test_the_text_of_a_new_file_is_read_page_by_page(session: Session) -> None:
    content = pdf(["The hall opens"], ["The kettle boils"])
    attach(session, "Programme", programme_pdf=content)
    assert read_files(session) == 1
    rows = session.execute(select(FileText.n, FileText.page, FileText.text).order_by(FileText.n)).all()
    assert [tuple(row) for row in rows] == [(0, 1, "The hall opens"), (1, 2, "The kettle boils")]
    found = reading(session, content)
    assert found is not None and (found.status, found.unit, found.version) == (READ, "page", VERSION)


def test_reading_touches_what_names_the_file_so_that_it_is_indexed_again(session: Session) -> None:
    one = attach(session, "One", a_txt=b"Words in common")
    two = attach(session, "Two", b_txt=b"Words in common")
    take_note(session)
    before = last_position(session)
    read_files(session)
    rows = session.scalars(select(Touched).where(Touched.position > before)).all()
    assert {(row.entity, row.op, row.cause) for row in rows} == {(one.id, None, "replay"), (two.id, None, "replay")}
    assert read_files(session) == 0 and last_position(session) == before + 2
    assert position(session, "files") == before + 2
    assert verify(session, own_node().id) == []


def test_files_without_text_of_their_own_are_left_alone(session: Session) -> None:
    attach(session, "Sounds", song_mp3=b"la", picture_webp=b"RIFF")
    assert read_files(session) == 0
    assert session.scalars(select(FileReading)).all() == []


def test_a_file_that_is_not_here_yet_waits_and_is_read_when_it_comes(session: Session) -> None:
    content = b"Better late than never"
    discuss(session, "Late", files=[described("late.txt", content)])
    assert read_files(session) == 0
    waiting = reading(session, content)
    assert waiting is not None and waiting.status == ABSENT
    assert counts(session).waiting == 1
    put(content)
    assert read_waiting(session, files(), with_absent=False) == 0
    assert read_files(session) == 1
    assert stored(session) == ["Better late than never"]


def test_a_file_that_cannot_be_read_is_listed_and_the_others_are_read(session: Session) -> None:
    attach(
        session, "Mixed", locked_pdf=locked_pdf("x", ["Secret"]), bad_docx=b"PK\x03\x04", good_txt=b"Good words",
        scan_pdf=pdf([]),
    )  # fmt: skip
    assert read_files(session) == 4
    assert stored(session) == ["Good words"]
    found = counts(session)
    assert (found.read, found.waiting, found.unreadable) == (1, 0, 3)
    assert [name for name, _ in found.listed] == ["bad.docx", "locked.pdf", "scan.pdf"]
    assert found.listed[1][1] == "Its text cannot be searched: it is locked with a password."
    assert read_files(session) == 0  # and none of them is tried again


def test_what_was_read_by_an_older_version_is_read_again(session: Session) -> None:
    content = b"Read twice"
    attach(session, "Old", a_txt=content)
    read_files(session)
    store_old(session)
    assert stored(session) == ["as it was read before"]
    assert read_files(session) == 1
    assert stored(session) == ["Read twice"]


def store_old(session: Session) -> None:
    """Let every text be one that an older version has read."""
    write(session)
    session.execute(text("update file_reading set version = 0"))
    session.execute(text("update file_text set text = 'as it was read before'"))
    commit(session)


def test_a_file_that_two_name_stays_until_neither_does(session: Session) -> None:
    one, two = attach(session, "One", a_txt=b"Words in common"), attach(session, "Two", b_txt=b"Words in common")
    read_files(session)
    verbs.redact(session, NodeItself(own_node()), one)
    commit(session)
    take_note(session)
    assert stored(session) == ["Words in common"]
    verbs.edit(session, NodeItself(own_node()), two, {"files": []})
    commit(session)
    take_note(session)
    assert stored(session) == [] and session.scalars(select(FileReading)).all() == []


def test_nothing_is_stored_of_what_was_erased_while_it_was_read(session: Session) -> None:
    entry = attach(session, "Gone", a_txt=b"Words")
    take_note(session)
    verbs.redact(session, NodeItself(own_node()), entry)
    commit(session)
    before = last_position(session)
    store(session, sha256(b"Words").hexdigest(), Extract(READ))
    assert stored(session) == [] and last_position(session) == before


def test_the_sweep_forgets_what_the_consumer_has_not(session: Session) -> None:
    attach(session, "Gone", a_txt=b"Words")
    read_files(session)
    write(session)
    session.execute(Attachment.__table__.delete())  # type: ignore[attr-defined] # a table, of a declared class
    commit(session)
    forget_unnamed(session)
    commit(session)
    assert stored(session) == []


def test_after_a_redaction_no_word_of_the_file_is_left_in_the_database(app: Flask, session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the file of another database is its own affair")
    canary = " ".join(f"canary{n} sings in the attachment" for n in range(2_000))
    entry = attach(session, "Erased", canary_txt=canary.encode(), other_txt=b"The rest stays")
    for n in range(12):
        attach(session, f"Another {n}", a_txt=f"Other words {n} ".encode() * 400)
    read_files(session)
    assert b"canary7 sings" in database(app)
    verbs.redact(session, NodeItself(own_node()), entry)
    commit(session)
    take_note(session)
    session.rollback()
    compact_after_erasure(session)
    commit(session)
    db.session.remove()
    assert b"canary7 sings" not in database(app)
    assert len(stored(db.session())) == 12


def database(app: Flask) -> bytes:
    """Every byte of the database, and of what is not merged into it yet."""
    folder: Path = app.config["DATA"]
    return b"".join(path.read_bytes() for path in folder.glob("partnernet.db*"))


@pytest.fixture
def thread(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reading]:
    """The thread that reads, which looks for work without a pause."""
    monkeypatch.setattr(reader, "POLL", 0.01)
    monkeypatch.setattr(reader, "BACK_OFF", 0.01)
    monkeypatch.setattr(reader, "LOOK_AGAIN", 0.0)
    behind = Reading(app, lambda: True)
    yield behind
    behind.stop()


def wait_for_reading(monkeypatch: pytest.MonkeyPatch, failures: int = 0) -> threading.Event:
    """Tells when something was read; reading fails as often as it is told to."""
    done, left = threading.Event(), [failures]

    def read(*given: object, **options: object) -> int:
        if left[0]:
            left[0] -= 1
            raise ConnectionError("the reader's glasses are lost")
        count = read_waiting(*given, **options)  # type: ignore[arg-type] # as they came
        if count:
            done.set()
        return count

    monkeypatch.setattr(reader, "read_waiting", read)
    return done


def test_the_thread_reads_what_waits_and_tries_again(
    session: Session, thread: Reading, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = wait_for_reading(monkeypatch, failures=2)
    attach(session, "One", a_txt=b"Words of the thread")
    take_note(session)
    thread.start()
    assert done.wait(PATIENCE)
    thread.stop()
    assert stored(session) == ["Words of the thread"]
    assert len([record for record in caplog.records if "reading files failed" in record.message]) == 2


def test_the_thread_reads_what_comes_later(session: Session, thread: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    done = wait_for_reading(monkeypatch)
    discuss(session, "Late", files=[described("late.txt", b"Better late than never")])
    take_note(session)
    thread.start()
    put(b"Better late than never")
    assert done.wait(PATIENCE)
    assert stored(session) == ["Better late than never"]


def test_what_is_being_read_when_the_server_stops_is_read_the_next_time(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"Words"
    attach(session, "One", a_txt=content)
    take_note(session)
    assert read_waiting(session, files(), stopping=lambda: True) == 0
    found = reading(session, content)
    assert found is not None and found.status == WAITING
    assert read_files(session) == 1


def test_a_file_that_is_gone_when_it_is_to_be_read_waits(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    attach(session, "One", a_txt=b"Words")
    take_note(session)
    files().path(sha256(b"Words").hexdigest()).unlink()
    monkeypatch.setattr(files(), "has", lambda sha256: True, raising=False)
    assert read_waiting(session, files()) == 0
    assert counts(session).waiting == 1
