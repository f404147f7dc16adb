"""Linocuts for the leads of news: scenes in two colours, drawn from a seed, with words for who cannot see them."""

import io
from random import Random
from typing import Any

from partnernet.demo.press import PAPER, Block, Ink
from partnernet.demo.scenes import SCENES

SIZE = (1200, 600)
SCALE = 2
"""Drawn larger, then made smaller, so that edges are smooth."""

INKS: tuple[tuple[str, Ink], ...] = (
    ("green", (0, 92, 62)), ("red", (158, 52, 38)), ("blue", (32, 74, 134)), ("ochre", (176, 116, 24)),
    ("plum", (110, 46, 88)), ("slate", (70, 92, 104)),
)  # fmt: skip


def draw(seed: str) -> tuple[bytes, str]:
    """A picture as WebP, and what it shows."""
    from PIL import Image, ImageDraw

    dice = Random(seed)  # noqa: S311 - a picture is no secret
    (colour, ink), (words, scene) = dice.choice(INKS), dice.choice(SCENES)
    image: Any = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    scene(Block(ImageDraw.Draw(image), dice, image.width, image.height, ink))
    made = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(made, "WEBP", quality=82, method=2)
    return made.getvalue(), f"A linocut in black and {colour}: {words}."
