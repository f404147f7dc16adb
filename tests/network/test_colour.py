"""Colour: what is worked out agrees with what browsers and WCAG say."""

import random

import pytest

from partnernet.network.colour import (
    STEP,
    TEXT,
    Oklch,
    contrast,
    from_hex,
    is_hex,
    least_contrast,
    nearest,
    to_hex,
)

KNOWN = {
    "#ff0000": Oklch(0.62796, 0.25768, 29.23), "#0000ff": Oklch(0.45201, 0.31321, 264.05),
    "#00ff00": Oklch(0.86644, 0.29483, 142.50), "#663399": Oklch(0.44027, 0.16030, 303.37),
}  # fmt: skip
"""As CSS Color 4 and its reference implementation give them."""


@pytest.mark.parametrize("shown", KNOWN)
def test_a_colour_is_taken_apart_as_css_does(shown: str) -> None:
    found, known = from_hex(shown), KNOWN[shown]
    assert found.lightness == pytest.approx(known.lightness, abs=1e-4)
    assert found.chroma == pytest.approx(known.chroma, abs=1e-4)
    assert found.hue == pytest.approx(known.hue, abs=0.02)


def test_there_and_back_is_the_same_colour() -> None:
    dice = random.Random(7)
    for _ in range(2_000):
        shown = f"#{dice.randrange(1 << 24):06x}"
        assert to_hex(from_hex(shown)) == shown


def test_what_no_screen_shows_keeps_its_lightness_and_hue_and_loses_chroma() -> None:
    for hue in range(0, 360, 15):
        wished = Oklch(0.6, 0.4, hue)
        found = from_hex(to_hex(wished))
        assert found.chroma < wished.chroma
        assert found.lightness == pytest.approx(wished.lightness, abs=0.01)
        assert abs((found.hue - hue + 180) % 360 - 180) < 2


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#123456", "#123456", 1),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.001)


def test_the_ground_that_shows_a_colour_least_counts() -> None:
    assert least_contrast("#000000", ["#ffffff", "#808080"]) == contrast("#000000", "#808080")


def test_the_nearest_shade_passes_and_the_one_before_it_does_not() -> None:
    def passes(shade: str) -> bool:
        return contrast(shade, "#ffffff") >= TEXT

    for hue in range(0, 360, 30):
        wished = Oklch(0.8, 0.1, hue)
        found = nearest(wished, passes)
        assert found is not None and passes(found)
        lighter = from_hex(found).lightness + 2 * STEP
        assert not passes(to_hex(Oklch(lighter, wished.chroma, hue)))


def test_a_shade_that_passes_stays_as_it_is_and_none_is_none() -> None:
    assert nearest(from_hex("#663399"), lambda shade: True) == "#663399"
    assert nearest(from_hex("#663399"), lambda shade: False) is None


@pytest.mark.parametrize("text", ["", "#fff", "fffffff", "#12345g", "#1234567", "red", "#12345६", "#123456\n"])
def test_what_is_no_colour_is_none(text: str) -> None:
    assert not is_hex(text)
    assert is_hex("#1a2B3c")
