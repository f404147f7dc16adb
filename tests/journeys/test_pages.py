"""Every page there is, for everybody who may knock, in a browser as narrow as a small telephone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page

from partnernet.core.db import commit, db
from partnernet.core.policy import NETWORK
from partnernet.entries import model as entries
from partnernet.web.guard import COOKIE
from tests.conftest import make_app
from tests.journeys.conftest import Visitor
from tests.matrix.cast import Cast, assemble
from tests.matrix.expected import Outcome, outcome
from tests.matrix.parameters import addresses
from tests.server import node_environment, serving

pytestmark = pytest.mark.browser

NARROW = 320
VISITORS = ("stranger", "author", "steward")
NO_PAGES = {
    "editor.file", "favicon", "health.alive", "health.ready", "people.account_data", "search.show_json", "static_file",
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
FORMS = ("/login", "/ideas/new", "/news/new", "/partners/new", "/account/card", "/account/password")

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
UNWIELDY = f"""#### {LONG}

https://example.org/{LONG}/{LONG}

| {" | ".join(["a column"] * 12)} |
|{"|".join(["---"] * 12)}|
| {" | ".join([LONG] * 12)} |

    {LONG} = {LONG}({LONG}, {LONG})

> - **{LONG}**
"""

FAULTS = """() => {
  const said = [], all = query => [...document.querySelectorAll(query)], root = document.documentElement;
  const titles = all("h1"), ids = all("[id]").map(element => element.id);
  if (titles.length !== 1) said.push(`${titles.length} h1`);
  if (!document.title.trim()) said.push("no title");
  said.push(...ids.filter((id, n) => ids.indexOf(id) !== n).map(id => `twice the id ${id}`));
  if (root.scrollWidth > innerWidth) said.push(`${root.scrollWidth} px wide`);
  for (const each of all("input:not([type=hidden]), select, textarea, button")) {
    const labels = [...each.labels ?? []].map(label => label.textContent).join("");
    const name = labels || each.getAttribute("aria-label") || (each.matches("button") && each.textContent);
    if (!name || !name.trim()) said.push(`no label: ${each.outerHTML.slice(0, 80)}`);
  }
  said.push(...all("img:not([alt])").map(each => `no words for ${each.src}`));
  let above = 1;
  for (const each of all("main :is(h1, h2, h3, h4, h5, h6)")) {
    const level = Number(each.tagName[1]);
    if (level > above + 1) said.push(`h${level} under h${above}: ${each.textContent.trim().slice(0, 40)}`);
    above = level;
  }
  return said;
}"""
SEND_EMPTY = """() => {
  const form = document.querySelector("main form[method=post]");
  for (const each of form.elements) {
    if (each.matches("[type=text], [type=email], [type=password], textarea")) each.value = "";
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass(frozen=True, slots=True)
class Site:
    """A node that is served, and who and what there is."""

    app: Flask
    cast: Cast
    address: str
    unwieldy: str
    """The page of an entry in which nothing fits."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One node for all the visitors."""
    folder = tmp_path_factory.mktemp("pages")
    app, other = make_app(folder / "node"), make_app(tmp_path_factory.mktemp("elsewhere"))
    cast = assemble(app, other)
    with other.app_context():
        db.engine.dispose()
    with app.app_context():
        unwieldy = share_unwieldy(cast)
        db.engine.dispose()
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


def pages(site: Site, who: str) -> Iterator[tuple[str, set[int]]]:
    """The address of every page, once for each thing that may come of it, and the statuses that may."""
    actor, seen = site.cast.visitors[who].actor, set()
    for rule in sorted(site.app.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
            continue
        permission = getattr(site.app.view_functions[rule.endpoint], "permission")  # noqa: B009 - a view is a plain function
        for address, case in addresses(site.cast, rule):
            wanted = outcome(permission, actor, case, "GET", bool(rule.arguments))
            where = None if wanted.is_refusal else rule.rule  # a refusal looks the same everywhere
            sort = (where, wanted, case.thing and (case.thing.deleted, case.thing.redacted))
            if sort not in seen:
                seen.add(sort)
                yield address, STATUSES[wanted]
    if actor is not None:
        yield from ((site.unwieldy + part, {200}) for part in ("", "/history"))
    yield from ((address, {200}) for address in QUERIES)


def open_for(site: Site, who: str, visitor: Visitor) -> Page:
    """A narrow window of somebody."""
    context = visitor(width=NARROW)
    if token := site.cast.visitors[who].token:
        context.add_cookies([{"name": COOKIE, "value": token, "url": site.address}])
    return context.new_page()


@pytest.mark.parametrize("who", VISITORS)
def test_every_page_fits_and_is_well_made(site: Site, visitor: Visitor, who: str) -> None:
    page, found, seen = open_for(site, who, visitor), [], 0
    for address, statuses in pages(site, who):
        answer = page.goto(site.address + address)
        faults = page.evaluate(FAULTS)
        if answer is None or answer.status not in statuses:
            faults.append(f"{answer and answer.status}, not {statuses}")
        found += [f"{address}: {fault}" for fault in faults]
        seen += 1
    assert not found, "\n".join(found)
    assert seen > 25


def test_every_form_that_is_sent_empty_fits_and_is_well_made(site: Site, visitor: Visitor) -> None:
    found = []
    for address in FORMS:
        page = open_for(site, "stranger" if address == "/login" else "author", visitor)
        page.goto(site.address + address)
        with page.expect_navigation() as navigation:
            page.evaluate(SEND_EMPTY)
        assert navigation.value.status == 422, address
        assert page.locator(".error-summary:focus").count() == 1, address
        found += [f"{address}: {fault}" for fault in page.evaluate(FAULTS)]
    assert not found, "\n".join(found)
