"""A node that is served, and the addresses of all its pages for everybody who may knock."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask
from playwright.sync_api import BrowserContext
from werkzeug.routing import Rule

from partnernet.background import catch_up
from partnernet.core.db import commit, db
from partnernet.core.policy import STEWARD
from partnernet.people import sessions
from partnernet.web.guard import COOKIE
from tests.conftest import make_app
from tests.factories import actor_of, make_account, make_network
from tests.looks.differing import differ
from tests.looks.handed import hand_over
from tests.looks.unwieldy import share_all
from tests.matrix.cast import Cast, Visitor, assemble
from tests.matrix.expected import Outcome, outcome
from tests.matrix.parameters import Case, addresses
from tests.server import node_environment, serving

VISITORS = ("stranger", "author", "steward")
NO_PAGES = {
    "editor.file", "editor.suggestions", "favicon", "health.alive", "health.ready", "network.manifest", "network.sheet",
    "nodes.card", "people.account_data", "search.opensearch", "search.show_json", "search.suggestions",
    "search.suggestions_json", "static_file", "sync.blob", "sync.ids", "sync.well_known",
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
    "/search?q=harbour", "/search?q=harbour&why=1&kind=discussion&from=2020-01-02", "/search?q=zzzz&kind=idea&all=1",
    "/search?q=nothing-like-it", "/search?q=" + 40 * "harbour", "/entries?unread=1",
    "/ideas?tag=nothing-like-it", "/partners?region=Nowhere", "/glossary?q=nothing-like-it", "/people?after=zz",
)  # fmt: skip
FOR_STEWARDS = ("/exchange/take?look=1", "/exchange/take?look=1&first=2026-03-02&last=2026-03-01")
"""The same for pages that stewards alone may open."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A page to visit: what it is, where, and the statuses that it may answer with."""

    name: str
    address: str
    statuses: set[int]


@dataclass(frozen=True, slots=True)
class Site:
    """A node that is served, and who and what there is."""

    app: Flask
    cast: Cast
    address: str
    queries: Mapping[str, str] = field(default_factory=dict)
    """Pages that are worth another look when something is asked of them: what each is, and where."""
    unwieldy: Mapping[str, str] = field(default_factory=dict)
    """The pages of entries in which nothing fits, by what is the matter with each."""
    handed: Mapping[str, str] = field(default_factory=dict)
    """Every state of what is handed over, for stewards."""

    def lets_in(self, who: str, context: BrowserContext) -> BrowserContext:
        """A browser in which somebody of the cast is signed in."""
        if token := self.cast.visitors[who].token:
            context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        return context

    def pages(self, who: str) -> Iterator[Stop]:
        """Every page, once for each thing that may come of it."""
        actor, seen = self.cast.visitors[who].actor, set()
        for rule in self.rules("GET"):
            permission = getattr(self.app.view_functions[rule.endpoint], "permission")  # noqa: B009 - a view is a plain function
            for address, case in addresses(self.cast, rule):
                wanted = outcome(permission, actor, case, "GET", bool(rule.arguments))
                name = named(rule, wanted, case)
                if name not in seen:
                    seen.add(name)
                    yield Stop(name, address, STATUSES[wanted])
        yield from (Stop(name, address, {200}) for name, address in self.queries.items())
        if who == STEWARD:
            yield from (Stop(address, address, {200, 422}) for address in FOR_STEWARDS)
            yield from (Stop(name, address, {200}) for name, address in self.handed.items())

    def rules(self, method: str) -> list[Rule]:
        """The routes of pages that take a method."""
        rules = [rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())]
        return sorted((rule for rule in rules if rule.endpoint not in NO_PAGES), key=str)


def named(rule: Rule, wanted: Outcome, case: Case) -> str:
    """What comes of a page, in words; a refusal looks the same everywhere."""
    outcome = wanted.name.lower().replace("_", " ")
    if wanted.is_refusal:
        return outcome
    if case.thing is not None and (case.thing.deleted or case.thing.redacted):
        return f"{rule.endpoint}, {'erased' if case.thing.redacted else 'removed'}"
    return rule.endpoint if wanted is Outcome.OPEN else f"{rule.endpoint}, refused"


def made(folder: Path, *, unwieldy: bool = True) -> Site:
    """The node with one of everything, not served yet."""
    app, other = make_app(folder / "node"), make_app(folder / "elsewhere")
    cast = assemble(app, other)
    with other.app_context():
        db.engine.dispose()
    with app.app_context():
        shared = share_all(cast.visitors["author"]) if unwieldy else {}
        versions = differ(cast.visitors["author"])
        catch_up(app)
    handed = hand_over(app, cast.visitors["steward"], folder) if unwieldy else {}
    with app.app_context():
        catch_up(app)
        db.engine.dispose()
    return Site(app, cast, "", queries(cast, QUERIES) | versions, shared, handed)


def made_empty(folder: Path) -> Site:
    """A node on its first day: a steward, and nothing that anybody has written; not served yet."""
    app, cast = make_app(folder / "node"), Cast(visitors={"stranger": Visitor("stranger", None)})
    with app.app_context():
        session = db.session()
        make_network(session)
        account = make_account(session, "Bea Thorne", password="", role=STEWARD)
        token = sessions.start(session, account.id)
        commit(session)
        cast.visitors["steward"] = Visitor("steward", actor_of(session, account), token)
        db.engine.dispose()
    return Site(app, cast, "")


def queries(cast: Cast, addresses: Sequence[str]) -> dict[str, str]:
    """Addresses by themselves, and those of links that are handed to people."""
    found = dict(zip(addresses, addresses, strict=True))
    return found | {
        "people.reset, by its link": f"/reset/{cast.tokens['account']}", "people.join, too late": "/join/used-already",
    }  # fmt: skip


@contextmanager
def served(site: Site, folder: Path, *command: str) -> Iterator[Site]:
    """The node, served; by another command than this program where one is given."""
    environment = node_environment(folder, PARTNERNET_DATABASE_URL=site.app.config["DATABASE_URL"])
    with serving(folder, environment=environment, **({"command": command} if command else {})) as server:
        yield replace(site, address=server.address.split()[-1])
