"""Simple abstract pictures for the leads of news, drawn from a seed, with words for those who cannot see them."""

import io
from collections.abc import Callable
from math import pi, sin
from random import Random
from typing import Any

SIZE = (1200, 750)
SCALE = 2
"""Drawn larger, then made smaller, so that edges are smooth."""

Colour = tuple[int, int, int]
Palette = tuple[str, Colour, Colour, Colour, Colour]

PALETTES: tuple[Palette, ...] = (
    ("sea green", (238, 232, 218), (36, 82, 87), (94, 142, 137), (222, 129, 74)),
    ("slate blue", (232, 233, 235), (43, 58, 82), (109, 132, 161), (214, 169, 74)),
    ("moss green", (242, 236, 222), (62, 74, 46), (132, 146, 95), (190, 84, 61)),
    ("plum", (240, 230, 228), (84, 45, 68), (157, 105, 125), (226, 168, 98)),
    ("brick red", (243, 234, 221), (112, 48, 40), (186, 106, 80), (60, 98, 112)),
    ("night blue", (224, 226, 230), (24, 34, 58), (70, 94, 134), (232, 191, 102)),
)


def draw(seed: str) -> tuple[bytes, str]:
    """A picture as WebP, and what it shows."""
    from PIL import Image, ImageDraw

    dice = Random(seed)  # noqa: S311 - a picture is no secret
    palette, (words, motif) = dice.choice(PALETTES), dice.choice(MOTIFS)
    width, height = SIZE[0] * SCALE, SIZE[1] * SCALE
    image = Image.new("RGB", (width, height), palette[1])
    motif(ImageDraw.Draw(image), dice, palette, width, height)
    made = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(made, "WEBP", quality=80, method=2)
    return made.getvalue(), f"An abstract print in {palette[0]}: {words}."


def _hills(pen: Any, dice: Random, palette: Palette, width: int, height: int) -> None:
    _sun(pen, dice, palette, width, height)
    for n in range(5):
        base, reach, wave = height * (0.42 + 0.12 * n), height * dice.uniform(0.04, 0.12), dice.uniform(0.6, 1.8)
        turn = dice.uniform(0, 2 * pi)
        ridge = [(x, base + reach * sin(wave * 2 * pi * x / width + turn)) for x in range(0, width + 1, 12)]
        pen.polygon([*ridge, (width, height), (0, height)], fill=_between(palette[3], palette[2], n / 4))


def _waves(pen: Any, dice: Random, palette: Palette, width: int, height: int) -> None:
    _sun(pen, dice, palette, width, height)
    rows = dice.randint(8, 12)
    for n in range(rows):
        y, reach = height * (0.4 + 0.6 * n / rows), height * 0.018
        turn, wave = dice.uniform(0, 2 * pi), dice.uniform(3, 6)
        crest = [(x, y + reach * sin(wave * 2 * pi * x / width + turn)) for x in range(0, width + 1, 10)]
        pen.polygon([*crest, (width, height), (0, height)], fill=_between(palette[3], palette[2], (n % 3) / 2))


def _seats(pen: Any, dice: Random, palette: Palette, width: int, height: int) -> None:
    rows, columns = dice.randint(5, 7), dice.randint(9, 13)
    taken = (dice.randrange(rows), dice.randrange(columns))
    step_x, step_y = width / columns, height / rows
    for row in range(rows):
        for column in range(columns):
            x, y = column * step_x + step_x * 0.18, row * step_y + step_y * 0.2
            colour = palette[4] if (row, column) == taken else _between(palette[2], palette[3], dice.random())
            pen.rounded_rectangle((x, y, x + step_x * 0.64, y + step_y * 0.62), step_x * 0.2, fill=colour)


def _bells(pen: Any, dice: Random, palette: Palette, width: int, height: int) -> None:
    for n in range(dice.randint(6, 9)):
        x, y, size = dice.uniform(0, width), dice.uniform(0, height), dice.uniform(0.1, 0.34) * height
        for ring in range(4):
            radius = size * (1 - ring * 0.24)
            colour = (palette[2], palette[3], palette[1], palette[4] if n % 2 else palette[2])[ring]
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _blocks(pen: Any, dice: Random, palette: Palette, width: int, height: int) -> None:
    columns, rows = 6, 4
    step_x, step_y = width / columns, height / rows
    for row in range(rows):
        for column in range(columns):
            x, y = column * step_x, row * step_y
            colour = dice.choice((palette[2], palette[3], palette[3], palette[1], palette[4]))
            corners = [(x, y), (x + step_x, y), (x + step_x, y + step_y), (x, y + step_y)]
            shape = dice.choice(("square", "triangle", "arch", "none"))
            if shape == "square":
                pen.rectangle((x, y, x + step_x, y + step_y), fill=colour)
            elif shape == "triangle":
                start = dice.randrange(4)
                pen.polygon([corners[(start + n) % 4] for n in range(3)], fill=colour)
            elif shape == "arch":
                pen.pieslice((x, y, x + step_x, y + 2 * step_y), 180, 360, fill=colour)


def _sun(pen: Any, dice: Random, palette: Palette, width: int, height: int) -> None:
    x, y, radius = dice.uniform(0.2, 0.8) * width, dice.uniform(0.22, 0.36) * height, height * dice.uniform(0.09, 0.16)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=palette[4])


def _between(one: Colour, other: Colour, part: float) -> Colour:
    mixed = [round(a + (b - a) * part) for a, b in zip(one, other, strict=True)]
    return (mixed[0], mixed[1], mixed[2])


MOTIFS: tuple[tuple[str, Callable[[Any, Random, Palette, int, int], None]], ...] = (
    ("five ridges of hills, one behind the other, under a round sun", _hills),
    ("rows of waves below a low sun", _waves),
    ("rows of empty seats, one of them in another colour", _seats),
    ("the bells of brass instruments as rings within rings", _bells),
    ("printing blocks: squares, triangles and arches", _blocks),
)
