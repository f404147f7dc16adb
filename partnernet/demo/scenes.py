"""The scenes of the linocuts, each with the words that say what it shows."""

from collections.abc import Callable
from math import cos, pi, sin

from partnernet.demo.press import BLACK, PAPER, Block

Scene = Callable[[Block], None]


def _shore(block: Block) -> None:
    x = block.dice.uniform(0.6, 0.8)
    block.rays(x, 0.56, 0.2, 0.52, 42)
    block.disc(x, 0.56, 0.16, block.second)
    block.birds(5)
    block.water(0.58, 1.0, 13)
    block.shape([(0, 0.72), (0.06, 0.62), (0.2, 0.57), (0.34, 0.6), (0.46, 0.7), (0.3, 0.76), (0, 0.8)])
    block.hall(0.12, 0.6, 0.27)
    block.shape([(0.88, 0.6), (0.95, 0.53), (1.0, 0.52), (1.0, 0.66), (0.93, 0.66)])


def _press(block: Block) -> None:
    x, y, radius = 0.56, 0.54, 0.4
    block.rays(x, y, 0.46, 0.72, 46)
    block.water(0.66, 1.0, 11)
    block.shape([(0, 0.72), (0.1, 0.64), (0.24, 0.62), (0.36, 0.7), (0.2, 0.78), (0, 0.78)])
    block.hall(0.09, 0.65, 0.24)
    block.ring(x, y, radius, 0.06)
    for n in range(6):
        angle = 2 * pi * n / 6 + block.dice.uniform(-0.05, 0.05)
        block.gouge((x, y), (x + (radius - 0.02) / 2 * cos(angle), y + (radius - 0.02) * sin(angle)), 0.06)
    block.ring(x, y, 0.1, 0.05)
    block.birds(4)


def _harbour(block: Block) -> None:
    block.disc(0.22, 0.3, 0.13, block.second)
    block.rays(0.22, 0.3, 0.17, 0.3, 26, block.second)
    land = block.ground(0.5, 0.05)
    block.furrows(land, 2)
    block.shape([(0, 0.6), (1, 0.58), (1, 1.02), (0, 1.02)], PAPER)
    block.water(0.62, 1.0, 12)
    for n in range(3):
        _boat(block, 0.2 + 0.26 * n + block.dice.uniform(-0.04, 0.04), 0.74 + 0.07 * (n % 2), 0.3 + 0.05 * n)


def _boat(block: Block, x: float, y: float, size: float) -> None:
    wide = size * 0.4
    block.shape(
        [(x - wide / 2, y - 0.06), (x + wide / 2, y - 0.07), (x + wide * 0.34, y + 0.04), (x - wide * 0.36, y + 0.04)]
    )
    block.box(x - 0.004, y - size * 1.15, 0.008, size * 1.1)
    block.shape([(x + 0.012, y - size * 1.1), (x + wide * 0.45, y - 0.11), (x + 0.012, y - 0.1)], block.second)
    block.shape([(x - 0.012, y - size * 0.95), (x - wide * 0.36, y - 0.11), (x - 0.012, y - 0.1)])


def _road(block: Block) -> None:
    block.disc(0.76, 0.26, 0.12, block.second)
    for n, ink in enumerate((block.second, BLACK, block.second, BLACK)):
        land = block.ground(0.42 + 0.14 * n, 0.05 - 0.006 * n, ink)
        block.furrows(land, 2)
    left = [(0.4, 1.02), (0.43, 0.95), (0.48, 0.89), (0.52, 0.84), (0.53, 0.8), (0.51, 0.76), (0.47, 0.72)]
    right = [(0.478, 0.72), (0.525, 0.755), (0.56, 0.8), (0.57, 0.84), (0.56, 0.89), (0.57, 0.95), (0.62, 1.02)]
    block.shape([*left, *right], PAPER)
    block.hall(0.15, 0.6, 0.18)
    block.birds(4)


def _stage(block: Block) -> None:
    block.box(0, 0, 1, 0.84)
    for n in range(3):
        x, far = 0.28 + 0.22 * n, block.dice.uniform(-0.05, 0.05)
        block.shape([(x, 0.1), (x + 0.02, 0.1), (x + 0.13 + far, 0.86), (x - 0.11 + far, 0.86)], PAPER)
        block.disc(x + 0.01, 0.1, 0.045, block.second)
    for side in (0, 1):
        for n in range(5):
            x = 0.035 * n if not side else 1 - 0.035 * n
            fold = [(x - 0.02, 0), (x + 0.02, 0), (x + 0.026, 0.86), (x - 0.026, 0.86)]
            block.shape(fold, block.second if n % 2 else BLACK)
            block.gouge((x + 0.021, 0.02), (x + 0.021, 0.84), 0.008, PAPER)
    block.box(0, 0.84, 1, 0.02, PAPER)
    block.box(0, 0.865, 1, 0.14, block.second)
    for n in range(7):
        _figure(block, 0.22 + 0.09 * n + block.dice.uniform(-0.015, 0.015), 0.85, block.dice.uniform(0.2, 0.3))


def _figure(block: Block, x: float, base: float, size: float) -> None:
    wide = size * 0.2
    block.shape(
        [(x - wide, base), (x - wide * 0.5, base - size * 0.7), (x + wide * 0.5, base - size * 0.7), (x + wide, base)]
    )
    block.disc(x, base - size * 0.82, size * 0.14)
    block.gouge(
        (x - wide * 0.3, base - size * 0.62), (x - wide * 1.3, base - size * block.dice.uniform(0.5, 1.1)), 0.03
    )
    block.gouge(
        (x + wide * 0.3, base - size * 0.62), (x + wide * 1.3, base - size * block.dice.uniform(0.5, 1.1)), 0.03
    )


def _chairs(block: Block) -> None:
    block.box(0, 0, 1, 1, block.second)
    for row in range(4):
        y, size = 0.26 + 0.19 * row, 0.15 + 0.035 * row
        step = size * 0.62
        count = int(1 / step) + 2
        taken = block.dice.randrange(2, count - 2)
        for n in range(count):
            _chair(block, n * step - (row % 2) * step / 2, y, size, row == 2 and n == taken)
    block.rays(0.5, 0.12, 0.06, 0.15, 24, PAPER)
    block.disc(0.5, 0.1, 0.045, PAPER)


def _chair(block: Block, x: float, y: float, size: float, is_taken: bool) -> None:
    wide = size * 0.4
    ink = PAPER if is_taken else BLACK
    block.shape([(x, y), (x + wide, y), (x + wide * 0.94, y + size * 0.5), (x + wide * 0.06, y + size * 0.5)], ink)
    for n in range(1, 4):
        middle = x + wide * n / 4
        block.gouge((middle, y + size * 0.06), (middle, y + size * 0.44), 0.012, block.second)
    block.box(x - wide * 0.05, y + size * 0.56, wide * 1.1, size * 0.1, ink)
    for leg in (0.04, 0.86):
        block.box(x + wide * leg, y + size * 0.66, wide * 0.1, size * 0.4, ink)


SCENES: tuple[tuple[str, Scene], ...] = (
    ("a hall on a headland, gulls, and a great low sun over the sea", _shore),
    ("the wheel of a printing press, as large as the sun, beside a hall by the water", _press),
    ("three sailing boats in a harbour below a hill", _harbour),
    ("a road between rolling hills that leads to a hall", _road),
    ("seven people on a stage under three lights, their arms in the air", _stage),
    ("rows of wooden chairs, one of them taken, under a lamp", _chairs),
)
