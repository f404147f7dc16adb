"""What people do in the journeys, step by step, by the words on the pages."""

import re

from playwright.sync_api import Page, expect

PASSWORD = "seven herons over the weir"
LINK = re.compile(r"http://\S+")


def come_in(page: Page, link: str, name: str, email: str) -> None:
    """Open an account by a link."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Open my account").click()
    expect(page.get_by_role("heading", name="Come in")).to_have_count(0)


def first_link(first_step: str) -> str:
    """The link by which the first steward comes in, from what the server has printed."""
    found = LINK.search(first_step)
    assert found, first_step
    return found[0]


def invite(page: Page, address: str, name: str) -> str:
    """Make an invitation as a steward; its link."""
    page.goto(f"{address}/people/invitations")
    page.get_by_label("Their name").fill(name)
    page.get_by_role("button", name="Make a link").click()
    found = LINK.search(page.locator("main").inner_text() + " " + page.locator("main").inner_html())
    links = [text for text in LINK.findall(page.locator("main").inner_html()) if "/join/" in text]
    assert found and links
    return re.split(r"[\"<]", links[0])[0]


def begin_discussion(page: Page, address: str, title: str, body: str) -> None:
    """Begin a discussion."""
    page.goto(f"{address}/discussions")
    page.get_by_role("link", name="Begin a discussion").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill(body)
    page.get_by_role("button", name="Share it").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def reply(page: Page, body: str) -> None:
    """Reply under the entry that is open."""
    page.get_by_label("Your reply").fill(body)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text(body)).to_be_visible()
