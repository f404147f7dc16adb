"""Lists of entries: newest activity first, paged by key, with what is unread to whoever asks."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry, Mark
from partnernet.core.errors import Invalid
from partnernet.core.policy import Actor, visible_to
from partnernet.entries.model import Reading
from partnernet.people.names import Name, byline, names

PAGE = 30

_entry = Entry.__table__.c
_reading = Reading.__table__.c
_COLUMNS = (
    _entry.id, _entry.kind, _entry.log, _entry.node, _entry.by, _entry.partner, _entry.root, _entry.when,
    _entry.title, _entry.credit, _entry.replies, _entry.activity, _entry.newest, _entry.arrived, _entry.tags,
    _entry.conflict,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list should hold: of one kind, by one partner, with one tag, unread only; all where None."""

    kind: str | None = None
    partner: str | None = None
    tag: str | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in a list."""

    entry: Any
    name: Name
    is_new: bool
    """Nobody here has shown it to the reader yet."""
    new_replies: bool
    """It has been read, and something was written under it since."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the keys that lead on from it."""

    lines: list[Line]
    older: str | None
    newer: str | None


def page(
    session: Session, actor: Actor | None, wanted: Wanted, *,
    visited: int = 0, before: str | None = None, after: str | None = None, size: int = PAGE,
) -> Page:  # fmt: skip
    """One page of the entries that somebody may see. `visited` is the position they count as seen."""
    statement = _statement(actor, wanted, visited)
    backwards = after is not None and before is None
    if before is not None or after is not None:
        key = tuple_(*(literal(part) for part in read_key(before or after or "")))
        here = tuple_(_entry.activity, _entry.id)
        statement = statement.where(here > key if backwards else here < key)
    order = (_entry.activity, _entry.id) if backwards else (_entry.activity.desc(), _entry.id.desc())
    rows = session.execute(statement.order_by(*order).limit(size + 1)).all()
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows = rows[::-1]
    known = names(session, actor, {(row.node, row.by) for row in rows})
    lines = [
        Line(row, byline(row, known), actor is not None and row.arrived > row.read, actor is not None and row.newest > row.read)
        for row in rows
    ]
    has_older = bool(rows) and (more if not backwards else True)
    has_newer = bool(rows) and (more if backwards else before is not None)
    return Page(lines, write_key(rows[-1]) if has_older else None, write_key(rows[0]) if has_newer else None)


def write_key(row: Any) -> str:
    """The key of a row, as it stands in an address."""
    return f"{row.activity}.{row.id}"


def read_key(key: str) -> tuple[int, str]:
    """The parts of a key; raises Invalid where somebody made it up."""
    activity, _, entry = key.partition(".")
    try:
        return int(activity), entry[:52]
    except ValueError as error:
        raise Invalid("This page of the list cannot be found; please begin at its start.") from error


def _statement(actor: Actor | None, wanted: Wanted, visited: int) -> Select[Any]:
    read = literal(visited) if actor is None else func.coalesce(_reading.position, visited)
    statement = select(*_COLUMNS, read.label("read")).select_from(Entry.__table__)
    if actor is not None:
        mine = and_(_reading.root == _entry.id, _reading.account == actor.account)
        statement = statement.outerjoin(Reading.__table__, mine)
    statement = statement.where(_entry.listed, visible_to(actor, _entry))
    if wanted.kind is not None:
        statement = statement.where(_entry.kind == wanted.kind)
    if wanted.partner is not None:
        statement = statement.where(_entry.partner == wanted.partner)
    if wanted.tag is not None:
        statement = statement.where(
            exists().where(
                Mark.entry == _entry.id, Mark.log == _entry.log, Mark.mark == "tag", Mark.subject == wanted.tag,
                Mark.value != "",
            )
        )  # fmt: skip
    if wanted.unread and actor is not None:
        statement = statement.where(or_(_entry.newest > read))
    return statement
