"""A block of lino and what can be cut from it: shapes whose edges are a little uneven, as a hand cuts them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from random import Random
from typing import Any

Ink = tuple[int, int, int]
Point = tuple[float, float]

PAPER: Ink = (245, 243, 234)
BLACK: Ink = (24, 30, 30)


@dataclass(slots=True)
class Block:
    """What is drawn on: everything is measured in parts of its width and height, from 0 to 1."""

    pen: Any
    dice: Random
    width: int
    height: int
    second: Ink
    """The ink that is printed beside black."""

    def shape(self, points: Sequence[Point], ink: Ink = BLACK, rough: float = 1.0) -> None:
        """A filled outline, its edges uneven."""
        uneven = [self._jog(point, rough) for point in _divided(points, 0.02)]
        self.pen.polygon([self._at(point) for point in uneven], fill=ink)

    def box(self, x: float, y: float, wide: float, high: float, ink: Ink = BLACK) -> None:
        """A rectangle from its upper corner."""
        self.shape([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], ink)

    def disc(self, x: float, y: float, radius: float, ink: Ink = BLACK, rough: float = 0.8) -> None:
        """A round shape; the radius is a part of the height."""
        self.shape([(x + self._across(radius) * cos(a), y + radius * sin(a)) for a in _turn(48)], ink, rough)

    def ring(self, x: float, y: float, radius: float, thick: float, ink: Ink = BLACK, inside: Ink = PAPER) -> None:
        """A disc with a smaller one cut out of it."""
        self.disc(x, y, radius, ink)
        self.disc(x, y, radius - thick, inside)

    def gouge(self, begin: Point, end: Point, thick: float, ink: Ink = BLACK) -> None:
        """A single cut of the tool: pointed at both ends, thickest in the middle."""
        (x, y), (to_x, to_y) = begin, end
        long = hypot(to_x - x, to_y - y) or 1.0
        side_x, side_y = -(to_y - y) / long * thick / 2, (to_x - x) / long * thick / 2
        steps = 10
        there = [self._along(begin, end, n / steps, side_x, side_y) for n in range(steps + 1)]
        back = [self._along(begin, end, n / steps, -side_x, -side_y) for n in range(steps, -1, -1)]
        self.pen.polygon([self._at(point) for point in there + back], fill=ink)

    def rays(self, x: float, y: float, inner: float, outer: float, count: int, ink: Ink = BLACK) -> None:
        """Cuts that lead away from a point, as around a sun; none of them below it."""
        for n in range(count):
            angle = pi + pi * (n + self.dice.uniform(0.2, 0.8)) / count
            near, far = inner * self.dice.uniform(1, 1.06), outer * self.dice.uniform(0.75, 1.1)
            tip = (x + self._across(far) * cos(angle), y + far * sin(angle))
            self.gouge((x + self._across(near) * cos(angle), y + near * sin(angle)), tip, 0.008, ink)

    def water(self, top: float, bottom: float, rows: int, ink: Ink | None = None) -> None:
        """Bands that grow towards whoever looks, each a little wavy."""
        for n in range(rows):
            y = top + (bottom - top) * (n / rows) ** 1.25
            thick = (bottom - top) / rows * (0.35 + 0.4 * n / rows)
            swell, wave, turn = 0.005 + 0.007 * n / rows, self.dice.uniform(1.5, 3), self.dice.uniform(0, 2 * pi)
            self.shape(list(_band(y, thick, swell, wave, turn)), ink or self.second)

    def ground(self, level: float, reach: float, ink: Ink = BLACK) -> Callable[[float], float]:
        """A rolling land down to the lower edge; where its surface lies at each x."""
        wave, turn = self.dice.uniform(0.5, 1.1), self.dice.uniform(0, 2 * pi)

        def surface(x: float) -> float:
            return level + reach * sin(wave * 2 * pi * x + turn)

        ridge = [(n / 60, surface(n / 60)) for n in range(61)]
        self.shape([*ridge, (1, 1.02), (0, 1.02)], ink)
        return surface

    def furrows(self, surface: Callable[[float], float], rows: int, ink: Ink = PAPER) -> None:
        """Cuts that follow a land downwards."""
        for n in range(1, rows + 1):
            for _ in range(7):
                x = self.dice.uniform(-0.05, 0.95)
                far = x + self.dice.uniform(0.05, 0.16)
                lower = 0.035 * n * (1 + 0.3 * n)
                self.gouge((x, surface(x) + lower), (far, surface(far) + lower), 0.006 + 0.002 * n, ink)

    def hall(self, x: float, base: float, size: float) -> None:
        """A village hall with a gable, a chimney and lit windows."""
        wide = self._across(size * 1.25)
        self.box(x + wide * 0.68, base - size * 1.1, wide * 0.12, size * 0.4)
        self.shape([(x, base), (x, base - size * 0.6), (x + wide / 2, base - size * 1.1), (x + wide, base - size * 0.6),
                    (x + wide, base)])  # fmt: skip
        for n in range(4):
            self.arch(x + wide * (0.13 + 0.21 * n), base - size * 0.28, wide * 0.1, size * 0.24)
        self.arch(x + wide * 0.44, base, wide * 0.13, size * 0.2)

    def arch(self, x: float, base: float, wide: float, high: float, ink: Ink = PAPER) -> None:
        """A window or a door with a round head."""
        head = [(x + wide / 2 - wide / 2 * cos(a), base - high * 0.7 - high * 0.3 * sin(a)) for a in _half(10)]
        self.shape([(x, base), *head, (x + wide, base)], ink, 0.5)

    def birds(self, count: int) -> None:
        """Gulls, far away."""
        for _ in range(count):
            x, y, size = self.dice.uniform(0.08, 0.6), self.dice.uniform(0.08, 0.3), self.dice.uniform(0.015, 0.03)
            across = self._across(size)
            self.gouge((x - across, y - size * 0.3), (x, y), 0.007)
            self.gouge((x + across, y - size * 0.3), (x, y), 0.007)

    def _across(self, high: float) -> float:
        """A part of the height as the same length across."""
        return high * self.height / self.width

    def _along(self, begin: Point, end: Point, part: float, side_x: float, side_y: float) -> Point:
        wide = sin(pi * part) ** 0.7 if 0 < part < 1 else 0.0
        x, y = begin[0] + (end[0] - begin[0]) * part, begin[1] + (end[1] - begin[1]) * part
        return x + self._across(side_x) * wide, y + side_y * wide

    def _jog(self, point: Point, rough: float) -> Point:
        off = 0.0016 * rough
        return point[0] + self._across(self.dice.uniform(-off, off)), point[1] + self.dice.uniform(-off, off)

    def _at(self, point: Point) -> Point:
        return point[0] * self.width, point[1] * self.height


def _divided(points: Sequence[Point], step: float) -> Iterator[Point]:
    """An outline with further points on its long edges."""
    for n, (x, y) in enumerate(points):
        to_x, to_y = points[(n + 1) % len(points)]
        parts = max(1, round(hypot(to_x - x, to_y - y) / step))
        yield from ((x + (to_x - x) * part / parts, y + (to_y - y) * part / parts) for part in range(parts))


def _band(y: float, thick: float, swell: float, wave: float, turn: float) -> Iterator[Point]:
    for n in range(61):
        yield n / 60, y + swell * sin(wave * 2 * pi * n / 60 + turn)
    for n in range(60, -1, -1):
        yield n / 60, y + thick + swell * sin(wave * 2 * pi * n / 60 + turn + 0.4)


def _turn(count: int) -> Iterator[float]:
    return (2 * pi * n / count for n in range(count))


def _half(count: int) -> Iterator[float]:
    return (pi * n / count for n in range(count + 1))
