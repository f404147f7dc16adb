"""The tokens of the design: every text can be read in both themes, and `look.py` knows the same papers."""

import re

import pytest

from partnernet.config import assets
from partnernet.network.colour import PARTS, TEXT, Oklch, contrast, to_hex
from partnernet.network.look import DARK, KELP, LIGHT, Paper, palette

CSS = (assets("static") / "css" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "tint", "wash")


def colours(block: str) -> dict[str, str]:
    """The colours that a block of tokens gives, as a screen shows them."""
    found = re.findall(r"--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", block)
    return {name: to_hex(Oklch(float(light), float(chroma), float(hue))) for name, light, chroma, hue in found}


def block(start: str) -> dict[str, str]:
    return colours(CSS.partition(start)[2].partition("}")[0])


THEMES = {
    "light": block("@layer tokens {\n  :root {"),
    "dark by the device": block(':root:not([data-theme="light"]) {'),
    "dark by choice": block(':root[data-theme="dark"] {'),
}


def test_the_two_dark_blocks_say_the_same() -> None:
    assert THEMES["dark by the device"] == THEMES["dark by choice"]
    assert len(THEMES["dark by choice"]) == 11


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_texts_and_parts_stand_out_from_every_ground(theme: str, ground: str) -> None:
    tokens = THEMES[theme]
    for text in ("ink", "ink-2", "accent", "accent-deep", "danger"):
        assert contrast(tokens[text], tokens[ground]) >= TEXT, f"{text} on {ground}"
    assert contrast(tokens["edge"], tokens[ground]) >= PARTS


@pytest.mark.parametrize("theme", THEMES)
def test_what_stands_on_the_accent_can_be_read_under_a_pointer_too(theme: str) -> None:
    tokens = THEMES[theme]
    for ground in ("accent", "accent-deep"):
        assert contrast(tokens["on-accent"], tokens[ground]) >= TEXT
    assert contrast(tokens["paper"], tokens["ink"]) >= 7


@pytest.mark.parametrize(("theme", "paper"), [("light", LIGHT), ("dark by choice", DARK)])
def test_the_looks_of_networks_are_worked_out_on_the_papers_of_the_tokens(theme: str, paper: Paper) -> None:
    tokens = THEMES[theme]
    known = (paper.paper, paper.tint, paper.ink, paper.ink_2, paper.rule, paper.edge, paper.danger)
    assert known == tuple(tokens[name] for name in ("paper", "tint", "ink", "ink-2", "rule", "edge", "danger"))


def test_kelp_is_the_accent_of_the_tokens() -> None:
    made = palette(KELP)
    assert made.light.accent == THEMES["light"]["accent"]
    assert made.dark.accent == THEMES["dark by choice"]["accent"]


def test_what_a_device_asks_for_comes_after_what_a_network_chose() -> None:
    order = (assets("static") / "css" / "site.css").read_text(encoding="utf-8")
    assert "@layer tokens, look, wishes," in order
    wishes = CSS.partition("@layer wishes {")[2]
    asked = ("forced-colors: active", "prefers-contrast: more", "prefers-reduced-motion: reduce", "print")
    assert all(f"@media {wish}" in wishes or f"@media ({wish})" in wishes for wish in asked)
