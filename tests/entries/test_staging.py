"""Files that came before what they belong to was sent."""

import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.entry import Attachment
from partnernet.entries import staging
from partnernet.entries.model import Draft
from partnernet.exchange.upkeep import referenced
from tests.entries.forms import errors, form, heads, picture, share
from tests.factories import read_again

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def bring(browser: FlaskClient, content: io.BytesIO, name: str, **more: str) -> Any:
    """Send one file while writing."""
    return browser.post("/files", data={"file": (content, name), **more}, headers=PART)


def brought(browser: FlaskClient, content: io.BytesIO | None = None, name: str = "hall.png") -> str:
    """The hash of a file that was sent while writing."""
    found = re.search(r'name="staged" value="([0-9a-f]{64})"', bring(browser, content or picture(), name).text)
    assert found
    return found[1]


def waiting(session: Session) -> list[str]:
    """The hashes of the files that wait."""
    read_again(session)
    return staging.hashes(session)


def age(session: Session) -> None:
    """Let everything that waits have come long ago."""
    write(session)
    session.execute(update(Draft).values(saved=Draft.saved - 2 * staging.WAIT))
    commit(session)


def sweep(session: Session) -> None:
    """What the hourly chore does."""
    read_again(session)
    staging.sweep(session)
    commit(session)


def test_a_file_is_answered_with_its_line_and_shown_to_whoever_brought_it(
    hers: FlaskClient, his: FlaskClient, client: FlaskClient
) -> None:
    answer = bring(hers, picture(), "hall.JPG.png")
    assert answer.status_code == 200 and "<html" not in answer.text
    assert "hall.JPG.webp" in answer.text and "for people who cannot see it" in answer.text
    sha256 = brought(hers)
    assert hers.get(f"/files/{sha256}").mimetype == "image/webp"
    assert his.get(f"/files/{sha256}").status_code == 404
    assert client.get(f"/files/{sha256}").status_code == 404


def test_a_file_that_is_no_such_thing_is_refused_in_words(hers: FlaskClient, session: Session) -> None:
    answer = bring(hers, io.BytesIO(b"MZ"), "<b>virus</b>.exe")
    assert answer.status_code == 422 and "is not a kind of file that is kept here" in answer.text
    assert "<b>" not in answer.text and waiting(session) == []
    assert hers.post("/files", data={}).status_code == 422


def test_what_waits_is_sent_with_its_words(hers: FlaskClient, session: Session) -> None:
    sha256 = brought(hers)
    share(hers, "idea", staged=sha256, **{f"staged_alt_{sha256[:12]}": "The  hall at dusk"})
    (row,) = session.scalars(select(Attachment)).all()
    assert (row.sha256, row.name, row.alt, row.field) == (sha256, "hall.webp", "The hall at dusk", "files")


def test_a_picture_without_words_is_asked_about_and_nothing_is_lost(hers: FlaskClient, session: Session) -> None:
    sha256 = brought(hers)
    answer = hers.post("/ideas/new", data=form("idea", staged=sha256))
    assert answer.status_code == 422
    assert f'<a href="#staged-alt-{sha256[:12]}">Say what “hall.webp” shows' in answer.text
    assert f'name="staged" value="{sha256}" checked' in answer.text
    assert "<title>Error: " in answer.text


def test_files_chosen_without_script_survive_a_form_that_is_shown_again(hers: FlaskClient, session: Session) -> None:
    files = [(picture(), "hall.png"), (io.BytesIO(b"one"), "one.txt")]
    answer = hers.post("/ideas/new", data=form("idea", title="", files=files, files_alt="The hall"))
    assert answer.status_code == 422 and "title" in errors(answer.text)
    named = re.findall(r'name="staged" value="([0-9a-f]+)" checked', answer.text)
    assert sorted(named) == sorted(waiting(session)) and len(named) == 2
    assert 'value="The hall"' in answer.text


def test_a_draft_keeps_the_files_and_their_words(hers: FlaskClient) -> None:
    files = [(picture(), "hall.png")]
    hers.post("/ideas/new", data=form("idea", act="draft", files=files, files_alt="The hall"))
    page = hers.get("/ideas/new").text
    assert "hall.webp" in page and 'value="The hall"' in page
    assert "hall.webp" not in hers.get("/drafts").text and "No drafts" not in hers.get("/drafts").text


