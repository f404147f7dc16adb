"""Ideas: their stage, which any member moves, and who is in."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Mark
from partnernet.ideas.model import Idea
from tests.entries.forms import form, heads, share
from tests.factories import browser_of, make_account, make_partner, read_again

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def said(session: Session) -> list[tuple[str, bool, str]]:
    """Everything that stands: what, whether for a partner, and by whom."""
    read_again(session)
    rows = session.scalars(select(Mark).where(Mark.value != "", Mark.mark != "tag").order_by(Mark.mark, Mark.ts))
    return [(row.mark, row.partner is not None, row.by) for row in rows]


def offered(page: str) -> list[str]:
    """The buttons to take part that are shown."""
    forms = re.findall(r"<form [^>]*data-mark( hidden)?>.*?<button[^>]*>(.*?)</button>", page, re.DOTALL)
    return [words for hidden, words in forms if not hidden]


def test_any_member_moves_it_in_the_cycle(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    address = share(hers, "idea", stage="define")
    assert "stage of five: Define" in hers.get(address).text and "At Define" in hers.get("/ideas").text
    seen = heads(his, f"{address}/stage")
    assert his.post(f"{address}/stage", data={"stage": "deliver", "heads": seen}).status_code == 303
    page = hers.get(address).text
    assert "stage of five: Deliver" in page and 'aria-current="step"' in page
    assert "Deliver" in hers.get(f"{address}/history").text


def test_a_stage_that_is_none_is_422(hers: FlaskClient, client: FlaskClient) -> None:
    address = share(hers, "idea")
    assert hers.post(f"{address}/stage", data={"stage": "dream"}).status_code == 422
    assert hers.post("/ideas/new", data=form("idea", stage="dream")).status_code == 422
    assert client.get(f"{address}/stage").status_code == 404


def test_the_people_of_a_partner_speak_with_one_voice(session: Session, hers: FlaskClient) -> None:
    partner = make_partner(session, "Sallow Mill").id
    address = share(hers, "idea")
    one, two = (browser_of(make_account(session, name, partner=partner), session) for name in ("Maren Oakes", "Bo Ash"))
    one.post(f"{address}/marks", data={"mark": "count_in", "value": "yes"})
    assert offered(two.get(address).text) == ["We are not in any more", "We can host", "Watch this"]
    assert offered(hers.get(address).text) == ["Count us in", "We can host", "Watch this"]
    page = hers.get(address).text
    assert "Counts in." in page and "Sallow Mill" in page and "Maren Oakes" in page and "1 counts in" in page
    two.post(f"{address}/marks", data={"mark": "count_in", "value": "no"})
    assert said(session) == []
    assert "Nobody has counted in yet." in hers.get(address).text


def test_somebody_without_a_partner_speaks_for_themselves(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "idea")
    assert "You speak for Josie Calder." in hers.get(address).text
    hers.post(f"{address}/marks", data={"mark": "can_host"})
    assert [(mark, for_partner) for mark, for_partner, _ in said(session)] == [("can_host", False)]
    assert "Can host" in hers.get(address).text


def test_who_counts_in_watches_no_longer(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    address = share(hers, "idea")
    his.post(f"{address}/marks", data={"mark": "watching"})
    hers.post(f"{address}/marks", data={"mark": "watching"})
    assert [mark for mark, _, _ in said(session)] == ["watching", "watching"]
    his.post(f"{address}/marks", data={"mark": "count_in"})
    assert sorted(mark for mark, _, _ in said(session)) == ["count_in", "watching"]


def test_a_partner_stands_once_with_all_it_says_and_where_it_is(session: Session, hers: FlaskClient) -> None:
    mill, barn = make_partner(session, "Sallow Mill", place="Brackwater").id, make_partner(session, "The Barn").id
    address = share(hers, "idea")
    for name, partner, marks in (
        ("Bo Ash", barn, ["can_host", "watching"]), ("Maren Oakes", mill, ["can_host", "count_in"]),
    ):  # fmt: skip
        browser = browser_of(make_account(session, name, partner=partner), session)
        for mark in marks:
            browser.post(f"{address}/marks", data={"mark": mark})
    page = hers.get(address).text.partition('id="who-is-in"')[2].partition("</section>")[0]
    assert re.findall(r"/partners/[^>]*>(.*?)</a>", page) == ["Sallow Mill", "The Barn"]
    assert "<bdi>Brackwater</bdi>" in page
    assert re.findall(r"brings\">(.*?) <span", page) == ["Counts in. Can host.", "Can host. Watching."]


def test_a_mark_can_be_undone(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "idea")
    hers.post(f"{address}/marks", data={"mark": "can_host"})
    notice = hers.get(address).text.partition('id="said"')[2].partition("</form>")[0]
    assert "you can host" in notice and f'action="{address}/marks"' in notice
    hers.post(f"{address}/marks", data=dict(re.findall(r'name="(\w+)" value="(\w+)"', notice)))
    assert said(session) == []


def test_undoing_a_count_in_lets_one_watch_again(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "idea")
    for mark in ("watching", "count_in"):
        hers.post(f"{address}/marks", data={"mark": mark})
    assert [mark for mark, _, _ in said(session)] == ["count_in"]
    notice = hers.get(address).text.partition("Counted in.")[2].partition("</form>")[0]
    hers.post(f"{address}/marks", data=dict(re.findall(r'name="(\w+)" value="(\w+)"', notice)))
    assert [mark for mark, _, _ in said(session)] == ["watching"]


def test_a_mark_without_leaving_the_page_brings_who_is_in_and_the_buttons(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "idea")
    answer = hers.post(f"{address}/marks", data={"mark": "count_in"}, headers=PARTIAL)
    assert answer.status_code == 200 and "<html" not in answer.text
    part, _, who = answer.text.partition('<hx-partial hx-target="#who-is-in" hx-swap="outerHTML">')
    assert 'id="take-part"' in part and 'data-announce="Counted in."' in part and part.count("autofocus") == 1
    assert offered(part)[0] == "We are not in any more" and "Josie Calder" in who and "Counts in." in who
    answer = hers.post(f"{address}/marks", data={"mark": "count_in", "value": "no"}, headers=PARTIAL)
    assert offered(answer.text)[0] == "Count us in" and said(session) == []
    assert "Counted in." not in hers.get(address).text


@pytest.mark.parametrize("wrong", [{"mark": "vote"}, {"mark": "tag"}, {}, {"mark": "count_in", "value": "maybe"}])
def test_what_cannot_be_said_is_422(hers: FlaskClient, wrong: dict[str, str]) -> None:
    assert hers.post(f"{share(hers, 'idea')}/marks", data=wrong).status_code == 422


def test_strangers_read_who_is_in_of_a_public_idea_and_say_nothing(hers: FlaskClient, client: FlaskClient) -> None:
    public, ours = share(hers, "idea", visibility="public"), share(hers, "idea")
    hers.post(f"{public}/marks", data={"mark": "count_in"})
    page = client.get(public).text
    assert "Counts in" in page and "Take part" not in page
    for address in (public, ours):
        assert client.post(f"{address}/marks", data={"mark": "count_in"}).status_code in (401, 404)


def test_marks_on_another_kind_are_not_there(hers: FlaskClient) -> None:
    address = share(hers, "note").replace("/notes/", "/ideas/")
    assert hers.post(f"{address}/marks", data={"mark": "count_in"}).status_code == 404


def test_an_idea_begins_at_the_first_stage(hers: FlaskClient, session: Session) -> None:
    chosen = re.findall(r'<option selected value="(\w+)"', hers.get("/ideas/new").text)
    assert chosen == ["discover"]
    share(hers, "idea", stage="discover")
    read_again(session)
    assert session.scalars(select(Idea.stage)).one() == "discover"
