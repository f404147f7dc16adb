"""What a page is held to, each in a file of JavaScript that is evaluated in the page and answers with sentences."""

from pathlib import Path

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page, *names: str) -> list[str]:
    """What the named checks find on the page that is open."""
    return [f"{name}: {fault}" for name in names for fault in page.evaluate(source(name))]


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds on the page that is open, `axe` being its source."""
    page.evaluate(axe)
    return [f"axe: {fault}" for fault in page.evaluate(source("violations"), TAGS)]


def source(name: str) -> str:
    """The function in a file of this folder."""
    return (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")
