"""The five stages as a ring, drawn by the server: points, arcs and words, in the units of its own picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from partnernet.core.words import lazy
from partnernet.ideas.model import FIRST_STAGE, STAGES

CENTRE, RADIUS = (200, 160), 98
GAP = 9 * pi / 180
"""How far an arc ends before the point that it leads to."""
BESIDE = 22
"""How far its words stand from a point."""

ABOUT: Mapping[str, str] = {
    "discover": lazy("See what is needed, and who else would care."),
    "define": lazy("Agree what it is, and what it is not."),
    "develop": lazy("Try it small, count the cost, find the partners."),
    "deliver": lazy("Do it together."),
    "do_more": lazy("Look at what came of it, and take it further."),
}
PLACES: Mapping[str, str] = {
    "discover": lazy("first stage of five: Discover"), "define": lazy("second stage of five: Define"),
    "develop": lazy("third stage of five: Develop"), "deliver": lazy("fourth stage of five: Deliver"),
    "do_more": lazy("fifth stage of five: Do More"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: `state` is done, now or ahead; where its point and its words stand, and the arc to the next."""

    name: str
    label: str
    about: str
    state: str
    x: str
    y: str
    text_x: str
    text_y: str
    anchor: str
    arc: str
    is_walked: bool
    """Whether the arc to the next stage lies behind the idea."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """Where an idea is among its stages."""

    stages: Sequence[Stage]
    now: Stage
    following: Stage
    """The stage that comes next; after the last the first again."""
    place: str


def cycle(stage: str) -> Cycle:
    """The cycle of an idea that is at a stage."""
    order = list(STAGES)
    here = order.index(stage) if stage in STAGES else order.index(FIRST_STAGE)
    stages = [_stage(n, name, here) for n, name in enumerate(order)]
    return Cycle(stages, stages[here], stages[(here + 1) % len(stages)], PLACES[order[here]])


def _stage(n: int, name: str, here: int) -> Stage:
    at = 2 * pi * n / len(STAGES) - pi / 2
    after = at + 2 * pi / len(STAGES)
    x, y = _point(at)
    anchor = "middle" if n == 0 else "start" if cos(at) > 0 else "end"
    text_x, text_y = _point(at, RADIUS + BESIDE)
    low = sin(at) > 0.5
    return Stage(
        name, STAGES[name], ABOUT[name], "now" if n == here else "done" if n < here else "ahead",
        f"{x:.1f}", f"{y:.1f}", f"{text_x:.1f}", f"{text_y + (14 if low else 4 if n else -2):.1f}", anchor,
        _arc(at + GAP, after - GAP), n < here,
    )  # fmt: skip


def _arc(start: float, end: float) -> str:
    (x, y), (to_x, to_y) = _point(start), _point(end)
    return f"M{x:.1f} {y:.1f} A{RADIUS} {RADIUS} 0 0 1 {to_x:.1f} {to_y:.1f}"


def _point(angle: float, radius: int = RADIUS) -> tuple[float, float]:
    return CENTRE[0] + radius * cos(angle), CENTRE[1] + radius * sin(angle)
