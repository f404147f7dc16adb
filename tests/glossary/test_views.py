"""The pages of the glossary: adding, reading, changing, removing and bringing back."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.glossary.model import Term
from partnernet.people.model import Account
from tests.entries.forms import errors, heads, written
from tests.factories import browser_of, make_account, read_again
from tests.glossary.words import FORM, add, make_term
from tests.statements import counted


def test_a_word_is_added_and_has_a_page_of_its_own(hers: FlaskClient, session: Session) -> None:
    address = add(hers)
    page = hers.get(address).text
    assert address.startswith("/glossary/") and address.endswith("-cpd")
    assert "also: continuing professional development, training" in page
    assert "Getting <em>better</em> at it." in page and "said by commissioners" in page
    assert "Josie Calder" in page
    term = session.scalars(select(Term)).one()
    assert term.also == ["continuing professional development", "training"]
    assert session.get_one(Entry, term.id).log == "network"


def test_the_network_s_words_are_for_members_and_public_ones_for_everybody(
    app: Flask, hers: FlaskClient, client: FlaskClient
) -> None:
    among_us, to_all = add(hers), add(hers, title="BSL", also="British Sign Language", visibility="public")
    stranger = app.test_client()
    assert stranger.get(among_us).status_code == 404 and stranger.get(f"{among_us}/history").status_code == 404
    assert stranger.get(to_all).status_code == 200
    words = stranger.get("/glossary").text
    assert "BSL" in words and "CPD" not in words and "1 word." in words
    assert stranger.get("/glossary/new").status_code == 303 and stranger.get(f"{to_all}/edit").status_code == 404
    assert "/glossary/new" not in words


def test_any_member_changes_a_word_and_its_history_says_who(hers: FlaskClient, his: FlaskClient) -> None:
    address = add(hers)
    seen = heads(his, f"{address}/edit")
    changed = FORM | {"also": "training\nlearning days", "heads": seen}
    assert his.post(f"{address}/edit", data=changed).status_code == 303
    page = hers.get(address).text
    assert "also: training, learning days" in page and "Tomasz Lind" in page
    history = hers.get(f"{address}/history").text
    assert "Other words for the same thing" in history and "learning" in history and "2 versions" in history


def test_two_changes_at_once_are_both_kept_until_somebody_makes_one(hers: FlaskClient, his: FlaskClient) -> None:
    address = add(hers)
    seen = heads(hers, f"{address}/edit")
    hers.post(f"{address}/edit", data=FORM | {"body": "What Josie says.", "heads": seen})
    his.post(f"{address}/edit", data=FORM | {"body": "What Tomasz says.", "heads": seen})
    assert "changed in several places at the same time" in hers.get(address).text
    both = hers.get(f"{address}/edit", follow_redirects=True).text
    assert ">Josie</mark>" in both and ">Tomasz</mark>" in both
    settled = FORM | {"body": "What both say.", "heads": heads(hers, f"{address}/edit")}
    hers.post(f"{address}/edit", data=settled)
    page = hers.get(address).text
    assert "What both say." in page and "changed in several" not in page


def test_its_author_removes_a_word_and_takes_that_back(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    address = add(hers)
    short = session.scalars(select(Term.id)).one()[:12]
    assert his.post(f"/entries/{short}/removal").status_code == 403
    answer = hers.post(f"/entries/{short}/removal", follow_redirects=True)
    assert "Undo" in answer.text and "Bring it back" in answer.text
    assert his.get(address).status_code == 410 and ">CPD</a>" not in his.get("/glossary").text
    assert hers.post(f"/entries/{short}/removal", data={"undo": "1"}).status_code == 303
    assert ">CPD</a>" in his.get("/glossary").text


def test_what_was_erased_is_gone_from_everywhere(hers: FlaskClient, session: Session) -> None:
    address = add(hers)
    short = session.scalars(select(Term.id)).one()[:12]
    assert hers.post(f"/entries/{short}/erasure").headers["Location"] == f"/exchange/erasures/{short}"
    assert hers.get(address).status_code == 410
    read_again(session)
    assert session.scalars(select(Term)).one().also == []


def test_a_word_opened_to_everybody_leads_on_to_its_new_page(app: Flask, hers: FlaskClient, session: Session) -> None:
    address = add(hers)
    short = session.scalars(select(Term.id)).one()[:12]
    new = hers.post(f"/entries/{short}/visibility", data={"visibility": "public"}).headers["Location"]
    assert hers.get(address).headers["Location"] == new
    assert "training" in app.test_client().get(new).text
    assert (
        hers.get("/glossary").text.count("/glossary/")
        == app.test_client().get("/glossary").text.count("/glossary/") + 1
    )  # the way to add one


def test_words_are_neither_tagged_nor_linked(hers: FlaskClient, session: Session) -> None:
    add(hers)
    short = session.scalars(select(Term.id)).one()[:12]
    assert hers.post(f"/entries/{short}/tags", data={"tags": "forms"}).status_code == 404
    assert hers.get(f"/entries/{short}/links").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 101}, "title"), ({"title": "C\x01PD"}, "title"),
        ({"also": "\n".join(f"word {n}" for n in range(13))}, "also"), ({"also": "x" * 101}, "also"),
        ({"also": "a\x07b"}, "also"), ({"body": "x" * 4_001}, "body"), ({"body": "a\0b"}, "body"),
        ({"also": "", "body": " "}, "body"), ({"said_by": "x" * 101}, "said_by"),
        ({"visibility": "circle:x"}, "visibility"),
    ],
)  # fmt: skip
def test_what_needs_another_look_is_422_with_the_words_kept(
    hers: FlaskClient, session: Session, wrong: dict[str, Any], field: str
) -> None:
    answer = hers.post("/glossary/new", data=FORM | {"body": "Half a thought."} | wrong)
    assert answer.status_code == 422 and list(errors(answer.text)) == [field]
    assert "Half a thought." in answer.text or field == "body"
    assert not session.scalars(select(Term)).all()


def test_a_word_given_twice_is_kept_once(hers: FlaskClient, session: Session) -> None:
    add(hers, also="Training\ncpd\n- training\n\n  learning   days \nLearning days")
    assert session.scalars(select(Term)).one().also == ["Training", "learning   days"]


def test_a_word_that_stands_already_is_pointed_out_with_a_link(hers: FlaskClient, session: Session) -> None:
    address = add(hers)
    given = FORM | {"title": "Learning", "also": "TRAINING", "body": "At school."}
    answer = hers.post("/glossary/new", data=given)
    assert answer.status_code == 422 and list(errors(answer.text)) == ["anyway"]
    assert f'“TRAINING” stands under <a href="{address}">CPD</a>, too.' in answer.text
    assert written(answer.text) == "At school."
    other = add(hers, **given | {"anyway": "y"})
    assert f'href="{address}"' in hers.get(other).text and f'href="{other}"' in hers.get(address).text


def test_what_one_may_not_see_is_not_pointed_out(app: Flask, session: Session, josie: Account) -> None:
    secret = make_term(session, josie, "Retreat", "away day")
    public = make_term(session, josie, "Outing", "away day", visibility="public")
    page = app.test_client().get(f"/glossary/{public.short}").text
    assert "Retreat" not in page and secret.short not in page
    member = browser_of(make_account(session, "Tomasz Lind"), session)
    assert "Retreat" in member.get(f"/glossary/{public.short}").text


def test_a_change_is_not_asked_about_words_that_stood_there_before(hers: FlaskClient, session: Session) -> None:
    add(hers)
    other = add(hers, title="Learning", also="training", body="At school.", anyway="y")
    given = FORM | {"title": "Learning", "also": "training\nlessons", "heads": heads(hers, f"{other}/edit")}
    assert hers.post(f"{other}/edit", data=given).status_code == 303
    given |= {"also": "training\ncpd", "heads": heads(hers, f"{other}/edit")}
    assert hers.post(f"{other}/edit", data=given).status_code == 422


def test_another_kind_is_no_word(hers: FlaskClient, session: Session, josie: Account) -> None:
    for ref in (josie.card[:12], "x", "a" * 12):
        assert {hers.get(f"/glossary/{ref}{page}").status_code for page in ("", "/edit", "/history")} == {404}


def test_a_text_cannot_run(hers: FlaskClient) -> None:
    address = add(hers, title="<b>x</b>", also="<i>y</i>", said_by="<u>", body="<script>alert(1)</script>")
    for page in (hers.get(address).text, hers.get("/glossary").text, hers.get(f"{address}/history").text):
        assert "<script>alert" not in page and "<b>x" not in page and "<i>y" not in page


def test_the_pages_ask_the_database_little(hers: FlaskClient) -> None:
    address = add(hers)
    for page in ("/glossary", address, f"{address}/edit"):
        hers.get(page)
        with counted() as sent:
            assert hers.get(page).status_code == 200
        assert len(sent) <= 6, (page, sent)
