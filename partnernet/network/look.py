"""The look of a network: from its accent, a tested pair for light and dark, and the style sheet that brings it.

The accent of the ledger is the name of one of ours, or a colour #rrggbb. Whatever else stands there, and a
colour from elsewhere that would be hard to read, is shown as the nearest thing that is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from partnernet.core.words import lazy
from partnernet.network.colour import TEXT, Oklch, contrast, from_hex, is_hex, least_contrast, nearest, to_hex


@dataclass(frozen=True, slots=True)
class Paper:
    """What the accent stands on in one theme; the tokens of `static/css/tokens.css`, held to them by a test."""

    paper: str
    tint: str
    ink: str
    ink_2: str
    rule: str
    edge: str
    danger: str
    wash: Oklch
    on_accent: Oklch
    deeper: float
    """How much lighter (or, below zero, darker) the accent is under a pointer."""


def _shown(lightness: float, chroma: float, hue: float) -> str:
    return to_hex(Oklch(lightness, chroma, hue))


LIGHT = Paper(
    _shown(0.976, 0.007, 92), _shown(0.948, 0.01, 92), _shown(0.225, 0.012, 210), _shown(0.435, 0.012, 190),
    _shown(0.835, 0.011, 90), _shown(0.57, 0.012, 150), _shown(0.47, 0.17, 27),
    Oklch(0.922, 0.026, 150), Oklch(0.985, 0.004, 110), -0.09,
)  # fmt: skip
DARK = Paper(
    _shown(0.213, 0.011, 68), _shown(0.258, 0.013, 68), _shown(0.905, 0.014, 85), _shown(0.745, 0.014, 82),
    _shown(0.38, 0.013, 72), _shown(0.6, 0.012, 80), _shown(0.76, 0.125, 28),
    Oklch(0.33, 0.03, 145), Oklch(0.205, 0.015, 130), 0.07,
)  # fmt: skip

DARK_LIGHTNESS, DARK_CHROMA = 0.78, 0.1
"""Where the search for an accent on dark paper begins, and how colourful it may be there: more would glow."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One of our accents: light and dark, worked out by eye."""

    label: str
    light: Oklch
    dark: Oklch


KELP = "kelp"
"""The accent of a network that chose none: the one in `tokens.css`."""

NAMED: Mapping[str, Pair] = {
    KELP: Pair(lazy("Kelp"), Oklch(0.425, 0.09, 165), Oklch(0.795, 0.072, 148)),
    "moss": Pair(lazy("Moss"), Oklch(0.44, 0.09, 132), Oklch(0.8, 0.09, 128)),
    "harbour": Pair(lazy("Harbour"), Oklch(0.43, 0.075, 212), Oklch(0.79, 0.075, 208)),
    "reflex": Pair(lazy("Reflex blue"), Oklch(0.45, 0.16, 258), Oklch(0.78, 0.09, 255)),
    "slate": Pair(lazy("Slate"), Oklch(0.43, 0.035, 250), Oklch(0.78, 0.035, 248)),
    "violet": Pair(lazy("Violet"), Oklch(0.44, 0.16, 290), Oklch(0.78, 0.095, 293)),
    "heather": Pair(lazy("Heather"), Oklch(0.45, 0.13, 322), Oklch(0.78, 0.09, 320)),
    "foxglove": Pair(lazy("Foxglove"), Oklch(0.47, 0.17, 356), Oklch(0.77, 0.105, 356)),
    "madder": Pair(lazy("Madder"), Oklch(0.475, 0.175, 27), Oklch(0.765, 0.105, 30)),
    "rust": Pair(lazy("Rust"), Oklch(0.48, 0.12, 45), Oklch(0.78, 0.1, 48)),
    "ochre": Pair(lazy("Ochre"), Oklch(0.47, 0.09, 68), Oklch(0.8, 0.09, 78)),
    "peat": Pair(lazy("Peat"), Oklch(0.4, 0.045, 60), Oklch(0.79, 0.04, 70)),
}
"""The accents that a network can choose by name; each passes on every paper, which a test computes."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme that depend on the accent, as #rrggbb."""

    on: Paper
    accent: str
    deep: str
    wash: str
    on_accent: str

    @property
    def least(self) -> float:
        """The lowest contrast at which the accent is read, or read on."""
        return min(least_contrast(self.accent, self.grounds), contrast(self.accent, self.on_accent))

    @property
    def grounds(self) -> tuple[str, str, str]:
        """What the accent is read on."""
        return (self.on.paper, self.on.tint, self.wash)


@dataclass(frozen=True, slots=True)
class Palette:
    """An accent in both themes."""

    light: Theme
    dark: Theme


@lru_cache(maxsize=256)
def palette(accent: str) -> Palette:
    """The colours of an accent; those of kelp where it says nothing that can be shown."""
    if is_hex(accent):
        chosen = from_hex(accent)
        light = chosen if passes(accent) else from_hex(suggested(accent))
        dark = Oklch(DARK_LIGHTNESS, min(chosen.chroma, DARK_CHROMA), chosen.hue)
        return Palette(_theme(LIGHT, light), _theme(DARK, _passing(DARK, dark)))
    pair = NAMED.get(accent, NAMED[KELP])
    return Palette(_theme(LIGHT, pair.light), _theme(DARK, pair.dark))


def passes(accent: str) -> bool:
    """Whether a colour #rrggbb can be read on paper, tint and wash, and read on."""
    return _theme(LIGHT, from_hex(accent)).least >= TEXT


def worst(accent: str) -> float:
    """The contrast of a colour #rrggbb where it is hardest to read: what a refusal names."""
    return _theme(LIGHT, from_hex(accent)).least


def suggested(accent: str) -> str:
    """The shade nearest to a colour #rrggbb that passes."""
    return nearest(from_hex(accent), passes) or to_hex(NAMED[KELP].light)


def is_own(accent: str) -> bool:
    """Whether an accent asks for a style sheet of its own."""
    return is_hex(accent) or (accent in NAMED and accent != KELP)


@lru_cache(maxsize=64)
def css(accent: str) -> str:
    """The style sheet of an accent. What a reader's device asks for comes in a later layer, and wins."""
    made = palette(accent)
    light, dark = _declarations(made.light), _declarations(made.dark)
    return (
        f"@layer look{{:root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}}}\n'
    )


@lru_cache(maxsize=64)
def address(accent: str) -> str:
    """Where the style sheet of an accent is; another content has another address."""
    return f"/look/{sha256(css(accent).encode()).hexdigest()[:12]}.css"


def _declarations(theme: Theme) -> str:
    return (
        f"--accent:{theme.accent};--accent-deep:{theme.deep};--on-accent:{theme.on_accent};--wash:{theme.wash}"
    )  # fmt: skip


def _theme(paper: Paper, accent: Oklch) -> Theme:
    deep = replace(accent, lightness=accent.lightness + paper.deeper, chroma=accent.chroma * 0.8)
    wash = replace(paper.wash, hue=accent.hue, chroma=min(paper.wash.chroma, accent.chroma))
    on_accent = replace(paper.on_accent, hue=accent.hue, chroma=min(paper.on_accent.chroma, accent.chroma))
    return Theme(paper, to_hex(accent), to_hex(deep), to_hex(wash), to_hex(on_accent))


def _passing(paper: Paper, accent: Oklch) -> Oklch:
    shade = nearest(accent, lambda each: _theme(paper, from_hex(each)).least >= TEXT)
    return from_hex(shade) if shade else accent
