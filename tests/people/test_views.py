"""The directory of people, and their cards."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.people import directory
from tests.factories import actor_of, make_account, make_partner, sign_in


def test_members_see_everybody_and_strangers_see_open_cards(app: Flask, client: FlaskClient, session: Session) -> None:
    make_account(session, "Open Olive", visibility="public")
    sign_in(client, make_account(session, "Closed Clara"), session)
    assert all(name in client.get("/people").text for name in ("Open Olive", "Closed Clara"))
    stranger = app.test_client().get("/people").text
    assert "Open Olive" in stranger and "Closed Clara" not in stranger


def test_people_stand_in_the_order_of_their_names_page_by_page(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PAGE", 2)
    people = [make_account(session, name) for name in ("Dora", "beth", "Anna", "Carl", "beth ", "Eve")]
    actor, seen, key = actor_of(session, people[0]), [], ""
    for _ in range(3):
        lines, key = directory.people(session, actor, key)
        seen += [line.name for line in lines]
    assert key == ""
    assert [name.strip() for name in seen] == ["Anna", "beth", "beth", "Carl", "Dora", "Eve"]


def test_a_card_shows_what_its_person_wrote_and_the_reader_may_see(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    partner = make_partner(session)
    josie = make_account(session, about="Dances, mostly.", partner=partner.id, visibility="public")
    samira = make_account(session, "Samira Khan")
    by = actor_of(session, josie)
    verbs.create(session, by, "discussion", "public", {"title": "Said to all", "body": "x"})
    talk = verbs.create(session, actor_of(session, samira), "discussion", "network", {"title": "Among us", "body": "x"})
    verbs.create(session, by, "reply", "network", {"body": "My answer"}, under=session.get_one(Entry, talk.id))
    commit(session)
    address = f"/people/{josie.card[:12]}-josie-calder"
    stranger, member = app.test_client().get(address).text, sign_in(client, samira, session).get(address).text
    assert "Dances, mostly." in stranger and "Said to all" in stranger and "Wether Fell" in stranger
    assert "Among us" not in stranger and "My answer" not in stranger
    assert "Among us" in member and "My answer" in member


def test_a_closed_card_is_not_there_for_strangers(client: FlaskClient, session: Session) -> None:
    josie = make_account(session)
    assert client.get(f"/people/{josie.card[:12]}").status_code == 404
    assert client.get(f"/people/{'a' * 12}").status_code == 404


@pytest.mark.parametrize("ref", ["x", "%", "_" * 12, "a" * 11 + "%", "nobody-at-all"])
def test_an_odd_address_is_404(client: FlaskClient, session: Session, ref: str) -> None:
    make_account(session, visibility="public")
    assert client.get(f"/people/{ref}").status_code == 404


def test_what_was_removed_is_not_on_the_card(session: Session) -> None:
    josie = make_account(session)
    by = actor_of(session, josie)
    gone = verbs.create(session, by, "discussion", "network", {"title": "Taken back", "body": "x"})
    commit(session)
    card = directory.find(session, by, josie.card[:12])[1]
    assert [line.title for line in directory.written(session, by, card)[0]] == ["Taken back"]
    verbs.delete(session, by, session.get_one(Entry, gone.id))
    commit(session)
    assert directory.written(session, by, card)[0] == []


def test_a_long_list_of_what_somebody_wrote_goes_on(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "WRITTEN", 2)
    by = actor_of(session, make_account(session))
    for n in range(5):
        verbs.create(session, by, "discussion", "network", {"title": f"Thought {n}", "body": "x"})
    commit(session)
    card, seen, key = directory.find(session, by, by.card[:12])[1], [], ""
    for _ in range(3):
        lines, key = directory.written(session, by, card, key)
        seen += [line.title for line in lines]
    assert sorted(seen) == [f"Thought {n}" for n in range(5)]
    assert key == ""
