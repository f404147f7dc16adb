"""Drafts, which never leave this server, and the preview."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.ledger.tables import OpRow
from partnernet.entries.model import Draft
from partnernet.people.model import Account
from tests.entries.forms import form, heads, share, without_marks, written
from tests.factories import read_again


def drafts(session: Session) -> int:
    """How many drafts there are."""
    read_again(session)
    return session.scalar(select(func.count()).select_from(Draft)) or 0


def test_a_script_keeps_a_draft_and_is_told_when(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    before = session.scalar(select(func.count(OpRow.id)))
    answer = hers.post("/drafts/new-idea", data=form("idea", title="", body="Half a thought", stage="deliver"))
    assert answer.status_code == 200 and answer.json["saved"] > 0
    page = hers.get("/ideas/new").text
    assert written(page) == "Half a thought" and 'selected value="deliver"' in page
    assert "This is the draft that you began" in page
    assert "Half a thought" not in his.get("/ideas/new").text
    assert session.scalar(select(func.count(OpRow.id))) == before


def test_the_button_keeps_a_draft_without_script(hers: FlaskClient, session: Session) -> None:
    answer = hers.post("/news/new", data=form("news", title="", body="Half a thought", act="draft"))
    assert answer.status_code == 303
    page = hers.get(answer.headers["Location"]).text
    assert written(page) == "Half a thought" and "The draft is kept here for you" in page


def test_a_newer_draft_takes_the_place_of_the_older(hers: FlaskClient, session: Session) -> None:
    for words in ("One", "Two"):
        hers.post("/drafts/new-idea", data={"body": words})
    assert drafts(session) == 1
    assert written(hers.get("/ideas/new").text) == "Two"


def test_what_is_shared_is_no_draft_any_more(hers: FlaskClient, session: Session) -> None:
    hers.post("/drafts/new-idea", data={"body": "Half"})
    share(hers, "idea")
    assert drafts(session) == 0


def test_what_is_shared_leaves_the_draft_of_another_window(hers: FlaskClient, session: Session) -> None:
    windows = [re.search(r'name="writing" value="(\w+)"', hers.get("/ideas/new").text) for _ in range(2)]
    first, second = (found[1] for found in windows if found)
    assert first != second
    hers.post("/drafts/new-idea", data={"body": "In the second window", "writing": second})
    share(hers, "idea", writing=first)
    page = hers.get("/ideas/new").text
    assert written(page) == "In the second window" and f'name="writing" value="{second}"' in page
    share(hers, "idea", writing=second)
    assert drafts(session) == 0


def test_a_draft_of_a_change_stays_what_it_was_made_from(hers: FlaskClient) -> None:
    address = share(hers, "idea", body="First")
    seen = heads(hers, f"{address}/edit")
    hers.post(f"{address}/edit", data=form("idea", body="Mine, not done yet", heads=seen, act="draft"))
    hers.post(f"{address}/edit", data=form("idea", body="Meanwhile", heads=seen))
    hers.post(f"{address}/edit", data=form("idea", body="Mine, not done yet", heads=seen, act="draft"))
    assert heads(hers, f"{address}/edit") == seen
    hers.post(f"{address}/edit", data=form("idea", body="Mine, done", heads=heads(hers, f"{address}/edit")))
    editor = hers.get(f"{address}/edit", follow_redirects=True).text
    assert "Meanwhile" in editor and "Mine, done" in without_marks(editor)


def test_the_reply_on_the_page_of_an_entry_is_filled_in(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    address = share(hers, "discussion")
    entry = session.scalars(select(OpRow.id).where(OpRow.kind == "discussion")).one()
    assert f'data-draft-url="/drafts/reply-{entry}"' in his.get(address).text
    his.post(f"/drafts/reply-{entry}", data={"body": "Half an answer"})
    assert written(his.get(address).text) == "Half an answer"
    his.post(f"/replies/to/{entry[:12]}", data={"body": "A whole answer"})
    assert drafts(session) == 0


def test_all_drafts_are_listed_and_can_be_thrown_away(hers: FlaskClient, session: Session) -> None:
    assert "No drafts" in hers.get("/drafts").text
    hers.post("/drafts/new-idea", data={"title": "A press", "body": "Half"})
    page = hers.get("/drafts").text
    assert 'href="/ideas/new"' in page and "A press" in page
    assert hers.post("/drafts/new-idea/removal").status_code == 303
    assert drafts(session) == 0


@pytest.mark.parametrize("name", ["new-person", "x", "edit-", "reply-short", "new-idea-more"])
def test_a_form_that_nobody_has_is_422(hers: FlaskClient, name: str) -> None:
    assert hers.post(f"/drafts/{name}", data={"body": "x"}).status_code == 422


def test_a_draft_has_its_limit(hers: FlaskClient) -> None:
    assert hers.post("/drafts/new-idea", data={"body": "x" * 300_001}).status_code == 413


def test_strangers_keep_no_drafts(client: FlaskClient) -> None:
    assert client.post("/drafts/new-idea", data={"body": "x"}).status_code in (401, 404)
    assert client.post("/preview", data={"body": "x"}).status_code == 401


def test_the_preview_shows_what_will_stand_there(hers: FlaskClient, tomasz: Account) -> None:
    source = "# A door\n\n**Ask** @Tomasz Lind. <script>alert(1)</script>"
    part = hers.post("/preview", data={"body": source}, headers={"HX-Request-Type": "partial"}).text
    assert "<strong>Ask</strong>" in part and 'class="mention"' in part and "<script" not in part
    assert "<html" not in part
    assert "How it will look" in hers.post("/preview", data={"body": source}).text


def test_without_script_the_form_comes_back_with_the_words_and_how_they_will_look(hers: FlaskClient) -> None:
    answer = hers.post("/ideas/new", data=form("idea", body="A **door**", act="preview"))
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/ideas/new?preview=1#preview")
    page = hers.get("/ideas/new?preview=1").text
    assert written(page) == "A **door**" and "A <strong>door</strong>" in page
    assert "A <strong>door</strong>" not in hers.get("/ideas/new").text


def test_a_form_that_needs_a_look_says_so_in_its_title(hers: FlaskClient) -> None:
    page = hers.post("/ideas/new", data=form("idea", title="")).text
    assert "<title>Error: " in page and 'href="#title"' in page
    assert "<title>Error" not in hers.get("/ideas/new").text


def test_every_text_in_markdown_has_the_tools_over_it(hers: FlaskClient) -> None:
    address = share(hers, "discussion")
    for page in ("/news/new", "/notes/new", f"{address}/edit", f"{address}/summary", address):
        found = re.findall(r'role="toolbar"[^>]*aria-controls="(\w+)"', hers.get(page).text)
        assert len(found) == 1 and f'id="{found[0]}"' in hers.get(page).text
