"""What happens to accounts."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, upsert, write
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, Refused
from partnernet.core.ledger import verbs
from partnernet.core.ledger.tables import OpRow
from partnernet.entries.model import Draft
from partnernet.people import accounts, cards, links, sessions
from partnernet.people.model import Account, Attempt, Link, Person, SessionRow
from partnernet.people.stewards import LAST
from tests.factories import actor_of, card_of, make_account, own_node


def test_an_account_comes_with_a_card_that_its_person_wrote(session: Session) -> None:
    josie = make_account(session)
    card = card_of(session, josie)
    person = session.get_one(Person, card.id)
    assert (card.kind, card.by, card.log) == ("person", josie.handle, "network")
    assert (person.who, person.node, person.name) == (josie.handle, own_node().id, "Josie Calder")


def test_nothing_private_of_an_account_is_in_the_ledger(session: Session) -> None:
    josie = make_account(session, email="secret.address@example.org")
    told = b"".join(row.head + (row.body or b"") for row in session.scalars(select(OpRow)))
    assert b"secret.address" not in told
    assert josie.password.encode() not in told


def test_an_address_has_one_account_whatever_its_capitals(session: Session) -> None:
    make_account(session, email="josie@example.org")
    with pytest.raises(Invalid) as refused:
        accounts.open_account(session, own_node(), email=" Josie@Example.org ", name="Another")
    assert "email" in refused.value.fields


@pytest.mark.parametrize(
    "email", ["", "josie", "@example.org", "josie@", "a b@example.org", "a@b@c", "x" * 251 + "@y.z"]
)
def test_half_an_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        accounts.plain(email)


def test_a_new_password_signs_other_browsers_out_and_kills_open_links(session: Session) -> None:
    josie, samira = make_account(session), make_account(session, "Samira Khan")
    for person in (josie, josie, samira):
        sessions.start(session, person.id)
    links.for_account(session, josie)
    accounts.set_password(session, josie, "a hash")
    commit(session)
    assert session.scalars(select(SessionRow.account)).all() == [samira.id]
    assert session.scalars(select(Link)).all() == []


def test_a_suspended_account_has_no_session_left(session: Session) -> None:
    josie = make_account(session)
    sessions.start(session, josie.id)
    accounts.suspend(session, own_node(), josie)
    commit(session)
    assert sessions.of(session, josie.id) == []


@pytest.mark.parametrize("act", ["leave", "suspend", "demote"])
def test_the_last_steward_stays(session: Session, act: str) -> None:
    josie = make_account(session, role="steward")
    make_account(session, "Member Only")
    make_account(session, "No Password Yet", role="steward", password="")
    stopped = make_account(session, "Stopped Steward", role="steward")
    accounts.suspend(session, own_node(), stopped)
    commit(session)
    with pytest.raises(Refused, match="last steward") as refused:
        {
            "leave": lambda: accounts.leave(session, josie, by=actor_of(session, josie)),
            "suspend": lambda: accounts.suspend(session, own_node(), josie),
            "demote": lambda: accounts.change_role(session, own_node(), josie, "member"),
        }[act]()
    assert refused.value.sentence == LAST
    session.rollback()
    kept = session.get_one(Account, josie.id)
    assert (kept.role, kept.suspended) == ("steward", False)


def test_one_of_two_stewards_may_go(session: Session) -> None:
    josie = make_account(session, role="steward")
    make_account(session, "Samira Khan", role="steward")
    accounts.change_role(session, own_node(), josie, "member")
    commit(session)
    assert session.get_one(Account, josie.id).role == "member"


def test_an_unknown_role_is_refused(session: Session) -> None:
    with pytest.raises(Refused):
        accounts.change_role(session, own_node(), make_account(session), "owner")


def test_leaving_erases_the_card_and_everything_that_only_this_node_kept(session: Session) -> None:
    josie, samira = make_account(session), make_account(session, "Samira Khan")
    by = actor_of(session, josie)
    words = verbs.create(session, by, "discussion", "network", {"title": "What Josie thought", "body": "…"})
    sessions.start(session, josie.id)
    sessions.start(session, samira.id)
    for person in (josie, samira):
        row = {"account": person.id, "form": "new-discussion", "values": "{}", "saved": 1}
        upsert(session, Draft.__table__, [row])
    links.invite(session, email=josie.email)
    write(session)
    accounts.leave(session, josie, by=by)
    commit(session)
    assert session.scalars(select(Account.id)).all() == [samira.id]
    assert session.scalars(select(SessionRow.account)).all() == [samira.id]
    assert session.scalars(select(Draft.account)).all() == [samira.id]
    assert session.scalars(select(Link)).all() == session.scalars(select(Attempt)).all() == []
    assert session.get_one(Person, by.card).name == ""
    assert session.get_one(Entry, words.id).title == "What Josie thought"
    bodies = b"".join(row.body or b"" for row in session.scalars(select(OpRow)))
    assert b"Josie Calder" not in bodies


def test_leaving_erases_the_cards_one_had_before(session: Session) -> None:
    josie = make_account(session, about="First words")
    for visibility in ("public", "network", "public"):
        values = {"name": "Josie Calder", "partner": "", "about": f"Open to {visibility}"}
        cards.reword(session, josie, values, visibility, by=actor_of(session, josie))
        commit(session)
    accounts.leave(session, josie, by=actor_of(session, josie))
    commit(session)
    assert set(session.scalars(select(Person.about))) == {""}
    assert b"Open to" not in b"".join(row.body or b"" for row in session.scalars(select(OpRow)))


def test_rewording_a_card_to_the_same_writes_nothing(session: Session) -> None:
    josie = make_account(session)
    before = len(session.scalars(select(OpRow.id)).all())
    values = {"name": "Josie Calder", "partner": "", "about": ""}
    cards.reword(session, josie, values, "network", by=actor_of(session, josie))
    assert len(session.scalars(select(OpRow.id)).all()) == before
