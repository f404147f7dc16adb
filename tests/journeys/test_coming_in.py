"""Coming in by an invitation, with the keyboard alone; and a partner's page on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visitor
from tests.journeys import steps
from tests.server import Server

pytestmark = pytest.mark.browser

PAGES = re.compile(rb"/Type\s*/Page[^s]")
LONG = "We have a floor, a kettle and nine chairs. "


def test_an_account_is_opened_with_the_keyboard_alone(server: Server, visitor: Visitor) -> None:
    page = visitor(width=360).new_page()
    page.goto(steps.first_link(server.first_step))
    page.get_by_label("Your name").focus()
    keys = page.keyboard
    keys.type("Josie Calder")
    keys.press("Tab")
    keys.type("josie@example.org")
    keys.press("Tab")
    keys.type("short")
    keys.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    password = page.locator("#password")
    expect(password).to_be_focused()
    keys.type(steps.PASSWORD)
    keys.press("Tab")
    keys.press("Enter")
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_value(steps.PASSWORD)
    keys.press("Enter")
    expect(password).to_have_attribute("type", "password")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#said")).to_contain_text("Welcome")


def test_a_partner_prints_on_one_page(server: Server, visitor: Visitor) -> None:
    page = visitor().new_page()
    steps.come_in(page, steps.first_link(server.first_step), "Josie Calder", "josie@example.org")
    page.goto(server.address + "/partners/new")
    for label, words in {"Name": "The Wool Hall", "Place": "Settle", "Art forms": "dance, film"}.items():
        page.get_by_label(label).first.fill(words)
    for label in ("What you offer", "What you seek", "About"):
        page.get_by_label(label).first.fill(LONG * 5)
    page.get_by_label("This is the organisation I work with").check()
    page.get_by_role("button", name="Add this partner").click()
    expect(page.get_by_role("heading", name="The Wool Hall")).to_be_visible()
    assert len(PAGES.findall(page.pdf(format="A4"))) == 1
