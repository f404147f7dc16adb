"""What a search box offers, chosen by keyboard alone; and what was searched for lately, kept on this device."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Visitor, lack
from tests.journeys.steps import begin_discussion, come_in, first_link
from tests.looks.checks import faults, violations
from tests.server import serving
from tests.tools import AXE

pytestmark = pytest.mark.browser

TALK = "A heron over the weir"
HELD_UP = """() => {
  const fetch = window.fetch;
  window.fetch = (address, options) => {
    window.fetch = fetch;
    return new Promise((answer, fail) => {
      options.signal.onabort = () => fail(options.signal.reason);
      window.heldUp = () => fetch(address).then(answer).then(() => new Promise((later) => setTimeout(later)));
    });
  };
}"""
"""The first question of a page is answered when it is told to, and not before."""


@dataclass(frozen=True, slots=True)
class Weir:
    """A server with a talk, at which somebody is signed in."""

    address: str
    cookies: list[Any]

    def open(self, visitor: Visitor, path: str, **options: Any) -> Page:
        """Josie opens a page."""
        context = visitor(**options)
        context.add_cookies(self.cookies)
        page = context.new_page()
        page.goto(self.address + path)
        return page


@pytest.fixture(scope="module")
def weir(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weir]:
    """One server for all of it."""
    with serving(tmp_path_factory.mktemp("weir")) as server:
        address = server.address.split()[-1]
        context = browser.new_context()
        page = context.new_page()
        come_in(page, first_link(server.first_step), "Josie Heronsgate", "josie@example.org")
        begin_discussion(page, address, TALK, "Two of them, since Friday.")
        begin_discussion(page, address, "A press by milk van", "It has a single door.")
        yield Weir(address, context.cookies())
        context.close()


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search the network")


@pytest.mark.parametrize("path", ["/news", "/search"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_title_is_chosen_by_keys_alone(weir: Weir, visitor: Visitor, path: str, width: int) -> None:
    page = weir.open(visitor, path, width=width)
    page.locator("main").focus()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("hero")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.nth(0)).to_contain_text(TALK)
    expect(options.nth(1)).to_have_text("Josie Heronsgate")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    if path != "/search":  # where how much is found is said a moment later, in its place
        expect(page.locator("#said")).to_contain_text("Suggestions to choose from")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id")
    assert chosen and box(page).get_attribute("aria-activedescendant") == chosen
    page.keyboard.press("ArrowUp")
    expect(box(page)).not_to_have_attribute("aria-activedescendant", chosen)
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=TALK)).to_be_visible()


def test_escape_closes_the_list_and_keeps_the_words(weir: Weir, visitor: Visitor) -> None:
    page = weir.open(visitor, "/news")
    page.keyboard.press("/")
    page.keyboard.type("hero")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box(page)).to_have_value("hero")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_enter_without_a_choice_searches(weir: Weir, visitor: Visitor) -> None:
    page = weir.open(visitor, "/news")
    page.keyboard.press("/")
    page.keyboard.type("heron")
    expect(page.get_by_role("listbox")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=heron$"))
    expect(page.locator(".results__title").first).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1280, "light")])
def test_the_open_list_is_sound_and_open_to_everybody(weir: Weir, visitor: Visitor, width: int, theme: str) -> None:
    if not AXE.is_file():
        lack("AXE IS NOT HERE: `python -m tests` installs it")
    page = weir.open(visitor, "/news", width=width, theme=theme)
    page.locator("main").focus()
    page.keyboard.press("/")
    page.keyboard.type("he")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert not violations(page, AXE.read_text(encoding="utf-8"))
    assert not faults(page, "sound")


def test_what_was_searched_for_is_offered_again_until_it_is_forgotten(weir: Weir, visitor: Visitor) -> None:
    page = weir.open(visitor, "/search?q=heron")
    page.goto(f"{weir.address}/search?q=single+door")
    page.goto(f"{weir.address}/search?q=nothing-like-it")
    page.goto(f"{weir.address}/news")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_text(["single door", "heron"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=heron$"))
    page.goto(f"{weir.address}/search")
    lately = page.get_by_role("region", name="Lately on this device")
    expect(lately.get_by_role("link")).to_have_text(["heron", "single door"])
    lately.get_by_role("button", name="Forget these").click()
    expect(lately).to_be_hidden()
    page.reload()
    expect(page.get_by_role("region", name="Lately on this device")).to_have_count(0)


def test_a_list_of_other_words_does_not_stay_when_the_server_is_out_of_reach(weir: Weir, visitor: Visitor) -> None:
    page = weir.open(visitor, "/news")
    page.keyboard.press("/")
    page.keyboard.type("hero")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('out of reach')); }")
    page.keyboard.type("ns")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box(page)).to_have_value("herons")
    expect(box(page)).to_have_attribute("aria-expanded", "false")


def test_an_answer_that_comes_late_leaves_the_choice_alone(weir: Weir, visitor: Visitor) -> None:
    page = weir.open(visitor, "/news")
    page.evaluate(HELD_UP)
    page.keyboard.press("/")
    page.keyboard.type("hero")
    page.wait_for_function("() => window.heldUp")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    option = page.get_by_role("option").first
    expect(option).to_have_attribute("aria-selected", "true")
    page.evaluate("() => window.heldUp()")
    expect(option).to_have_attribute("aria-selected", "true")


def test_signing_out_forgets_what_was_searched_for(weir: Weir, visitor: Visitor, browser: Browser) -> None:
    page = weir.open(visitor, "/search?q=heron")
    assert page.evaluate("localStorage.getItem('searches')")
    page.route("**/logout", lambda route: route.fulfill(status=204))  # the others of these tests stay signed in
    page.get_by_role("button", name="Josie Heronsgate").click()
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("localStorage.getItem('searches')") is None
