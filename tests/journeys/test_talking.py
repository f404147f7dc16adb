"""Talking without leaving the page: replies in place, marks that show at once, with and without a network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys import steps
from tests.journeys.conftest import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def page(server: Server, visitor: Visitor) -> Page:
    """A page of the first steward, on a phone."""
    page = visitor(width=360).new_page()
    steps.come_in(page, steps.first_link(server.first_step), "Ruth Adeyemi", "ruth@example.org")
    return page


@pytest.fixture
def train(server: Server, browser: Browser) -> Iterator[Page]:
    """The same on a train: of a network that goes away every browser complains, so it is no visitor."""
    context = browser.new_context(viewport={"width": 360, "height": 900})
    page = context.new_page()
    steps.come_in(page, steps.first_link(server.first_step), "Ruth Adeyemi", "ruth@example.org")
    yield page
    context.close()


def put_forward(page: Page, address: str) -> None:
    """Put forward an idea; its page."""
    page.goto(f"{address}/ideas/new")
    page.get_by_label("Title").fill("A travelling press")
    page.get_by_label("Text", exact=True).fill("It fits through a single door.")
    page.get_by_role("button", name="Share it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A travelling press")


def test_a_reply_appears_without_a_jump_and_takes_the_focus(server: Server, page: Page) -> None:
    steps.begin_discussion(page, server.address, "What does a hall need?", "A door, and a kettle.")
    address = page.url
    box = page.locator("#reply")
    box.get_by_label("Your reply").fill("A dry floor.")
    before = page.evaluate("document.getElementById('reply').getBoundingClientRect().top")
    box.get_by_role("button", name="Send reply").click()
    reply = page.locator(".reply", has_text="A dry floor.")
    expect(reply).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Your reply is there.")
    expect(page.get_by_role("heading", name="1 reply")).to_be_visible()
    expect(box.get_by_label("Your reply")).to_have_value("")
    assert page.url == address
    assert page.evaluate("document.getElementById('reply').getBoundingClientRect().top") >= before - 300

    reply.get_by_role("link", name="Reply to Ruth").click()
    answer = reply.get_by_label("Your reply")
    expect(answer).to_be_focused()
    answer.fill("How dry?")
    page.keyboard.press("Escape")
    expect(reply.get_by_role("link", name="Reply to Ruth")).to_be_focused()
    expect(answer).to_be_hidden()
    page.keyboard.press("Enter")
    expect(answer).to_be_focused()
    expect(answer).to_have_value("How dry?")
    reply.get_by_role("button", name="Send reply").click()
    nested = page.locator(".reply--nested")
    expect(nested).to_be_focused()
    expect(nested).to_contain_text("to Ruth")
    expect(page.locator(".reply").first.get_by_label("Your reply")).to_have_count(0)
    page.reload()
    expect(page.locator(".reply--nested")).to_contain_text("How dry?")


def test_words_stay_where_the_server_refuses_or_is_not_reached(server: Server, train: Page) -> None:
    page = train
    steps.begin_discussion(page, server.address, "What does a hall need?", "A door, and a kettle.")
    box = page.locator("#reply")
    box.get_by_label("Your reply").fill("   ")
    box.get_by_role("button", name="Send reply").click()
    expect(box.locator(".field__error")).to_have_text("Write something first.")
    box.get_by_label("Your reply").fill("Said on a train.")
    page.context.set_offline(True)
    box.get_by_role("button", name="Send reply").click()
    expect(page.locator("#said")).to_contain_text("could not be reached")
    expect(box.get_by_label("Your reply")).to_have_value("Said on a train.")
    page.context.set_offline(False)
    box.get_by_role("button", name="Send reply").click()
    expect(page.locator(".reply")).to_contain_text("Said on a train.")


def test_a_mark_shows_at_once_and_is_put_back_where_it_fails(server: Server, train: Page) -> None:
    page = train
    put_forward(page, server.address)
    page.context.set_offline(True)
    page.get_by_role("button", name="We can host").click()
    expect(page.locator("#said")).to_contain_text("it stands as it was")
    expect(page.get_by_role("button", name="We can host")).to_be_focused()
    page.context.set_offline(False)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="We can host").click()
    expect(page.locator("#said")).to_contain_text("not signed in any more")
    expect(page.get_by_role("button", name="We can host")).to_be_focused()
    page.context.add_cookies(cookies)  # type: ignore[arg-type] # as they came

    held: list[Route] = []
    page.route("**/marks", lambda route: held.append(route))
    page.get_by_role("button", name="Count us in").click()
    expect(page.locator(".take-part__said", has_text="counts in.")).to_be_focused()
    expect(page.get_by_role("button", name="Count us in")).to_have_count(0)
    expect(page.locator("#who-is-in")).to_contain_text("Nobody has counted in yet.")
    held[0].continue_()
    expect(page.locator("#who-is-in")).to_contain_text("1 counts in")
    expect(page.locator(".take-part__said", has_text="counts in.")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Counted in.")


def test_marks_and_moves_work_without_a_script(server: Server, visitor: Visitor) -> None:
    page = visitor(javascript=False, width=360).new_page()
    steps.come_in(page, steps.first_link(server.first_step), "Ruth Adeyemi", "ruth@example.org")
    put_forward(page, server.address)
    page.get_by_role("button", name="Count us in").click()
    expect(page.locator("#said")).to_contain_text("Counted in.")
    expect(page.locator("#who-is-in")).to_contain_text("1 counts in")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#who-is-in")).to_contain_text("Nobody has counted in yet.")
    page.get_by_role("button", name="Move it to Define").click()
    expect(page.locator("#said")).to_contain_text("It is at Define now.")
    expect(page.locator("#in-the-cycle")).to_contain_text("Define, now")
