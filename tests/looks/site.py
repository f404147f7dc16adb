"""A node that is served with one of everything, and the addresses of all its pages for everybody who may knock."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import BrowserContext
from werkzeug.routing import Rule

from partnernet.background import catch_up
from partnernet.core.db import commit, db
from partnernet.core.policy import NETWORK
from partnernet.entries import model as entries
from partnernet.web.guard import COOKIE
from tests.conftest import make_app
from tests.matrix.cast import Cast, assemble
from tests.matrix.expected import Outcome, outcome
from tests.matrix.parameters import addresses
from tests.server import node_environment, serving

VISITORS = ("stranger", "author", "steward")
NO_PAGES = {
    "editor.file", "favicon", "health.alive", "health.ready", "network.manifest", "network.sheet",
    "people.account_data", "search.show_json", "static_file",
}  # fmt: skip
"""What is read by programs, or goes to the disk of whoever asks."""
STATUSES = {
    Outcome.OPEN: {200},
    Outcome.DONE: {422},  # the form of something that cannot be done with that thing: it says why
    Outcome.GONE: {200, 404, 410},
    Outcome.SIGN_IN: {200},  # the page where one signs in, which leads back
    Outcome.FORBIDDEN: {403},
    Outcome.MISSING: {404},
}
QUERIES = (
    "/search?q=harbour", "/search?q=nothing-like-it", "/search?q=" + 40 * "harbour", "/entries?unread=1",
    "/ideas?tag=nothing-like-it", "/partners?region=Nowhere", "/people?after=zz",
)  # fmt: skip

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
UNWIELDY = f"""#### {LONG}

https://example.org/{LONG}/{LONG}

| {" | ".join(["a column"] * 12)} |
|{"|".join(["---"] * 12)}|
| {" | ".join([LONG] * 12)} |

    {LONG} = {LONG}({LONG}, {LONG})

> - **{LONG}**
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A node that is served, and who and what there is."""

    app: Flask
    cast: Cast
    address: str
    unwieldy: str
    """The page of an entry in which nothing fits."""

    def lets_in(self, who: str, context: BrowserContext) -> BrowserContext:
        """A browser in which somebody of the cast is signed in."""
        if token := self.cast.visitors[who].token:
            context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        return context

    def pages(self, who: str) -> Iterator[tuple[str, set[int]]]:
        """The address of every page, once for each thing that may come of it, and the statuses that may."""
        actor, seen = self.cast.visitors[who].actor, set()
        for rule in self.rules("GET"):
            permission = getattr(self.app.view_functions[rule.endpoint], "permission")  # noqa: B009 - a view is a plain function
            for address, case in addresses(self.cast, rule):
                wanted = outcome(permission, actor, case, "GET", bool(rule.arguments))
                where = None if wanted.is_refusal else rule.rule  # a refusal looks the same everywhere
                sort = (where, wanted, case.thing and (case.thing.deleted, case.thing.redacted))
                if sort not in seen:
                    seen.add(sort)
                    yield address, STATUSES[wanted]
        if actor is not None:
            yield from ((self.unwieldy + part, {200}) for part in ("", "/history"))
        yield from ((address, {200}) for address in QUERIES)

    def rules(self, method: str) -> list[Rule]:
        """The routes of pages that take a method."""
        rules = [rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())]
        return sorted((rule for rule in rules if rule.endpoint not in NO_PAGES), key=str)


def made(folder: Path) -> tuple[Flask, Cast, str]:
    """The node, everybody and everything, and the page of what is unwieldy."""
    app, other = make_app(folder / "node"), make_app(folder / "elsewhere")
    cast = assemble(app, other)
    with other.app_context():
        db.engine.dispose()
    with app.app_context():
        unwieldy = share_unwieldy(cast)
        catch_up(app)
        db.engine.dispose()
    return app, cast, unwieldy


def open_site(folder: Path) -> Iterator[Site]:
    """Make it and serve it."""
    app, cast, unwieldy = made(folder)
    environment = node_environment(folder, PARTNERNET_DATABASE_URL=app.config["DATABASE_URL"])
    with serving(folder, environment=environment) as server:
        yield Site(app, cast, server.address.split()[-1], unwieldy)


def share_unwieldy(cast: Cast) -> str:
    """Share something of long words and wide tables, with a reply to it; the address of its page."""
    session, by = db.session(), cast.visitors["author"].actor
    assert by is not None
    idea = entries.share(session, "idea", {"title": LONG, "body": UNWIELDY}, NETWORK, [LONG.lower()], by=by)
    entries.answer(session, idea, {"body": UNWIELDY}, by=by)
    commit(session)
    return f"/ideas/{idea.short}"
