"""The five things that everybody does, by keyboard alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from partnernet.background import catch_up
from partnernet.core.db import commit, db
from partnernet.core.policy import NETWORK
from partnernet.entries import model as entries
from partnernet.people import links, sessions
from partnernet.web.guard import COOKIE
from tests.conftest import make_app
from tests.factories import actor_of, make_account, make_network, make_partner
from tests.journeys import steps
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import Keyboard
from tests.server import node_environment, serving

pytestmark = pytest.mark.browser

TALK, IDEA = "What does a hall need before we arrive?", "A travelling press"


@dataclass(frozen=True, slots=True)
class Town:
    """A node where something is going on, and who is there."""

    address: str
    token: str
    invitation: str
    talk: str
    idea: str

    def member(self, visitor: Visitor) -> Keyboard:
        """Somebody who is signed in."""
        context: BrowserContext = visitor()
        context.add_cookies([{"name": COOKIE, "value": self.token, "url": self.address}])
        return Keyboard(context.new_page())


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A node with a talk and an idea."""
    app = make_app(tmp_path / "node")
    with app.app_context():
        session = db.session()
        make_network(session)
        partner = make_partner(session, "Salt House")
        account = make_account(session, "Ruth Adeyemi", password="", partner=partner.id)
        by = actor_of(session, account)
        talk = entries.share(session, "discussion", {"title": TALK, "body": "A kettle?"}, NETWORK, by=by)
        idea = entries.share(session, "idea", {"title": IDEA, "body": "It fits through a door."}, NETWORK, by=by)
        token = sessions.start(session, account.id)
        _, invitation = links.invite(session, name="Josie Calder")
        commit(session)
        where = (f"/discussions/{talk.short}", f"/ideas/{idea.short}")
        catch_up(app)
        db.engine.dispose()
    environment = node_environment(tmp_path, PARTNERNET_DATABASE_URL=app.config["DATABASE_URL"])
    with serving(tmp_path, environment=environment) as server:
        yield Town(server.address.split()[-1], token, f"/join/{invitation}", *where)


def test_joining(town: Town, visitor: Visitor) -> None:
    keys = Keyboard(visitor().new_page())
    keys.page.goto(town.address + town.invitation)
    keys.fill("Your name", "Josie Calder")
    keys.fill("E-mail", "josie@example.org")
    keys.fill(re.compile("password", re.IGNORECASE), steps.PASSWORD)
    keys.push("Open my account")
    expect(keys.page.get_by_role("button", name="Josie Calder")).to_be_visible()


def test_posting(town: Town, visitor: Visitor) -> None:
    keys = town.member(visitor)
    keys.page.goto(town.address)
    keys.follow("Put forward an idea")
    keys.fill("Title", "A van for everybody")
    keys.fill(re.compile("^Text$"), "One with a tail lift.")
    keys.push("Share it")
    expect(keys.page.get_by_role("heading", level=1, name="A van for everybody")).to_be_visible()


def test_replying(town: Town, visitor: Visitor) -> None:
    keys = town.member(visitor)
    keys.page.goto(town.address + town.talk)
    keys.fill("Your reply", "A piano, tuned.")
    keys.push("Send reply")
    expect(keys.page.get_by_text("A piano, tuned.")).to_be_visible()


def test_searching(town: Town, visitor: Visitor) -> None:
    keys = town.member(visitor)
    keys.page.goto(town.address + town.idea)
    keys.press("/")
    keys.type("kettle")
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.follow(TALK)
    expect(keys.page.get_by_role("heading", level=1, name=TALK)).to_be_visible()


def test_counting_in(town: Town, visitor: Visitor) -> None:
    keys = town.member(visitor)
    keys.page.goto(town.address + town.idea)
    keys.push(re.compile("count us in", re.IGNORECASE))
    expect(keys.page.get_by_role("button", name=re.compile("count us in", re.IGNORECASE))).to_be_hidden()
    expect(keys.page.locator("#who-is-in")).to_contain_text("Salt House")
