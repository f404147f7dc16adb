"""The season: a line under the network's name that rises wherever people met, and will meet.

Whatever has a day on which it was held feeds it, by the column of that name, where a partner was its host: what
had none was no gathering of the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from math import exp
from typing import Any

from sqlalchemy import Select, String, bindparam, literal, select, true, union_all
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import Actor, readable_logs, visible_in
from partnernet.web.addresses import entry_url

BEHIND, AHEAD = 274, 91
"""How many days of it are shown: nine months back and three to come."""
SPAN = BEHIND + AHEAD
MOST = 24
"""More gatherings than that make no line that anybody can read; the newest are drawn."""

FLAT, PEAK = 44.0, 12.0
"""Where the line runs and how far it rises, in a drawing 50 high."""
BROADEST, NARROWEST = 10.0, 3.0
"""How broad a rise is, in days; the closer the gatherings are, the narrower, so that each stays one."""
BESIDE = 22
"""How many days the word beside today's dot takes."""

ROOM, NARROW_ROOM, EDGE = 9.0, 24.0, 6.0
"""How far apart, in percent, two labels must stand on a wide page and on a narrow one; and what counts as its edge."""

_entry = Entry.__table__.c


@dataclass(frozen=True, slots=True)
class Gathering:
    """Something that was held, or will be, on a day."""

    day: date
    title: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Rise:
    """A gathering on the line; `x` in percent of its length."""

    gathering: Gathering
    x: str
    anchor: str
    """Where its label stands by the rise: middle, or start and end at the edges of the page."""
    is_labelled: bool
    is_labelled_narrow: bool


@dataclass(frozen=True, slots=True)
class Season:
    """The line, in a drawing of 365 by 50, and what stands along it."""

    past: str
    ahead: str
    rises: Sequence[Rise]
    today: date
    today_x: str
    today_y: str
    """In percent of the height of the line."""
    today_before: bool
    """Whether its word stands before the dot, since the line runs lower there than after it."""
    coming: Gathering | None
    """The next one."""


def season(session: Session, actor: Actor | None, today: date) -> Season | None:
    """The season as somebody may see it; None where there is nothing to draw. One statement."""
    return draw(gatherings(session, actor, today), today)


def gatherings(session: Session, actor: Actor | None, today: date) -> list[Gathering]:
    """What was held lately and will be held soon, oldest first."""
    days = {"since": (today - timedelta(BEHIND)).isoformat(), "until": (today + timedelta(AHEAD)).isoformat()}
    rows = session.execute(_statement(tuple(readable_logs(actor))), days).all()
    return [Gathering(date.fromisoformat(row.held), row.title, row.place, entry_url(row)) for row in reversed(rows)]


def draw(found: Sequence[Gathering], today: date) -> Season | None:
    """The line for some gatherings, oldest first; None for none."""
    if not found:
        return None
    start = today - timedelta(BEHIND)
    at = [(each.day - start).days for each in found]
    breadth = _breadth(at)
    before, after = (min(_height(at, BEHIND + way * day, breadth) for day in range(BESIDE)) for way in (-1, 1))
    return Season(
        _path(at, 0, BEHIND, breadth), _path(at, BEHIND, SPAN, breadth), _rises(found, at), today,
        _percent(BEHIND), f"{_height(at, BEHIND, breadth) * 2:.1f}%", before > after,
        next((each for each in found if each.day > today), None),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _statement(logs: tuple[str, ...]) -> Select[Any]:
    """What is held in the tables of all kinds that have a day, as people with these logs may see it."""
    tables = [kind.table for kind in KINDS.values() if kind.table is not None and "held" in kind.table.c]
    dated = union_all(
        *(
            select(
                table.c.id, table.c.held,
                table.c.place if "place" in table.c else literal("", String).label("place"),
            ).where(
                table.c.held.between(bindparam("since", type_=String), bindparam("until", type_=String)),
                table.c.host != "" if "host" in table.c else true(),
            )
            for table in tables
        )
    ).subquery()  # fmt: skip
    return (
        select(_entry.id, _entry.kind, _entry.title, _entry.root, dated.c.held, dated.c.place)
        .join(dated, dated.c.id == _entry.id)
        .where(_entry.listed, visible_in(logs, _entry))
        .order_by(dated.c.held.desc(), _entry.id.desc())
        .limit(MOST)
    )


def _breadth(at: Sequence[int]) -> float:
    """How broad a rise may be: a third of what commonly lies between two of them."""
    gaps = sorted(later - earlier for earlier, later in pairwise(sorted(set(at))))
    return min(max(gaps[len(gaps) // 2] / 3, NARROWEST), BROADEST) if gaps else BROADEST


def _height(at: Sequence[int], day: int, breadth: float) -> float:
    rise = max(exp(-((day - each) ** 2) / (2 * breadth**2)) for each in at)
    return FLAT - (FLAT - PEAK) * rise


def _path(at: Sequence[int], start: int, end: int, breadth: float) -> str:
    """The line between two days; where it runs flat it needs no points."""
    step = max(1, round(breadth / 3.5))
    points = [(day, _height(at, day, breadth)) for day in (*range(start, end, step), end)]
    kept = [
        point for n, point in enumerate(points)
        if n in (0, len(points) - 1) or any(abs(points[n + near][1] - FLAT) > 0.2 for near in (-1, 0, 1))
    ]  # fmt: skip
    return "M" + " L".join(f"{day},{height:.1f}" for day, height in kept)


def _rises(found: Sequence[Gathering], at: Sequence[int]) -> list[Rise]:
    """Each gathering with its place; of labels that would meet, the one nearest to today stays."""
    wide, narrow = _fitting(at, ROOM), _fitting(at, NARROW_ROOM)
    return [
        Rise(each, _percent(day), _anchor(day), n in wide, n in narrow)
        for n, (each, day) in enumerate(zip(found, at, strict=True))
    ]


def _fitting(at: Sequence[int], room: float) -> set[int]:
    kept: dict[int, tuple[float, float]] = {}
    for n in sorted(range(len(at)), key=lambda n: abs(at[n] - BEHIND)):
        begins, ends = _span(at[n], room)
        if all(ends <= other_begins or begins >= other_ends for other_begins, other_ends in kept.values()):
            kept[n] = (begins, ends)
    return set(kept)


def _span(day: int, room: float) -> tuple[float, float]:
    """From where to where a label that takes so much room reaches, in percent."""
    begins = day * 100 / SPAN - {"start": 0, "middle": 0.5, "end": 1}[_anchor(day)] * room
    return begins, begins + room


def _anchor(day: int) -> str:
    percent = day * 100 / SPAN
    return "start" if percent < EDGE else "end" if percent > 100 - EDGE else "middle"


def _percent(day: int) -> str:
    return f"{day * 100 / SPAN:.1f}%"
