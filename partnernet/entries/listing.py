"""Lists of entries: newest activity first, paged by key, with what is unread to whoever asks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, case, func, select, tuple_
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry, Mark
from partnernet.core.errors import Invalid
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.tables import OpId
from partnernet.core.policy import Actor, readable_logs, visible_in
from partnernet.core.words import _
from partnernet.entries.model import Reading
from partnernet.entries.versions import Written, competing, told, writers
from partnernet.people.names import Name, byline, names

PAGE = 30

_ACTIVITY = re.compile(r"-?[0-9]{1,16}").fullmatch  # milliseconds, and no more than a database counts to
_entry = Entry.__table__.c
_reading = Reading.__table__.c
_mark = Mark.__table__.c
_COLUMNS = (
    _entry.id, _entry.kind, _entry.log, _entry.node, _entry.by, _entry.partner, _entry.root, _entry.when,
    _entry.title, _entry.credit, _entry.replies, _entry.activity, _entry.newest, _entry.arrived, _entry.tags,
    _entry.conflict, _entry.setters, _entry.lang,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list should hold: of one kind, by one partner, with one tag, unread only; all where None.

    A list of one kind has the columns of that kind, and those asked for in `columns`.
    """

    kind: str | None = None
    partner: str | None = None
    tag: str | None = None
    unread: bool = False
    columns: tuple[ColumnElement[Any], ...] = ()


@dataclass(slots=True)
class Line:
    """One entry in a list."""

    id: str
    kind: str
    log: str
    root: str | None
    title: str
    activity: int
    replies: int
    tags: list[str]
    conflict: bool
    versions: Sequence[Written]
    """Who wrote the versions that stand side by side, where there is a conflict."""
    lang: str
    """The language that its author says it is in; its title alone is too short to guess from."""
    name: Name
    is_new: bool
    """Nobody here has shown it to the reader yet."""
    new_replies: bool
    """It has been read, and something was written under it since."""
    row: Any
    """The row it was made from, for the columns of its kind."""


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
    backwards = after is not None and before is None
    key = before if before is not None else after
    given = {
        "visited": visited,
        "account": actor.account if actor else 0,
        "kind": wanted.kind,
        "partner": wanted.partner,
        "tag": wanted.tag,
        "limit": size + 1,
    }
    if key is not None:
        given["activity"], given["id"] = read_key(key)
    rows = session.execute(_statement(_shape(actor, wanted, key, backwards)), given).all()
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows = rows[::-1]
    conflicts = competing(rows)
    written = writers(session, conflicts)
    known = names(session, actor, {(row.node, row.by) for row in rows} | {pair for pair, _ in written.values()})
    has_older = bool(rows) and (more if not backwards else True)
    has_newer = bool(rows) and (more if backwards else before is not None)
    return Page(
        [
            _line(row, byline(row, known), actor is not None, told(conflicts.get(row.id, ()), written, known))
            for row in rows
        ],
        write_key(rows[-1]) if has_older else None,
        write_key(rows[0]) if has_newer else None,
    )


def write_key(row: Any) -> str:
    """The key of a row, as it stands in an address."""
    return f"{row.activity}.{row.id}"


def read_key(key: str) -> tuple[int, str]:
    """The parts of a key; raises Invalid where somebody made it up."""
    activity, _dot, entry = key.partition(".")
    if not _ACTIVITY(activity):
        raise Invalid(_("This page of the list cannot be found; please begin at its start."))
    return int(activity), entry[:52]


def _line(row: Any, name: Name, signed_in: bool, versions: Sequence[Written]) -> Line:
    return Line(
        row.id, row.kind, row.log, row.root, row.title, row.activity, row.replies, row.tags, row.conflict,
        versions, row.lang, name, signed_in and row.arrived > row.read, signed_in and row.newest > row.read, row,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a statement looks like, so that each is made once."""

    logs: tuple[str, ...]
    signed_in: bool
    kind: str | None
    columns: tuple[ColumnElement[Any], ...]
    by_partner: bool
    by_tag: bool
    unread: bool
    keyed: bool
    backwards: bool


def _shape(actor: Actor | None, wanted: Wanted, key: str | None, backwards: bool) -> _Shape:
    return _Shape(
        tuple(readable_logs(actor)), actor is not None, wanted.kind, wanted.columns,
        wanted.partner is not None, wanted.tag is not None, wanted.unread and actor is not None,
        key is not None, backwards,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _statement(shape: _Shape) -> Select[Any]:
    visited: ColumnElement[int] = bindparam("visited", type_=BigInteger)
    opened = func.coalesce(_reading.position, 0)
    read = case((opened > visited, opened), else_=visited) if shape.signed_in else visited
    statement = select(*_COLUMNS, read.label("read"), *shape.columns).select_from(Entry.__table__)
    own = KINDS[shape.kind].table if shape.kind is not None else None
    if own is not None:
        short = [column for column in own.c if column.name not in ("id", *KINDS[shape.kind or ""].prose)]
        statement = statement.add_columns(*short).outerjoin(own, own.c.id == _entry.id)
    if shape.signed_in:
        mine = and_(_reading.root == _entry.id, _reading.account == bindparam("account"))
        statement = statement.outerjoin(Reading.__table__, mine)
    statement = statement.where(_entry.listed, visible_in(shape.logs, _entry))
    if shape.kind is not None:
        statement = statement.where(_entry.kind == bindparam("kind"))
    if shape.by_partner:
        statement = statement.where(_entry.partner == bindparam("partner"))
    if shape.by_tag:
        tagged = select(_mark.entry).where(
            _mark.mark == "tag",
            _mark.subject == bindparam("tag"),
            _mark.value != "",
            _mark.log.in_(shape.logs),
        )
        statement = statement.where(_entry.id.in_(tagged))
    if shape.unread:
        statement = statement.where(_entry.newest > read)
    here = tuple_(_entry.activity, _entry.id)
    if shape.keyed:
        key = tuple_(bindparam("activity", type_=BigInteger), bindparam("id", type_=OpId))
        statement = statement.where(here > key if shape.backwards else here < key)
    if shape.backwards:
        statement = statement.order_by(_entry.activity, _entry.id)
    else:
        statement = statement.order_by(_entry.activity.desc(), _entry.id.desc())
    return statement.limit(bindparam("limit", type_=BigInteger))
