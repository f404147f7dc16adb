"""Manners: what is slow says so, what fails keeps the words, nothing is sent twice, Back works, and keys help."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import Visitor
from tests.journeys.steps import begin_discussion, come_in, first_link
from tests.server import serving

pytestmark = pytest.mark.browser

UNREACHED = """() => { console.error = () => {};
  window.fetch = () => Promise.reject(new TypeError('out of reach')); }"""
FULL = """() => { window.fetch = () => Promise.resolve(new Response(
  '<div class="notice__text"><p>The disk of this server is full.</p></div>',
  {status: 507, headers: {"HX-Reswap": "none"}})); }"""
BACK_AGAIN = "() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


@dataclass(frozen=True, slots=True)
class Hall:
    """A server with two talks, at which somebody is signed in."""

    address: str
    cookies: list[Any]


@pytest.fixture(scope="module")
def hall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One server for all of it."""
    with serving(tmp_path_factory.mktemp("hall")) as server:
        address = server.address.split()[-1]
        context = browser.new_context()
        page = context.new_page()
        come_in(page, first_link(server.first_step), "Josie Calder", "josie@example.org")
        begin_discussion(page, address, "A heron over the weir", "Two of them, since Friday.")
        begin_discussion(page, address, "A press by milk van", "It has a single door.")
        yield Hall(address, context.cookies())
        context.close()


def come(hall: Hall, visitor: Visitor, path: str, **options: Any) -> Page:
    """Josie opens a page."""
    context = visitor(**options)
    context.add_cookies(hall.cookies)
    page = context.new_page()
    page.goto(hall.address + path)
    return page


def test_typing_shows_what_is_found_and_says_how_much(hall: Hall, visitor: Visitor) -> None:
    page = come(hall, visitor, "/discussions")
    page.goto(hall.address + "/search")
    page.get_by_role("combobox", name="Search the network").press_sequentially("heron")
    expect(page.locator(".results__title")).to_have_count(1)
    expect(page.locator("#said")).to_contain_text("1 place found")
    expect(page).to_have_url(re.compile(r"/search\?q=heron$"))
    expect(page.get_by_role("combobox", name="Search the network")).to_be_focused()
    page.get_by_role("combobox", name="Search the network").press("Enter")
    expect(page.get_by_role("combobox", name="Search the network")).to_have_value("heron")
    page.go_back()
    expect(page).to_have_url(re.compile("/discussions$"))


def test_a_slow_answer_says_so_and_then_is_there(hall: Hall, visitor: Visitor) -> None:
    page, held = come(hall, visitor, "/search"), list[Route]()
    page.route("**/search?q=heron", lambda route: held.append(route))
    page.get_by_role("combobox", name="Search the network").fill("heron")
    expect(page.get_by_text("One moment…")).to_be_visible()
    expect(page.locator("#found")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(page.locator(".results__title")).to_have_count(1)
    expect(page.get_by_text("One moment…")).to_have_count(0)


@pytest.mark.parametrize(
    ("broken", "sentence"), [(UNREACHED, "could not be reached"), (FULL, "The disk of this server is full.")]
)
def test_what_fails_says_what_happened_and_keeps_the_words(
    hall: Hall, visitor: Visitor, broken: str, sentence: str
) -> None:
    page = come(hall, visitor, "/search?q=press")
    page.evaluate(broken)
    page.get_by_role("combobox", name="Search the network").fill("heron")
    expect(page.locator(".said__trouble")).to_contain_text(sentence)
    expect(page.get_by_role("combobox", name="Search the network")).to_have_value("heron")
    expect(page.locator(".results__title")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".said__trouble")).to_have_count(0)


def test_nothing_is_sent_twice_and_coming_back_frees_the_form(hall: Hall, visitor: Visitor) -> None:
    page, sent = come(hall, visitor, "/discussions/new"), list[str]()

    def stay(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)  # after which a browser stays where it is

    page.route("**/discussions/new", stay)
    page.get_by_label("Title").fill("Sent once")
    page.get_by_role("textbox", name="Text").fill("Whoever presses twice.")
    button = page.get_by_role("button", name="Share it")
    button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("One moment…")).to_be_visible()
    button.dispatch_event("click")
    page.evaluate(BACK_AGAIN)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("One moment…")).to_have_count(0)
    assert sent == ["POST"]
    page.unroute("**/discussions/new")
    button.click()
    expect(page.get_by_role("heading", level=1, name="Sent once")).to_be_visible()


def test_keys_lead_about_but_never_from_a_field(hall: Hall, visitor: Visitor) -> None:
    page = come(hall, visitor, "/")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search the network")).to_be_focused()
    page.keyboard.type("?gd")
    expect(page.get_by_role("combobox", name="Search the network")).to_have_value("?gd")
    page.locator("main").focus()
    page.keyboard.type("gd")
    expect(page).to_have_url(re.compile("/discussions$"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".entries__title a").first).to_be_focused()
    page.keyboard.press("Control+n")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/discussions/new$"))


def test_the_sheet_lists_the_keys_and_turns_them_off(hall: Hall, visitor: Visitor) -> None:
    page = come(hall, visitor, "/news")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    sheet.get_by_label("Use these keys on this device").uncheck()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search the network")).not_to_be_focused()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    sheet.get_by_label("Use these keys on this device").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search the network")).to_be_focused()


def test_on_a_phone_the_box_comes_down_and_the_menu_is_a_page(hall: Hall, visitor: Visitor) -> None:
    page = come(hall, visitor, "/news", width=360)
    expect(page.get_by_role("combobox", name="Search the network")).to_be_hidden()
    page.get_by_role("link", name="Search").click()
    expect(page.get_by_role("combobox", name="Search the network")).to_be_focused()
    page.keyboard.type("heron")
    page.keyboard.press("Enter")
    expect(page.locator(".results__title")).to_have_count(1)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Ideas").click()
    expect(page).to_have_url(re.compile("/ideas$"))


def test_a_link_is_copied_and_said(hall: Hall, visitor: Visitor) -> None:
    page = come(hall, visitor, "/discussions")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML(
      "beforeend", '<button data-copy="/discussions/here">Copy the link</button>')""")
    button = page.locator("main [data-copy='/discussions/here']")
    button.click()
    expect(page.locator("#said")).to_contain_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{hall.address}/discussions/here"
