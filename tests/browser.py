"""Fixtures of a real browser. Whatever it complains of fails the test."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect, sync_playwright

from tests.__main__ import IS_CI, find_browser

Visitor = Callable[..., BrowserContext]

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PATIENCE = 60_000
"""Milliseconds after which what does not come fails its test, far above what it takes."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, Chrome or Edge, whichever is here."""
    path = find_browser()
    if path is None:
        lack("NO BROWSER WAS FOUND: install Chromium, Chrome or Edge to run what needs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """A browser window of its own for each person; complaints of the pages are collected."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            complaints.append(message.text)

    def come(*, javascript: bool = True, width: int = 1280, theme: str = "light") -> BrowserContext:
        context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, accept_downloads=True,
            color_scheme=theme,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield come
    for context in contexts:
        context.close()
    assert not complaints


def lack(sentence: str) -> NoReturn:
    """Skip a test for something that is not on this machine; in CI nothing is skipped."""
    (pytest.fail if IS_CI else pytest.skip)(sentence)
