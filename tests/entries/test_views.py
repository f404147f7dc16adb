"""The pages that every kind has."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger.tables import OpRow
from tests.entries.forms import KINDS, PLURALS, errors, form, heads, share, written
from tests.factories import read_again


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind in turn."""
    return str(request.param)


def test_what_is_shared_has_a_page_and_stands_in_its_list(hers: FlaskClient, his: FlaskClient, kind: str) -> None:
    address = share(hers, kind)
    assert "It rained." in his.get(address).text
    assert address in his.get(f"/{PLURALS[kind]}").text
    assert address in his.get("/entries").text


def test_the_narrowest_readership_is_the_default(hers: FlaskClient, client: FlaskClient, kind: str) -> None:
    page = hers.get(f"/{PLURALS[kind]}/new").text
    chosen = [tag for tag in re.findall(r"<input[^>]*>", page) if "visibility" in tag and "checked" in tag]
    assert len(chosen) == 1 and 'value="network"' in chosen[0]
    address = share(hers, kind)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/history").status_code == 404
    assert client.get(f"{address}/edit").status_code == 404
    assert address not in client.get(f"/{PLURALS[kind]}").text


def test_what_is_public_is_read_without_an_account(hers: FlaskClient, client: FlaskClient, kind: str) -> None:
    address = share(hers, kind, visibility="public")
    assert "It rained." in client.get(address).text
    assert address in client.get(f"/{PLURALS[kind]}").text
    assert client.post(f"/replies/to/{address.split('/')[2]}", data={"body": "Hello"}).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 301}, "title"), ({"body": ""}, "body"),
        ({"visibility": "everybody"}, "visibility"), ({"tags": "a" * 61}, "tags"),
        ({"tags": ",".join("abcdefghijklmn")}, "tags"), ({"body": "a\0b"}, "body"),
    ],
)  # fmt: skip
def test_what_needs_another_look_is_422_with_the_words_kept(
    hers: FlaskClient, session: Session, kind: str, wrong: dict[str, str], field: str
) -> None:
    before = session.scalar(select(func.count(OpRow.id)))
    words = {"body": "Half a thought"} if field != "body" else {"title": "Half a thought"}
    answer = hers.post(f"/{PLURALS[kind]}/new", data=form(kind) | words | wrong)
    assert answer.status_code == 422
    assert field in errors(answer.text)
    assert "Half a thought" in answer.text
    read_again(session)
    assert session.scalar(select(func.count(OpRow.id))) == before


def test_an_edit_changes_the_page_and_is_noted(hers: FlaskClient, his: FlaskClient, kind: str) -> None:
    address = share(hers, kind, tags="press, hall")
    changed = form(
        kind, title="The press by canal", body="It *snowed*.", tags="press", heads=heads(hers, f"{address}/edit")
    )
    answer = hers.post(f"{address}/edit", data=changed)
    assert answer.status_code == 303
    page = his.get(answer.headers["Location"]).text
    assert "The press by canal" in page and "<em>snowed</em>" in page and "Changed on" in page
    assert "?tag=press" in page and "?tag=hall" not in page


def test_an_edit_that_needs_another_look_is_422_with_the_words_kept(hers: FlaskClient, kind: str) -> None:
    address = share(hers, kind)
    answer = hers.post(f"{address}/edit", data=form(kind, title="", body="Half a thought"))
    assert answer.status_code == 422
    assert written(answer.text) == "Half a thought"
    assert "It rained." in hers.get(address).text


def test_only_the_author_edits(hers: FlaskClient, his: FlaskClient, kind: str) -> None:
    address = share(hers, kind)
    assert his.get(f"{address}/edit").status_code == 403
    assert his.post(f"{address}/edit", data=form(kind, body="Mine now")).status_code == 403
    assert "Edit it" not in his.get(address).text


def test_edits_that_did_not_know_of_each_other_stand_side_by_side(hers: FlaskClient, kind: str) -> None:
    address = share(hers, kind, body="One press.\n\nNine halls.")
    seen = heads(hers, f"{address}/edit")
    hers.post(f"{address}/edit", data=form(kind, body="Two presses.\n\nNine halls.", heads=seen))
    hers.post(f"{address}/edit", data=form(kind, body="One press.\n\nTen halls.", heads=seen))
    assert "Make one of them" in hers.get(address).text
    versions = hers.get(f"{address}/edit").location
    editor = hers.get(versions).text
    assert "Two presses" in editor and "Ten halls" in editor
    assert written(editor) == "Two presses.\n\nTen halls."
    both = {"body": written(editor), "heads": heads(hers, versions)}
    assert hers.post(versions, data=both).location == address
    page = hers.get(address).text
    assert "Make one of them" not in page and "Two presses." in page and "Ten halls." in page


def test_an_older_form_takes_back_nothing_that_it_did_not_touch(hers: FlaskClient, session: Session, kind: str) -> None:
    address = share(hers, kind)
    seen = heads(hers, f"{address}/edit")
    hers.post(f"{address}/edit", data=form(kind, title="A new title", heads=seen))
    hers.post(f"{address}/edit", data=form(kind, body="A new text.", heads=seen))
    read_again(session)
    entry = session.scalars(select(Entry).where(Entry.kind == kind)).one()
    assert (entry.title, entry.body, entry.conflict) == ("A new title", "A new text.", False)


def test_a_form_that_changes_nothing_writes_nothing(hers: FlaskClient, session: Session, kind: str) -> None:
    address = share(hers, kind)
    before = session.scalar(select(func.count(OpRow.id)))
    assert hers.post(f"{address}/edit", data=form(kind, heads=heads(hers, f"{address}/edit"))).status_code == 303
    read_again(session)
    assert session.scalar(select(func.count(OpRow.id))) == before


def test_the_history_compares_by_words(hers: FlaskClient, his: FlaskClient, kind: str) -> None:
    address = share(hers, kind, body="A door and <b>a kettle</b>.")
    hers.post(f"{address}/edit", data=form(kind, body="A floor and <b>a kettle</b>."))
    history = his.get(f"{address}/history").text
    assert 'A <del data-begin="[removed: " data-end="] ">door</del>' in history
    assert 'data-end="] ">floor</ins> and &lt;b&gt;a kettle&lt;/b&gt;.' in history
    assert "Words that went are" in history


def test_an_address_of_another_kind_is_not_there(hers: FlaskClient) -> None:
    address = share(hers, "idea")
    assert hers.get(address.replace("/ideas/", "/news/")).status_code == 404
    assert hers.get(address.replace("/ideas/", "/news/") + "/edit").status_code == 404
    assert hers.get("/ideas/aaaaaaaaaaaa").status_code == 404
    assert hers.get("/ideas/short").status_code == 404


def test_a_part_of_the_page_is_answered_where_a_part_is_asked_for(hers: FlaskClient, kind: str) -> None:
    address = share(hers, kind)
    partial = {"HX-Request-Type": "partial"}
    part = hers.get(f"/{PLURALS[kind]}", headers=partial).text
    assert part.startswith('<div id="list">') and address in part and "<html" not in part
    part = hers.post(f"/{PLURALS[kind]}/new", data=form(kind, title=""), headers=partial).text
    assert part.lstrip().startswith("<form") and "Give it a title." in part


def test_strangers_are_asked_to_sign_in_before_they_write(client: FlaskClient, kind: str) -> None:
    answer = client.get(f"/{PLURALS[kind]}/new")
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/login")
    assert client.post(f"/{PLURALS[kind]}/new", data=form(kind)).status_code == 401
