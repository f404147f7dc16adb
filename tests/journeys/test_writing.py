"""Writing: the tools over a text, names, pictures, drafts and what is left when something goes wrong."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Visitor
from tests.entries.forms import picture
from tests.journeys.steps import come_in, first_link, invite
from tests.server import serving

pytestmark = pytest.mark.browser

OUT_OF_REACH = "() => { window.fetch = () => Promise.reject(new TypeError('out of reach')); }"
CARRY = """(area, {content, drop}) => {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0)), data = new DataTransfer();
  data.items.add(new File([bytes], "hall.png", {type: "image/png"}));
  const options = {bubbles: true, cancelable: true};
  area.dispatchEvent(drop ? new DragEvent("drop", {...options, dataTransfer: data})
                          : new ClipboardEvent("paste", {...options, clipboardData: data}));
}"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A server at which somebody is signed in."""

    address: str
    cookies: list[Any]


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One server for all of it; Josie is signed in, and Tomasz has an account."""
    with serving(tmp_path_factory.mktemp("desk")) as server:
        address = server.address.split()[-1]
        context = browser.new_context()
        page = context.new_page()
        come_in(page, first_link(server.first_step), "Josie Calder", "josie@example.org")
        link = invite(page, address, "Tomasz Lind")
        other = browser.new_context()
        come_in(other.new_page(), link, "Tomasz Lind", "tomasz@example.org")
        other.close()
        yield Desk(address, context.cookies())
        context.close()


def begin(desk: Desk, visitor: Visitor, path: str = "/discussions/new", **options: Any) -> Page:
    """Josie opens a form that is empty."""
    context = visitor(**options)
    context.add_cookies(desk.cookies)
    page = context.new_page()
    page.goto(desk.address + "/drafts")
    for _ in page.get_by_role("button", name="Throw it away").all():
        page.get_by_role("button", name="Throw it away").first.click()
    page.goto(desk.address + path)
    return page


def text(page: Page) -> Locator:
    """Where the text is written."""
    return page.get_by_role("textbox", name="Text", exact=True).or_(page.locator("textarea#body")).first


def saved(page: Page) -> None:
    """Wait until the draft is kept."""
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Draft saved at"))


def test_the_tools_are_one_stop_of_the_keyboard_and_write_markdown(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    text(page).fill("rain\nwind")
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="List", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("- rain\n- wind")
    page.get_by_role("button", name="Numbers").click()
    expect(text(page)).to_have_value("1. rain\n2. wind")
    page.get_by_role("button", name="Numbers").click()
    expect(text(page)).to_have_value("rain\nwind")
    page.keyboard.press("Control+z")
    expect(text(page)).to_have_value("1. rain\n2. wind")


def test_keys_make_words_bold_and_links_and_send_the_form(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    page.get_by_label("Title").fill("A press for the harbour")
    text(page).fill("Salt")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    expect(text(page)).to_have_value("**Salt**")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("https://example.org")
    expect(text(page)).to_have_value("[Salt](https://example.org)")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="A press for the harbour")).to_be_visible()
    expect(page.get_by_role("link", name="Salt")).to_have_attribute("href", "https://example.org")
    assert not page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('copy:'))")


def test_a_name_is_chosen_by_keyboard_and_read_back(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    text(page).press_sequentially("Ask @To")
    expect(page.get_by_role("option", name="Tomasz Lind")).to_have_attribute("aria-selected", "true")
    expect(text(page)).to_have_attribute("aria-activedescendant", "name-0")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    text(page).press_sequentially("@Li")
    page.get_by_role("option", name="Tomasz Lind").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("Ask @Tomasz Lind ")
    assert text(page).get_attribute("aria-activedescendant") is None
    page.get_by_role("button", name="See how it will look").click()
    expect(page.locator(".preview .mention")).to_have_text("Tomasz Lind")
    text(page).press_sequentially("*today*")
    expect(page.locator(".preview em")).to_have_text("today")


@pytest.mark.parametrize("drop", [True, False], ids=["dropped", "pasted"])
def test_a_picture_asks_what_it_shows_and_stands_in_the_text(desk: Desk, visitor: Visitor, drop: bool) -> None:
    page = begin(desk, visitor)
    page.get_by_label("Title").fill("The hall at last")
    text(page).fill("See.")
    text(page).evaluate(CARRY, {"content": base64.b64encode(picture().getvalue()).decode(), "drop": drop})
    words = page.get_by_label("What “hall.webp” shows")
    expect(words).to_be_focused()
    page.get_by_role("button", name="Share it").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("link", name="Say what “hall.webp” shows").click()
    expect(words).to_be_focused()
    words.fill("The hall at dusk")
    page.get_by_role("button", name="Put it into the text").click()
    expect(text(page)).to_have_value(re.compile(r"^See\.\n\n!\[The hall at dusk\]\(/files/[0-9a-f]{64}\)\n\n$"))
    page.get_by_role("button", name="Share it").click()
    shown = page.get_by_role("article").first.get_by_role("img", name="The hall at dusk").first
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 40


def test_what_is_refused_says_why_and_the_rest_is_there_after_a_reload(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    files: list[Any] = [
        {"name": "song.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"first the door"},
    ]
    page.locator("[data-upload=files]").set_input_files(files)
    expect(page.get_by_text("“song.exe” is not a kind of file")).to_be_visible()
    expect(page.get_by_label("Keep “plan.txt”")).to_be_checked()
    text(page).fill("Half a thought")
    saved(page)
    page.reload()
    expect(text(page)).to_have_value("Half a thought")
    expect(page.get_by_label("Keep “plan.txt”")).to_be_checked()


def test_without_script_the_form_comes_back_whole(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor, javascript=False)
    text(page).fill("A **door**")
    page.get_by_role("button", name="See how it will look").click()
    expect(page.locator(".preview strong")).to_have_text("door")
    expect(text(page)).to_have_value("A **door**")
    page.get_by_text("Pictures and files").click()
    page.get_by_label("Add files").set_input_files(
        {"name": "hall.png", "mimeType": "image/png", "buffer": picture().getvalue()}
    )
    page.get_by_label("Title").fill("A door")
    page.get_by_role("button", name="Share it").click()
    page.get_by_label("What “hall.webp” shows").fill("The door")
    page.get_by_role("button", name="Share it").click()
    expect(page.get_by_role("heading", level=1, name="A door")).to_be_visible()
    expect(page.get_by_role("img", name="The door")).to_have_count(1)


def test_what_the_server_never_got_is_offered_again_on_this_device(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    page.evaluate(OUT_OF_REACH)
    text(page).fill("Written in the train")
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Kept on this device"))
    page.goto(desk.address + "/ideas")
    page.goto(desk.address + "/discussions/new")
    expect(text(page)).to_have_value("")
    page.get_by_role("button", name="Use it").click()
    expect(text(page)).to_have_value("Written in the train")
    saved(page)
    page.reload()
    expect(page.get_by_role("button", name="Use it")).to_have_count(0)
    expect(text(page)).to_have_value("Written in the train")


def test_what_was_refused_is_kept_though_the_reader_leaves_in_another_language(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    text(page).fill("Refused for want of a title")
    page.locator("#form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Share it").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    offered = page.locator("#form .notice")
    expect(offered.locator(".quiet")).to_have_text("“Refused for want of a title”")
    expect(offered).to_contain_text("Refused for want of a title")
    expect(offered).to_contain_text(re.compile(r"\d\d/\d\d/\d{4}"))  # a browser that knows no Welsh says no English
    offered.get_by_role("button").first.click()
    expect(text(page)).to_have_value("Refused for want of a title")


def test_signing_out_leaves_nothing_on_a_shared_computer(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    page.route("**/logout", lambda route: route.fulfill(status=200, body="signed out", content_type="text/html"))
    page.evaluate(OUT_OF_REACH)
    text(page).fill("A secret")
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Kept on this device"))
    assert "A secret" in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="Josie Calder").click()
    page.get_by_role("button", name="Sign out").filter(visible=True).click()
    expect(page.get_by_text("signed out")).to_be_visible()
    assert "A secret" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_field_says_when_little_room_is_left(desk: Desk, visitor: Visitor) -> None:
    page = begin(desk, visitor)
    limit = int(page.get_by_label("Title").get_attribute("maxlength") or 0)
    page.get_by_label("Title").fill("x" * (limit - 12))
    expect(page.get_by_text("Characters left: 12")).to_be_visible()
    page.get_by_label("Title").fill("short")
    expect(page.get_by_text("Characters left")).to_have_count(0)
