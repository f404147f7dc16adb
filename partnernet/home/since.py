"""What changed since somebody's last visit: entries that are new to them, and new replies, with their latest."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, case, cast, func, select

from partnernet.core.entry import Entry
from partnernet.entries.listing import Line
from partnernet.entries.model import Reading
from partnernet.people.names import Names, Pair, byline

_entry, _reading = Entry.__table__.c, Reading.__table__.c
_reply = Entry.__table__.alias("new_reply")
_visited = bindparam("visited", type_=BigInteger)
_opened = func.coalesce(_reading.position, 0)
_new = select(_reply).where(
    _reply.c.root == _entry.id, _reply.c.log == _entry.log, ~_reply.c.deleted, ~_reply.c.redacted,
    _reply.c.arrived > case((_opened > _visited, _opened), else_=_visited),
)  # fmt: skip
_told = _reply.c.node + "/" + _reply.c.by + "/" + cast(_reply.c.when, String) + "/" + _reply.c.credit
_latest = _new.with_only_columns(_told).order_by(_reply.c.when.desc(), _reply.c.id.desc()).limit(1)

NEWS = (
    _new.with_only_columns(func.count()).scalar_subquery().label("new_replies"),
    _latest.scalar_subquery().label("latest"),
)
"""Columns for a list of what is unread: how many replies are new, and by whom and when the latest is."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line: the entry, and where it is known already, what came under it."""

    line: Line
    replies: int
    """New replies to something that was seen before; 0 where all of it is new."""
    who: str
    when: int


def pairs(lines: Sequence[Line]) -> set[Pair]:
    """Whose names the changes will say."""
    told = [_reply_of(line) for line in lines if line.row.latest and not line.is_new]
    return {(reply.node, reply.by) for reply in told}


def changes(lines: Sequence[Line], known: Names) -> list[Change]:
    """The lines with what changed in each, once the names are known."""
    return [_change(line, known) for line in lines]


def _change(line: Line, known: Names) -> Change:
    if line.is_new or not line.row.latest:
        return Change(line, 0, "", line.activity)
    reply = _reply_of(line)
    return Change(line, line.row.new_replies, byline(reply, known).text, reply.when)


def _reply_of(line: Line) -> Any:
    node, by, when, credit = line.row.latest.split("/", 3)
    return SimpleNamespace(node=node, by=by, when=int(when), credit=credit)
