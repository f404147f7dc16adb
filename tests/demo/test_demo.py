"""The invented network: complete, the same for the same seed, and true to the ledger."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.background import catch_up
from partnernet.core.consumers import last_position
from partnernet.core.db import commit, db
from partnernet.core.entry import Attachment, Entry, Mark
from partnernet.core.errors import Refused
from partnernet.core.ledger.tables import OpRow
from partnernet.core.time import day_ms
from partnernet.demo.build import build
from partnernet.demo.cast import NETWORK, PARTNERS, PEOPLE
from partnernet.demo.cli import demo
from partnernet.demo.pictures import draw
from partnernet.demo.texts import texts
from partnernet.demo.year import plan
from partnernet.home.model import Need
from partnernet.network.model import own_network
from partnernet.people.model import Account, Person
from tests.conftest import make_app

TODAY = date(2026, 5, 20)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The invented network, made once: it is only looked at."""
    app = make_app(tmp_path_factory.mktemp("demo"))
    with app.app_context():
        build(app, 7, TODAY)
        catch_up(app, index=False)
        commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(network: Flask) -> Iterator[Session]:
    """What its database holds."""
    with network.app_context():
        yield db.session()
        db.session.rollback()


def test_the_same_seed_and_day_make_the_same_year() -> None:
    assert plan(7, TODAY) == plan(7, TODAY)
    assert [act.values for act in plan(8, TODAY)] != [act.values for act in plan(7, TODAY)]


def test_everything_is_in_it(network: Flask, session: Session) -> None:
    counted = Counter(session.scalars(select(Entry.kind)))
    assert (counted["news"], counted["idea"], counted["discussion"], counted["note"]) == (45, 30, 55, 20)
    assert (counted["reply"], counted["partner"], counted["person"]) == (600, len(PARTNERS), len(PEOPLE))
    own = own_network(session)
    assert own is not None and own.name == NETWORK and own.welcome
    assert set(session.scalars(select(Mark.mark))) == {"tag", "count_in", "watching", "can_host", "came_from"}
    assert session.scalar(select(func.count()).where(Entry.conflict)) == 2
    assert session.scalar(select(func.count()).where(Entry.deleted)) == 2
    assert {entry.kind for entry in session.scalars(select(Entry).where(Entry.redacted))} == {"reply", "person"}
    assert session.scalar(select(func.count()).where(Entry.body.contains("@[p"))) > 20


def test_nothing_lies_ahead_of_its_day_nor_before_what_it_answers(network: Flask, session: Session) -> None:
    entries = {entry.id: entry for entry in session.scalars(select(Entry)) if entry.kind != "network"}
    assert max(entry.ts for entry in entries.values()) < day_ms(TODAY)
    assert all(entry.ts > entries[entry.root].ts for entry in entries.values() if entry.root)
    assert all(entry.ts > entries[entry.parent].ts for entry in entries.values() if entry.parent)


def test_what_came_of_something_is_later_and_is_linked(network: Flask, session: Session) -> None:
    marks = session.scalars(select(Mark).where(Mark.mark == "came_from")).all()
    assert len(marks) > 10
    for mark in marks:
        assert session.get_one(Entry, mark.subject).when < session.get_one(Entry, mark.entry).when


def test_every_word_is_filled_in(network: Flask, session: Session) -> None:
    for entry in session.scalars(select(Entry)):
        assert "{" not in entry.title + entry.body
    assert not [post for post in session.scalars(select(Entry.title)) if post and post[0].islower()]


def test_each_discussion_reads_in_order_and_nobody_answers_themselves(network: Flask, session: Session) -> None:
    talk = session.scalars(select(Entry).where(Entry.title.startswith("What does a hall need"))).one()
    replies = session.scalars(select(Entry).where(Entry.root == talk.id).order_by(Entry.when)).all()
    answers = texts("talks")["talk"][0]["answers"]
    assert [reply.body for reply in replies[: len(answers)]] == answers
    assert all(one.by != other.by for one, other in pairwise(replies))


def test_pictures_have_words_and_are_kept(network: Flask, session: Session) -> None:
    pictures = session.scalars(select(Attachment).where(Attachment.field == "picture")).all()
    assert len(pictures) == 24 + len(PARTNERS)
    assert all(picture.alt for picture in pictures)
    assert all(network.extensions["partnernet.files"].has(picture.sha256) for picture in pictures)
    assert draw("sea") == draw("sea") != draw("land")


def test_the_ledger_says_the_same_as_the_rows(network: Flask, session: Session) -> None:
    from partnernet.core.ledger.verify import verify

    assert verify(session, network.extensions["partnernet.node"].id) == []


def test_accounts_have_something_unread(network: Flask, session: Session) -> None:
    accounts = session.scalars(select(Account)).all()
    assert len(accounts) == len([person for person in PEOPLE if person.account])
    assert all(0 < account.visited < last_position(session) for account in accounts)
    assert all(session.get_one(Person, account.card).name for account in accounts)


def test_the_pages_open(network: Flask, session: Session) -> None:
    client = network.test_client()
    story = session.scalars(select(Entry).where(Entry.kind == "partner")).first()
    assert story is not None
    assert client.get("/").status_code == 200
    assert client.get("/partners").status_code == 200
    assert client.get(f"/partners/{story.short}").status_code == 200


def test_the_command_prints_links_that_work(app: Flask, client: FlaskClient) -> None:
    result = CliRunner().invoke(demo, ["--today", "2026-05-20", "--no-index"], catch_exceptions=False)
    link = next(line.split()[-1] for line in result.output.splitlines() if "(steward)" in line)
    assert client.get("/join/" + link.rsplit("/", 1)[-1]).status_code == 200


def test_a_network_that_is_there_already_is_left_alone(network: Flask, session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(OpRow))
    with pytest.raises(Refused):
        build(network, 7, TODAY)
    assert session.scalar(select(func.count()).select_from(OpRow)) == before


def test_something_needs_those_who_come_to_look_around(app: Flask) -> None:
    build(app, today=date.today())
    catch_up(app, index=False)
    assert set(db.session.scalars(select(Need.kind))) >= {"reply", "mention"}
