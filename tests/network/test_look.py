"""The look of a network: twelve accents, and any other, can be read in both themes."""

import re
from itertools import product

import pytest

from partnernet.network import look
from partnernet.network.colour import TEXT, contrast, from_hex, is_hex, least_contrast
from partnernet.network.look import KELP, NAMED, Theme, palette

ANY = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in product(range(0, 256, 51), repeat=3)]
THEMES = ("light", "dark")


def theme(accent: str, name: str) -> Theme:
    found = getattr(palette(accent), name)
    assert isinstance(found, Theme)
    return found


def readable(made: Theme) -> bool:
    """Whether the accent is read on everything, and what stands on it or beside it on a wash, too."""
    under_pointer = min(least_contrast(made.deep, made.grounds), contrast(made.deep, made.on_accent))
    words = min(contrast(made.on.ink, made.wash), contrast(made.on.ink_2, made.wash))
    return min(made.least, under_pointer, words) >= TEXT


def test_there_are_twelve_accents_with_names_of_their_own() -> None:
    assert len(NAMED) == len({str(pair.label) for pair in NAMED.values()}) == 12
    assert len({palette(name).light.accent for name in NAMED}) == 12


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("dark", THEMES)
def test_a_named_accent_can_be_read_in_both_themes(name: str, dark: str) -> None:
    assert readable(theme(name, dark))
    assert look.passes(palette(name).light.accent)


def test_any_colour_that_is_let_through_can_be_read_in_both_themes() -> None:
    passing = [shown for shown in ANY if look.passes(shown)]
    assert len(passing) > 40
    for shown in passing:
        assert palette(shown).light.accent == shown
        assert all(readable(theme(shown, name)) for name in THEMES), shown


def test_a_colour_that_fails_has_a_shade_beside_it_that_passes_and_keeps_its_hue() -> None:
    failing = [shown for shown in ANY if not look.passes(shown)]
    assert len(failing) > 100
    for shown in failing:
        offered = look.suggested(shown)
        assert look.worst(shown) < TEXT <= look.worst(offered) < TEXT + 0.6
        wished, found = from_hex(shown), from_hex(offered)
        if found.chroma > 0.02:
            assert abs((found.hue - wished.hue + 180) % 360 - 180) < 8, (shown, offered)


def test_a_failing_colour_from_elsewhere_is_shown_as_the_shade_that_passes() -> None:
    assert palette("#ffdd00").light.accent == look.suggested("#ffdd00")
    assert all(readable(theme("#ffdd00", name)) for name in THEMES)


@pytest.mark.parametrize("accent", ["", "nonsense", "#12", "};body{display:none}", "#12345\x00", "</style>"])
def test_what_says_nothing_is_kelp_and_reaches_no_style_sheet(accent: str) -> None:
    assert palette(accent) == palette(KELP)
    assert not look.is_own(accent)
    assert look.css(accent) == look.css(KELP)


@pytest.mark.parametrize("accent", [*NAMED, "#0b5394"])
def test_the_style_sheet_says_each_theme_once_for_the_device_and_once_for_the_reader(accent: str) -> None:
    text = look.css(accent)
    assert text.count("{") == text.count("}") and text.startswith("@layer look{")
    said = re.findall(r"--accent:(#[0-9a-f]{6});", text)
    made = palette(accent)
    assert said == [made.light.accent, made.dark.accent, made.dark.accent]
    assert all(is_hex(value) for value in re.findall(r":(#[^;}]+)", text))


def test_another_look_has_another_address() -> None:
    assert len({look.address(accent) for accent in [*NAMED, "#0b5394"]}) == 13
    assert re.fullmatch(r"/look/[0-9a-f]{12}\.css", look.address("madder"))
