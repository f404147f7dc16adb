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


def said(session: Session) -> list[tuple[str, bool, str]]:
    """Everything that stands: what, whether for a partner, and by whom."""
    read_again(session)
    rows = session.scalars(select(Mark).where(Mark.value != "", Mark.mark != "tag").order_by(Mark.mark, Mark.ts))
    return [(row.mark, row.partner is not None, row.by) for row in rows]


def test_any_member_moves_it_in_the_cycle(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    address = share(hers, "idea", stage="define")
    assert "at Define" in hers.get(address).text and "At Define" in hers.get("/ideas").text
    seen = heads(his, f"{address}/stage")
    assert his.post(f"{address}/stage", data={"stage": "deliver", "heads": seen}).status_code == 303
    page = hers.get(address).text
    assert "at Deliver" in page and 'aria-current="step"' in page
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
    assert "We are not in any more" in two.get(address).text
    assert "Count us in" in hers.get(address).text
    page = hers.get(address).text
    assert "Counts in" in page and "Sallow Mill" in page and "Maren Oakes" in page
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
