"""What an entry came from and what it led to: marks that members make, walked both ways in one statement.

A mark `came_from` stands under the later entry and names the earlier one. Where the earlier has moved to
another log since, the way leads to the page that stands in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from partnernet.core.entry import Entry, Mark
from partnernet.core.errors import Conflict, Invalid
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import Actor, visible_in
from partnernet.core.words import _
from partnernet.entries.model import CAME_FROM

DEPTH = 12
"""How many steps away an entry is still shown; so a circle, which a merge can make, ends."""
SHOWN = 60
"""How many entries of both sides are read; the nearest first."""
BESIDE = 6
"""How many of each side stand on the page."""
LINKS_LIMIT = 12
"""How many entries one entry may have come from."""
WALKED = 500
"""How many entries are looked at before a link is refused as a circle, or not."""

_FIELD, _ROW = "\x1f", "\x1e"
"""What stands between the parts of a row, and between rows: no title holds control characters."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry on the way, `depth` steps before this one (negative) or after it."""

    depth: int
    id: str
    kind: str
    title: str
    root: None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """What an entry came from, the furthest first, and what it led to, the nearest first."""

    before: Sequence[Linked] = ()
    after: Sequence[Linked] = ()
    hidden_before: int = 0
    hidden_after: int = 0

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


def link(session: Session, entry: Entry, origin: Entry, *, by: Actor) -> bool:
    """Say that an entry came from another one; whether it was not said already."""
    if not KINDS[origin.kind].is_listed or not KINDS[entry.kind].is_listed:
        raise Invalid(_("Only news, ideas, discussions and notes can be linked."))
    if entry.id == origin.id:
        raise Conflict(_("An entry cannot come from itself: choose another one."))
    known = set(session.scalars(_origins(entry.id)))
    if origin.id in known:
        return False
    if len(known) >= LINKS_LIMIT:
        raise Conflict(_("This comes from %(limit)s entries already: take one away first.", limit=LINKS_LIMIT))
    if entry.id in _before(session, origin.id):
        raise Conflict(_("The other one came from this one already, so it cannot be the other way round."))
    verbs.mark(session, by, entry, CAME_FROM.name, True, origin.id)
    return True


def unlink(session: Session, entry: Entry, origin: Entry, *, by: Actor) -> None:
    """Take back that an entry came from another one."""
    own = select(Mark.thing).where(
        Mark.entry == entry.id, Mark.mark == CAME_FROM.name, Mark.subject == origin.id, Mark.value != "",
        Mark.by == by.handle, Mark.node == by.node.id,
    )  # fmt: skip
    if session.scalar(own) is None:
        raise Conflict(_("Somebody else linked these: only they can take it back."))
    verbs.mark(session, by, entry, CAME_FROM.name, False, origin.id)


def of(session: Session, entry: Entry, logs: Sequence[str]) -> list[Any]:
    """The links of one step, both ways, with who made each: rows of entry, way, node, by and when."""
    other = aliased(Entry)
    columns = (other, Mark.node.label("said_node"), Mark.by.label("said_by"), Mark.ts.label("said_at"))
    shown = (Mark.mark == CAME_FROM.name, Mark.value != "", other.listed, *(
        visible_in(logs, table) for table in (Mark, other)
    ))  # fmt: skip
    origins = select(*columns, literal("before").label("way")).join(other, other.id == Mark.subject)
    results = select(*columns, literal("after").label("way")).join(other, other.id == Mark.entry)
    found = [
        *session.execute(origins.where(Mark.entry == entry.id, *shown).order_by(Mark.ts).limit(SHOWN)),
        *session.execute(results.where(Mark.subject == entry.id, *shown).order_by(Mark.ts).limit(SHOWN)),
    ]
    return found


def walked(logs: Sequence[str]) -> Any:
    """A column for the page of an entry, found by `short` and `end`: all that `read` makes a chain of."""
    back, on = _walk("back", logs), _walk("forth", logs)
    # What is shown is carried along, not joined: a planner that knows nothing of the ways would read every entry.
    ways = union_all(
        *(select(*_carried(way), (sign * way.c.depth).label("depth")) for way, sign in ((back, -1), (on, 1)))
    ).subquery("ways")
    line: ColumnElement[str] = cast(ways.c.depth, String)
    for part in (ways.c.id, ways.c.kind, ways.c.title):
        line = line.concat(_FIELD).concat(part)
    nearest = (
        select(line.label("line"))
        .where(ways.c.depth != 0)
        .order_by(func.abs(ways.c.depth), ways.c.when, ways.c.id)
        .limit(SHOWN)
        .subquery("nearest")
    )
    return select(func.aggregate_strings(nearest.c.line, _ROW)).scalar_subquery().label("chain")


def read(value: str | None, own: str) -> Chain:
    """The chain that a page found; an entry that is met on several ways stands at the nearest."""
    if not value:
        return Chain()
    met: dict[str, Linked] = {}
    rows = [row.split(_FIELD) for row in value.split(_ROW)]
    for depth, entry, kind, title in sorted(rows, key=lambda row: (abs(int(row[0])), int(row[0]))):
        if entry != own and KINDS[kind].is_listed:
            met.setdefault(entry, Linked(int(depth), entry, kind, title))
    before = [entry for entry in met.values() if entry.depth < 0]
    after = [entry for entry in met.values() if entry.depth > 0]
    return Chain(
        before[:BESIDE][::-1], after[:BESIDE], max(0, len(before) - BESIDE), max(0, len(after) - BESIDE)
    )  # fmt: skip


def _walk(name: str, logs: Sequence[str]) -> CTE:
    """The entries that can be reached from the one of a page, with the number of steps."""
    start, mark = Entry.__table__.alias(), Mark.__table__.alias()
    named, met = Entry.__table__.alias(), Entry.__table__.alias()
    walk = (
        select(*_carried(start), literal(0, Integer).label("depth"))
        .where(start.c.id >= bindparam("short"), start.c.id < bindparam("end"))
        .cte(name, recursive=True)
    )
    step = select(*_carried(met), (walk.c.depth + 1).label("depth"))
    if name == "back":
        stands = case((named.c.superseded_by.is_not(None), named.c.superseded_by), else_=named.c.id)
        ways = walk.join(mark, mark.c.entry == walk.c.id).join(named, named.c.id == mark.c.subject)
        step = step.select_from(ways.join(met, met.c.id == stands))
    else:
        ways = walk.join(mark, mark.c.subject.in_([walk.c.id, walk.c.copied_from]))
        step = step.select_from(ways.join(met, met.c.id == mark.c.entry))
    step = step.where(and_(
        mark.c.mark == CAME_FROM.name, mark.c.value != "", met.c.listed, walk.c.depth < DEPTH,
        visible_in(logs, mark.c), visible_in(logs, met.c),
    ))  # fmt: skip
    return walk.union(step)


def _carried(table: FromClause) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in ("id", "copied_from", "kind", "title", "when")]


def _origins(entry: str) -> Any:
    return select(Mark.subject).where(Mark.entry == entry, Mark.mark == CAME_FROM.name, Mark.value != "").distinct()


def _before(session: Session, entry: str) -> set[str]:
    """The ids of what an entry came from, however far back and whoever may see it; the entry itself among them."""
    reached, edge = {entry}, [entry]
    while edge and len(reached) < WALKED:
        found = session.scalars(
            select(Mark.subject).where(Mark.entry.in_(edge), Mark.mark == CAME_FROM.name, Mark.value != "")
        )
        edge = list(set(found) - reached)[:WALKED]
        reached.update(edge)
    return reached
