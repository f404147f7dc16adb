"""The front page."""

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.exchange.model import WAITING, ImportBatch
from partnernet.network.model import own_network, settle
from partnernet.nodes import alarms
from partnernet.people.model import Account
from tests.entries.forms import share
from tests.factories import browser_of, flush_batch, make_account, make_entry, make_network
from tests.statements import counted

DAY = timedelta(days=1)


def test_strangers_are_welcomed_and_see_what_is_public(
    session: Session, client: FlaskClient, hers: FlaskClient
) -> None:
    make_network(session)
    network = own_network(session)
    assert network is not None
    public = share(hers, "news", title="For everybody", visibility="public")
    share(hers, "news", title="Among ourselves")
    page = client.get("/").text
    assert network.name in page and public in page and "For everybody" in page
    assert "Among ourselves" not in page and "What needs you" not in page


def test_an_empty_front_page_says_what_belongs_there(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200 and "A network begins here" in page.text


def test_what_is_new_stands_there_until_the_visit_after(
    app: Flask, session: Session, josie: Account, tomasz: Account
) -> None:
    make_entry(session, tomasz, title="Before the first visit")
    with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
        hers = browser_of(josie, session)
        assert "Before the first visit" in hers.get("/").text
        flush_batch(session)
        clock.shift(DAY)
        assert "Before the first visit" not in hers.get("/").text
        flush_batch(session)
        make_entry(session, tomasz, title="During the second")
        clock.shift(timedelta(minutes=10))
        page = hers.get("/").text
        assert "During the second" in page and "Since your last visit" in page
        flush_batch(session)
        clock.shift(timedelta(minutes=10))
        assert "During the second" in hers.get("/").text
        flush_batch(session)
        clock.shift(DAY)
        page = hers.get("/").text
        assert "During the second" not in page and "You are up to date." in page


def test_an_import_waits_for_stewards_alone(session: Session, hers: FlaskClient) -> None:
    write(session)
    session.add(
        ImportBatch(id="abc", name="from Eskholm.pn.zip", state=WAITING, started=1, ended=None, by="node", sender=None)
    )
    commit(session)
    steward = browser_of(make_account(session, "Ruth Adeyemi", role="steward"), session)
    page = steward.get("/").text
    assert "Decide about “from Eskholm.pn.zip”" in page and "/exchange/imports/abc" in page
    assert "Eskholm" not in hers.get("/").text


def test_an_unchanged_front_page_is_not_sent_again(hers: FlaskClient) -> None:
    first = hers.get("/")
    again = hers.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    share(hers, "idea")
    assert hers.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_it_takes_the_same_few_statements_for_ten_entries_and_for_eighty(
    session: Session, tomasz: Account, hers: FlaskClient, client: FlaskClient
) -> None:
    taken = []
    for wanted in (10, 70):
        for n in range(wanted):
            make_entry(session, tomasz, title=f"Entry {n}", visibility="public")
        for browser in (hers, client):
            session.rollback()
            with counted() as statements:
                assert browser.get("/").status_code == 200
            taken.append(len(statements))
    assert taken[:2] == taken[2:]
    assert max(taken) <= 6


def test_marking_everything_as_read_asks_for_an_account(client: FlaskClient) -> None:
    assert client.post("/everything-read").status_code == 401


def test_somebody_new_is_told_what_to_begin_with(app: Flask, session: Session) -> None:
    with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
        newcomer = browser_of(make_account(session, "Ines Vaz"), session)
        steward = browser_of(make_account(session, "Ruth Adeyemi", role="steward"), session)
        page = newcomer.get("/").text
        assert "Welcome, Ines Vaz" in page and 'href="/account/card"' in page and "/people/invitations" not in page
        assert 'href="/people/invitations"' in steward.get("/").text
        clock.shift(DAY)
        assert "Welcome," not in newcomer.get("/").text


def test_stewards_are_asked_who_answers_for_the_server(session: Session, hers: FlaskClient) -> None:
    steward = browser_of(make_account(session, "Ruth Adeyemi", role="steward"), session)
    assert "Say who answers for this server" in steward.get("/").text
    assert "Say who answers" not in hers.get("/").text
    write(session)
    settle(session, "controller", "The Kiln at Eskholm")
    commit(session)
    assert "Say who answers for this server" not in steward.get("/").text


def test_stewards_hear_of_alarms_until_one_of_them_has_seen_them(session: Session, client: FlaskClient) -> None:
    steward = browser_of(make_account(session, "Bea Thorne", role="steward"), session)
    first = steward.get("/")
    assert "alarm" not in first.text
    alarms.raise_alarm(session, alarms.RESTORED)
    commit(session)
    again = steward.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200 and "Look at 1 alarm about this server or another" in again.text
    session.rollback()
    with counted() as statements:
        steward.get("/")
    assert len(statements) <= 8
    steward.post("/exchange/servers/alarms/seen", data={"alarm": str(alarms.unseen(session)[0].id)})
    assert "Look at 1 alarm" not in steward.get("/").text
