"""Takes pictures of pages, in every width and in both themes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from partnernet.web.guard import COOKIE
from tests.__main__ import find_browser
from tests.browser import ARGUMENTS

WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")
HEIGHT = 900
HIGHEST = 8_000
"""Pixels after which a page is cut off: the rest of it looks the same."""

SETTLE = """async () => {
  for (const each of document.images) each.loading = "eager";
  await Promise.all([document.fonts.ready, ...[...document.images].map(each => each.decode().catch(() => {}))]);
  return Math.ceil(document.documentElement.scrollHeight);
}"""
LAYERS = "() => [...document.querySelectorAll('[popover][id], dialog[id]')].map(each => each.id)"
SHOW = """id => {
  const each = document.getElementById(id);
  each.popover === null ? each.showModal() : each.showPopover();
}"""
SEND_EMPTY = """() => {
  const form = document.querySelector("main form[method=post]");
  if (form === null) return false;
  for (const each of form.elements) {
    if (each.matches("[type=text], [type=email], [type=password], [type=url], [type=date], textarea")) each.value = "";
  }
  HTMLFormElement.prototype.submit.call(form);
  return true;
}"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A page to be photographed: what it is, where, and what is done there first."""

    name: str
    address: str
    layer: str = ""
    """The id of a popover or dialog that is opened."""
    is_sent_empty: bool = False
    """Whether the form on it is sent with nothing filled in."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture that was taken."""

    name: str
    who: str
    width: int
    theme: str
    path: str


@contextmanager
def window(address: str, token: str, **more: Any) -> Iterator[BrowserContext]:
    """A browser in which somebody is signed in and has the typefaces already."""
    path = find_browser()
    if path is None:
        raise SystemExit("No Chromium, Chrome or Edge was found.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        context = browser.new_context(
            locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce",
            **{"viewport": {"width": WIDTHS[0], "height": HEIGHT}} | more,
        )  # fmt: skip
        if token:
            context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        page.close()
        yield context
        browser.close()


def photograph(address: str, token: str, who: str, subjects: Sequence[Subject], folder: Path) -> list[Shot]:
    """Take pictures of pages as somebody sees them, in every width and in both themes."""
    taken = []
    with window(address, token) as context:
        page = context.new_page()
        for subject in subjects:
            visit(page, address, subject)
            for width in WIDTHS:
                for theme in THEMES:
                    page.set_viewport_size({"width": width, "height": HEIGHT})
                    page.emulate_media(color_scheme=theme)
                    path = f"{who}/{_plain(subject.name)}-{width}-{theme}.png"
                    high = HEIGHT if subject.layer else min(page.evaluate(SETTLE), HIGHEST)
                    box = {"x": 0, "y": 0, "width": width, "height": high}
                    page.screenshot(path=folder / path, full_page=True, clip=box, animations="disabled")
                    taken.append(Shot(subject.name, who, width, theme, path))
    return taken


def visit(page: Page, address: str, subject: Subject) -> None:
    """Go to a page, and do there what is done first."""
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    page.goto(address + subject.address, wait_until="networkidle")
    if subject.is_sent_empty:
        with page.expect_navigation(wait_until="networkidle"):
            page.evaluate(SEND_EMPTY)
    if subject.layer:
        page.evaluate(SHOW, subject.layer)


def layers(address: str, token: str, path: str = "/") -> list[str]:
    """The ids of what a page can open above itself."""
    with window(address, token) as context:
        page = context.new_page()
        page.goto(address + path)
        found: list[str] = page.evaluate(LAYERS)
        return found


def _plain(name: str) -> str:
    """A name as a file may be called."""
    return "".join(letter if letter.isalnum() else "-" for letter in name.strip("/")).strip("-").lower()
