"""Somebody who has no mouse: everything is reached with Tab, and every step is seen."""

import re

from playwright.sync_api import Locator, Page

STEPS = 150
"""How often somebody presses Tab before they give up."""

FOCUS = """each => {
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  const middle = (start, length, most) => (Math.max(start, 0) + Math.min(start + length, most)) / 2;
  const top = document.elementFromPoint(middle(box.x, box.width, innerWidth), middle(box.y, box.height, innerHeight));
  return {
    has: each === document.activeElement,
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isOnTop: top !== null && (each.contains(top) || top.contains(each)),
  };
}"""
WHERE = """() => {
  const at = document.activeElement;
  return (at.labels?.[0]?.textContent ?? at.textContent ?? at.tagName).trim().replace(/\\s+/g, " ").slice(0, 40);
}"""


class Keyboard:
    """A page, and the keys by which it is used."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        self.page.keyboard.type(text)

    def reach(self, wanted: Locator) -> None:
        """Press Tab until something has the focus, and see that it shows so."""
        passed = []
        for _ in range(STEPS):
            self.press("Tab")
            passed.append(self.page.evaluate(WHERE))
            for place in wanted.all():
                focus = place.evaluate(FOCUS)
                if focus.pop("has"):
                    assert all(focus.values()), f"{passed[-1]} has the focus, and does not show it: {focus}"
                    return
        raise AssertionError(f"{wanted} was never reached: {passed}")

    def fill(self, name: str | re.Pattern[str], text: str) -> None:
        """Reach a field and write into it, over what is there."""
        self.reach(self.page.get_by_label(name))
        self.press("ControlOrMeta+a")
        self.type(text)

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Reach a link and open it."""
        self.reach(self.page.get_by_role("link", name=name))
        with self.page.expect_navigation():
            self.press("Enter")

    def push(self, name: str | re.Pattern[str]) -> None:
        """Reach a button and push it."""
        self.reach(self.page.get_by_role("button", name=name))
        self.press("Enter")
