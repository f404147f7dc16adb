"""The invented network as it is on one evening, served, with the addresses at which there is most to see."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from flask import Flask
from sqlalchemy import select

from partnernet.background import catch_up
from partnernet.core.db import commit, db
from partnernet.core.entry import Attachment, Entry
from partnernet.demo.build import SEED, build
from partnernet.people import accounts, sessions
from tests.conftest import make_app
from tests.factories import actor_of
from tests.looks.site import Site, queries, served
from tests.matrix.cast import Cast, Visitor, hear_from, keep_search, make_links

EVENING = datetime(2026, 5, 20, 18, 30, tzinfo=UTC)
ON_THAT_EVENING = (sys.executable, "-m", "tests.looks.then", EVENING.isoformat())
"""The `partnernet` command, run on that evening."""
PEOPLE = {"author": "amina@fellside.example", "colleague": "moira@inkroom.example", "steward": "josie@quayside.example"}
QUERIES = ("/search?q=village+hall", "/search?q=ferries", "/search?q=nothing-like-it", "/entries?unread=1")
DRAFT = {"title": "A kettle for every hall", "body": "Marches has counted: eleven halls of fifty-two have none."}


@dataclass(slots=True)
class Demo(Cast):
    """The people and things of the invented network; of each sort the one with most to see."""

    weight: dict[str, int] = field(default_factory=dict)
    """How much there is to see of each thing, by its id."""

    def distinct(self) -> list[Entry]:
        """One of each sort, the fullest first."""
        own = {visitor.actor.handle for visitor in self.visitors.values() if visitor.actor}
        sorts: dict[tuple[object, ...], Entry] = {}
        for thing in sorted(self.all(), key=lambda thing: self.weight[thing.id], reverse=True):
            by = thing.by if thing.by in own else ""
            sorts.setdefault((thing.kind, thing.log, by, thing.deleted, thing.redacted), thing)
        return list(sorts.values())


@contextmanager
def open_demo(folder: Path) -> Iterator[Site]:
    """Make it and serve it, on that evening."""
    with time_machine.travel(EVENING):
        site = made(folder)
    with served(site, folder, *ON_THAT_EVENING) as site:
        yield site


def made(folder: Path) -> Site:
    """The node, not served yet."""
    app, other = make_app(folder / "node"), make_app(folder / "elsewhere")
    cast = Demo()
    with app.app_context():
        build(app, SEED, EVENING.date())
        _let_people_in(cast)
        make_links(db.session(), cast)
        keep_search(db.session(), cast)
        commit()
        _weigh(cast)
    hear_from(other, app, cast)
    _write_drafts(app, cast)
    for each in (other, app):
        with each.app_context():
            catch_up(each)
            db.engine.dispose()
    return Site(app, cast, "", queries(cast, QUERIES))


def _let_people_in(cast: Demo) -> None:
    session = db.session()
    cast.visitors["stranger"] = Visitor("stranger", None)
    for who, email in PEOPLE.items():
        account = accounts.by_email(session, email)
        assert account is not None, email
        cast.accounts[who] = account.id
        cast.visitors[who] = Visitor(who, actor_of(session, account), sessions.start(session, account.id))
        commit()


def _weigh(cast: Demo) -> None:
    session = db.session()
    pictures = set(session.scalars(select(Attachment.entry).where(Attachment.field == "picture")))
    wrote = Counter(session.scalars(select(Entry.by)))
    session.expire_all()
    for thing in session.scalars(select(Entry).order_by(Entry.ts, Entry.id)):
        cast.things.setdefault(thing.kind, []).append(thing)
        seen = 50 * (thing.id in pictures) + 30 * thing.conflict + 20 * bool(thing.edited)
        written = thing.replies + min(len(thing.body), 3_000) // 100 + len(thing.tags)
        cast.weight[thing.id] = seen + written + (wrote[thing.by] if thing.kind == "person" else 0)
    session.expunge_all()


def _write_drafts(app: Flask, cast: Demo) -> None:
    for who in ("author", "steward"):
        answer = cast.visitors[who].browser(app).post("/drafts/new-idea", data=DRAFT)
        assert answer.status_code == 200, answer.text
