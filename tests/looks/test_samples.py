"""Pages with much to see: light, still, and open to everybody in the dark, too."""

from threading import Event

import pytest
from playwright.sync_api import Route

from partnernet.web.static import asset
from tests.browser import Visitor
from tests.looks.checks import faults, source, violations
from tests.looks.site import Site

pytestmark = pytest.mark.browser

SAMPLES = (
    "home.index", "news.show", "discussions.show", "ideas.show", "notes.show", "partners.show", "people.show",
    "entries.index", "ideas.new", "/search?q=village+hall",
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


@pytest.fixture(scope="module")
def places(demo: Site) -> dict[str, str]:
    """Where a member finds each page."""
    return {stop.name: stop.address for stop in demo.pages("author")}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_is_open_to_everybody_in_the_dark(
    demo: Site, places: dict[str, str], visitor: Visitor, axe: str, name: str
) -> None:
    page = demo.lets_in("author", visitor(width=TELEPHONE, theme="dark")).new_page()
    page.goto(demo.address + places[name])
    found = faults(page, "sound", "targets", "spacing") + violations(page, axe)
    if name == "home.index":
        page.evaluate(SHOW_ALL)
        found += violations(page, axe)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_moves_when_what_is_slow_arrives(
    demo: Site, places: dict[str, str], visitor: Visitor, name: str
) -> None:
    context, held, painted = demo.lets_in("author", visitor(width=TELEPHONE)), [], Event()

    def hold(route: Route) -> None:
        """Keep fonts, pictures and scripts back until the page is painted without them."""
        is_slow = route.request.resource_type in ("font", "image") or route.request.url.endswith(SLOW)
        if is_slow and not painted.is_set():
            held.append(route)
        else:
            route.continue_()

    context.route("**/*", hold)
    page = context.new_page()
    page.goto(demo.address + places[name], wait_until="commit")
    page.evaluate(PAINTED)
    painted.set()
    assert held
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(source("shifts")) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_asks_for_what_it_names_and_for_nothing_twice(
    demo: Site, places: dict[str, str], visitor: Visitor, name: str
) -> None:
    context, asked = demo.lets_in("author", visitor(width=TELEPHONE)), []
    context.on("request", lambda request: asked.append(request))
    page = context.new_page()
    page.goto(demo.address + places[name], wait_until="networkidle")
    paths = [request.url.removeprefix(demo.address) for request in asked]
    named = {url.removeprefix(demo.address) for url in page.evaluate(NAMED)}
    expected = named | {places[name], asset("icons.svg")}
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
