"""Pages with much to see: light, still, and open to everybody in the dark, too."""

from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from partnernet.web.static import asset
from tests.browser import Visitor
from tests.looks.checks import faults, source, violations
from tests.looks.site import Site

pytestmark = pytest.mark.browser

SAMPLES = (
    "stranger: home.index", "author: home.index", "author: news.show", "author: discussions.show",
    "author: ideas.show", "author: notes.show", "author: partners.show", "author: people.show",
    "author: entries.index", "author: ideas.new", "author: /search?q=village+hall",
)  # fmt: skip
TELEPHONE = 360
LIGHT = 60_000
"""Bytes that all style sheets and scripts together do not reach as they are sent."""
FEW = 20
"""Requests of a whole page on the first visit."""
SHOW_ALL = "() => document.querySelectorAll('[popover]').forEach(each => each.showPopover())"
PAINTED = """() => new Promise(done => {
  new PerformanceObserver(() => done()).observe({ type: "paint", buffered: true });
})"""
NAMED = "() => [...document.querySelectorAll('link[href], script[src], img[src]')].map(each => each.href ?? each.src)"
SLOW = ("app.js", "htmx.min.js")


@dataclass(frozen=True, slots=True)
class Sample:
    """A page of the invented network, and who looks at it."""

    demo: Site
    who: str
    address: str

    def comes_to(self, context: BrowserContext) -> BrowserContext:
        """The browser, in which whoever looks is signed in."""
        return self.demo.lets_in(self.who, context)

    def go(self, page: Page, **how: Any) -> None:
        """Open it."""
        page.goto(self.demo.address + self.address, **how)


@pytest.fixture(params=SAMPLES)
def sample(demo: Site, request: pytest.FixtureRequest) -> Sample:
    """Each of them."""
    who, _, name = request.param.partition(": ")
    return Sample(demo, who, next(stop.address for stop in demo.pages(who) if stop.name == name))


def test_a_page_is_open_to_everybody_in_the_dark(sample: Sample, visitor: Visitor, axe: str) -> None:
    page = sample.comes_to(visitor(width=TELEPHONE, theme="dark")).new_page()
    sample.go(page)
    found = faults(page, "sound", "targets", "spacing") + violations(page, axe)
    if sample.address == "/":
        page.evaluate(SHOW_ALL)
        found += violations(page, axe)
    assert not found, "\n".join(found)


def test_nothing_moves_when_what_is_slow_arrives(sample: Sample, visitor: Visitor) -> None:
    context, held, painted = sample.comes_to(visitor(width=TELEPHONE)), [], Event()

    def hold(route: Route) -> None:
        """Keep fonts, pictures and scripts back until the page is painted without them."""
        is_slow = route.request.resource_type in ("font", "image") or route.request.url.endswith(SLOW)
        if is_slow and not painted.is_set():
            held.append(route)
        else:
            route.continue_()

    context.route("**/*", hold)
    page = context.new_page()
    sample.go(page, wait_until="commit")
    page.evaluate(PAINTED)
    painted.set()
    assert held
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(source("shifts")) == []


def test_a_page_asks_for_what_it_names_and_for_nothing_twice(sample: Sample, visitor: Visitor) -> None:
    context, asked = sample.comes_to(visitor(width=TELEPHONE)), []
    context.on("request", lambda request: asked.append(request))
    page = context.new_page()
    sample.go(page, wait_until="networkidle")
    home = sample.demo.address
    paths = [request.url.removeprefix(home) for request in asked]
    named = {url.removeprefix(home) for url in page.evaluate(NAMED)}
    expected = named | {sample.address, asset("icons.svg")}
    assert sorted(paths) == sorted(set(paths))
    assert {path for path in paths if not path.endswith(".woff2")} <= expected
    assert len(paths) <= FEW


def test_style_sheets_and_scripts_are_light(demo: Site) -> None:
    browser = demo.app.test_client()
    names = ("css/site.css", "js/theme.js", "js/app.js", "vendor/htmx.min.js")
    for encoding in ("gzip", "zstd"):
        sizes = {name: len(browser.get(asset(name), headers={"Accept-Encoding": encoding}).data) for name in names}
        assert min(sizes.values()) > 0
        assert sum(sizes.values()) < LIGHT, sizes