def test_the_reply_on_the_page_of_an_entry_has_its_files(hers: FlaskClient) -> None:
    address = share(hers, "discussion")
    reply = re.search(r'data-draft-url="(/drafts/reply-[^"]+)"', hers.get(address).text)
    assert reply
    sha256 = brought(hers)
    hers.post(reply[1], data={"body": "See", "staged": sha256, f"staged_alt_{sha256[:12]}": "The hall"})
    page = hers.get(address).text
    assert f'name="staged" value="{sha256}" checked' in page and 'value="The hall"' in page


def test_nobody_sends_what_another_brought(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    sha256 = brought(hers, io.BytesIO(b"mine"), "mine.txt")
    share(his, "idea", staged=sha256)
    assert session.scalars(select(Attachment)).all() == []


def test_the_lead_picture_waits_too(hers: FlaskClient, session: Session) -> None:
    answer = bring(hers, picture(), "lead.png", role="picture")
    found = re.search(r'name="picture_staged" value="([0-9a-f]{64})"', answer.text)
    assert found
    refused = hers.post("/news/new", data=form("news", picture_staged=found[1]))
    assert refused.status_code == 422 and "picture_alt" in errors(refused.text)
    assert f'src="/files/{found[1]}"' in refused.text
    bare = share(hers, "news", picture_staged=found[1], picture_gone="y")
    assert found[1] not in hers.get(bare).text
    address = share(hers, "news", picture_staged=found[1], picture_alt="The press")
    (row,) = session.scalars(select(Attachment)).all()
    assert (row.field, row.sha256, row.alt) == ("picture", found[1], "The press")
    seen = heads(hers, f"{address}/edit")
    assert hers.post(f"{address}/edit", data=form("news", heads=seen, picture_alt="The press")).status_code == 303
    read_again(session)
    assert session.scalars(select(Attachment.sha256)).all() == [found[1]]


def test_a_lead_picture_is_a_picture(hers: FlaskClient, session: Session) -> None:
    for name in ("plan.txt", "drawing.svg"):
        answer = bring(hers, io.BytesIO(b"<svg></svg>"), name, role="picture")
        assert answer.status_code == 422 and f"“{name}” is not a picture" in answer.text
    assert not waiting(session)


def test_a_lead_picture_chosen_without_script_survives_a_form_that_is_shown_again(hers: FlaskClient) -> None:
    answer = hers.post("/news/new", data=form("news", title="", picture=(picture(), "lead.png"), picture_alt="It"))
    assert answer.status_code == 422 and 'name="picture_staged"' in answer.text


def test_a_file_that_no_draft_names_goes_after_a_while(hers: FlaskClient, session: Session) -> None:
    kept, left = brought(hers, io.BytesIO(b"kept"), "kept.txt"), brought(hers, io.BytesIO(b"left"), "left.txt")
    hers.post("/drafts/new-idea", data={"body": "Half", "staged": kept})
    sweep(session)
    assert sorted(waiting(session)) == sorted([kept, left])
    age(session)
    sweep(session)
    assert waiting(session) == [kept] and kept in referenced(session)
    hers.post("/drafts/new-idea/removal")
    age(session)
    sweep(session)
    assert waiting(session) == [] and kept not in referenced(session)


def test_what_waits_has_its_limit_and_what_no_draft_names_makes_room(
    hers: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "COUNT_LIMIT", 1)
    first = brought(hers, io.BytesIO(b"first"), "first.txt")
    assert "Many files of yours wait" in bring(hers, io.BytesIO(b"second"), "second.txt").text
    assert brought(hers, io.BytesIO(b"first"), "first.txt") == first
    age(session)
    assert waiting(session) == [first]
    second = brought(hers, io.BytesIO(b"second"), "second.txt")
    assert waiting(session) == [second]


def test_a_draft_names_only_hashes_and_words(hers: FlaskClient, session: Session) -> None:
    hers.post(
        "/drafts/new-idea", data={"body": "Half", "staged": ["x" * 64, "no hash"], "staged_alt_xxxxxxxxxxxx": "W"}
    )
    values = json.loads(session.scalars(select(Draft.values)).one())
    assert json.loads(values["staged"]) == {"x" * 64: "W", "no hash": ""}
    assert "no hash" not in hers.get("/ideas/new").text


def test_the_size_of_what_waits_is_counted(app: Flask, hers: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SIZE_LIMIT", 8)
    assert bring(hers, io.BytesIO(b"12345678"), "one.txt").status_code == 200
    assert bring(hers, io.BytesIO(b"9"), "two.txt").status_code == 422
