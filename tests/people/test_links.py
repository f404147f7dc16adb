"""Links that work once."""

import threading

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db
from partnernet.core.errors import Gone
from partnernet.people import links
from partnernet.people.model import Account, Link
from tests.factories import make_account

DAY = 86_400


def test_only_the_hash_of_a_token_is_kept(session: Session) -> None:
    link, token = links.invite(session, name="Sam")
    commit(session)
    assert len(token) >= 43
    assert token not in {link.token, link.email, link.name}
    assert links.find(session, token, links.INVITATION).id == link.id


def test_a_link_works_for_its_own_purpose_only(session: Session) -> None:
    _, token = links.invite(session)
    with pytest.raises(Gone):
        links.find(session, token, links.RESET)


def test_a_used_link_is_gone(session: Session) -> None:
    link, token = links.invite(session)
    links.claim(session, link)
    commit(session)
    with pytest.raises(Gone):
        links.find(session, token, links.INVITATION)
    with pytest.raises(Gone):
        links.claim(session, link)


def test_a_link_is_gone_after_fourteen_days(session: Session) -> None:
    with time_machine.travel(1_790_000_000, tick=False) as clock:
        link, token = links.invite(session)
        commit(session)
        clock.shift(14 * DAY)
        assert links.find(session, token, links.INVITATION).id == link.id
        clock.shift(1)
        with pytest.raises(Gone):
            links.find(session, token, links.INVITATION)
        with pytest.raises(Gone):
            links.claim(session, link)


def test_of_many_who_use_a_link_at_once_one_comes_in(app: Flask, session: Session) -> None:
    link, _ = links.invite(session)
    commit(session)
    start, came_in = threading.Barrier(6), []

    def use() -> None:
        with app.app_context():
            start.wait()
            try:
                links.claim(db.session(), db.session().get_one(Link, link.id))
                commit()
                came_in.append(True)
            except Gone:
                db.session.rollback()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came_in == [True]


def test_a_new_link_to_an_account_takes_the_place_of_the_one_before(session: Session) -> None:
    josie = make_account(session)
    _, first = links.for_account(session, josie)
    _, second = links.for_account(session, josie)
    commit(session)
    with pytest.raises(Gone):
        links.find(session, first, links.RESET)
    assert links.find(session, second, links.RESET).account == josie.id


def test_the_first_steward_gets_a_link_until_there_is_a_steward(session: Session) -> None:
    make_account(session, "Sam Member")
    first = links.first_steward_link(session, "http://box.local/") or ""
    second = links.first_steward_link(session, "http://box.local") or ""
    commit(session)
    assert first.startswith("http://box.local/join/")
    with pytest.raises(Gone):
        links.find(session, first.rpartition("/")[2], links.FIRST)
    assert links.find(session, second.rpartition("/")[2], links.FIRST).role == "steward"
    make_account(session, role="steward")
    assert links.first_steward_link(session, "http://box.local") is None


def test_links_go_with_their_account(session: Session) -> None:
    josie = make_account(session)
    links.for_account(session, josie)
    session.delete(session.get_one(Account, josie.id))
    commit(session)
    assert session.scalars(select(Link)).all() == []


def test_a_withdrawn_invitation_is_gone(session: Session) -> None:
    link, token = links.invite(session)
    kept, _ = links.invite(session, name="Kept")
    links.withdraw(session, link.id)
    commit(session)
    with pytest.raises(Gone):
        links.find(session, token, links.INVITATION)
    assert [waiting.id for waiting in links.invitations(session)] == [kept.id]


def test_an_invitation_that_was_taken_back_can_be_given_back_but_a_used_one_cannot(session: Session) -> None:
    link, token = links.invite(session)
    commit(session)
    links.withdraw(session, link.id)
    links.reinstate(session, link.id)
    commit(session)
    assert links.find(session, token, links.INVITATION).id == link.id
    links.claim(session, link)
    links.withdraw(session, link.id)
    links.reinstate(session, link.id)
    commit(session)
    with pytest.raises(Gone):
        links.find(session, token, links.INVITATION)
