"""Colour: OKLCH and 8-bit sRGB, WCAG contrast, and the nearest shade that passes.

OKLab is Björn Ottosson's (https://bottosson.github.io/posts/oklab/), the form that CSS Color 4 uses; contrast is
WCAG 2.2's, taken from the 8-bit values that a screen is sent.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, degrees, hypot, radians, sin

TEXT, PARTS = 4.5, 3.0
"""The contrast that WCAG 2.2 AA asks of text, and of the parts of a page."""
STEP = 0.005
"""How far apart two shades are that are tried, in OKLCH lightness; a difference that nobody sees."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}").fullmatch

Linear = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Oklch:
    """A colour by lightness (0 to 1), chroma (0 to about 0.4) and hue (degrees)."""

    lightness: float
    chroma: float
    hue: float


def is_hex(text: str) -> bool:
    """Whether a text is a colour as `<input type="color">` sends it: #rrggbb."""
    return _HEX(text) is not None


def from_hex(text: str) -> Oklch:
    """The colour of #rrggbb."""
    red, green, blue = (_to_linear(int(text[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return Oklch(lightness, hypot(a, b), degrees(atan2(b, a)) % 360)


def to_hex(colour: Oklch) -> str:
    """The colour as #rrggbb; where a screen cannot show it, with as much chroma as it can."""
    lightness = min(max(colour.lightness, 0.0), 1.0)
    return "#" + "".join(
        f"{channel:02x}" for channel in _bytes(_linear(_in_gamut(replace(colour, lightness=lightness))))
    )


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours #rrggbb: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, grounds: Sequence[str]) -> float:
    """The contrast of a colour on the ground that shows it least."""
    return min(contrast(colour, ground) for ground in grounds)


def nearest(colour: Oklch, passes: Callable[[str], bool]) -> str | None:
    """The shade of a colour, darker or lighter, that passes and lies nearest to it; None where none does."""
    for step in range(round(1 / STEP) + 1):
        for sign in (-1, 1):  # darker first: a network that asks for a colour means ink
            lightness = colour.lightness + sign * step * STEP
            if 0 <= lightness <= 1 and passes(shade := to_hex(replace(colour, lightness=lightness))):
                return shade
    return None


def _in_gamut(colour: Oklch) -> Oklch:
    """The colour, with its chroma lowered until all of its channels are there."""
    if _is_shown(colour):
        return colour
    low, high = 0.0, colour.chroma
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if _is_shown(replace(colour, chroma=middle)) else (low, middle)
    return replace(colour, chroma=low)


def _is_shown(colour: Oklch) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in _linear(colour))


def _linear(colour: Oklch) -> Linear:
    """Linear sRGB; outside 0 to 1 where a screen cannot show it."""
    a, b = colour.chroma * cos(radians(colour.hue)), colour.chroma * sin(radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _bytes(linear: Linear) -> list[int]:
    return [round(255 * _from_linear(min(max(channel, 0.0), 1.0))) for channel in linear]


def _luminance(colour: str) -> float:
    red, green, blue = (_to_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _from_linear(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)
