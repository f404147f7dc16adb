"""A real browser against real servers. Whatever the browser complains of fails the journey."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright

from tests.__main__ import find_browser
from tests.server import Server, serving

Visitor = Callable[..., BrowserContext]

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, Chrome or Edge, whichever is here."""
    path = find_browser()
    if path is None:
        pytest.skip("NO BROWSER WAS FOUND: install Chromium, Chrome or Edge to run the journeys")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A fresh node that is served."""
    with serving(tmp_path) as server:
        server.address = server.address.split()[-1]
        yield server


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """A browser window of its own for each person; complaints of the pages are collected."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            complaints.append(message.text)

    def come(*, javascript: bool = True, width: int = 1280) -> BrowserContext:
        context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, accept_downloads=True
        )
        context.set_default_timeout(15_000)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield come
    for context in contexts:
        context.close()
    assert not complaints
