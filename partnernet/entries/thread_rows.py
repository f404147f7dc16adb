"""The replies of one page of a thread, and what there is to know of the whole of it, in one statement.

What a thread holds beyond the page is asked for only where there is such a thing: `is_long`. What is new
is asked for only where something came since the reader looked: `has_new`.
"""

from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, and_, bindparam, func, not_, select, tuple_

from partnernet.core import text
from partnernet.core.entry import Entry
from partnernet.core.ledger.tables import OpRow, Touched
from partnernet.entries.model import Rendering

_entry = Entry.__table__.c
_body = Rendering.__table__.alias("body_html")
_op, _touched = OpRow.__table__, Touched.__table__


@lru_cache
def replies(from_start: bool, is_long: bool, has_new: bool) -> Select[Any]:
    """A page of replies, from the first or from a given one on; see `_whole` and `_new` for what comes with each."""
    more = (*(_whole() if is_long else ()), *(_new(is_long) if has_new else ()))
    statement = (
        select(
            _entry.id, _entry.kind, _entry.log, _entry.node, _entry.by, _entry.partner, _entry.root, _entry.parent,
            _entry.when, _entry.ts, _entry.title, _entry.credit, _entry.deleted, _entry.redacted, _entry.conflict,
            _entry.lang, _entry.edited, _entry.arrived, _entry.heads, _entry.setters, _entry.body,
            _body.c.html.label("body_html"), *more,
        )
        .select_from(Entry.__table__)
        .outerjoin(_body, and_(_body.c.entry == _entry.id, _body.c.field == "body", _body.c.version == text.RENDERER))
        .where(*_of_thread(_entry))
        .order_by(_entry.when, _entry.id)
        .limit(bindparam("limit", type_=BigInteger))
    )  # fmt: skip
    if from_start:
        begin = Entry.__table__.alias("first")
        first = (
            select(begin.c.when, begin.c.id)
            .where(begin.c.id >= bindparam("start"), begin.c.id < bindparam("end"))
            .limit(1)
        )
        statement = statement.where(tuple_(_entry.when, _entry.id) >= first.scalar_subquery())
    return statement


def time_of(head: bytes | None) -> int | None:
    """When the op was made whose head this is, in milliseconds."""
    return None if head is None else int(orjson.loads(head)["ts"])


def _whole() -> list[ColumnElement[Any]]:
    """The newest reply of the whole thread."""
    last = Entry.__table__.alias("last")
    wanted = {"newest": last.c.id, "newest_node": last.c.node, "newest_by": last.c.by, "newest_credit": last.c.credit}
    wanted |= {"newest_when": last.c.when}
    return [
        select(column)
        .where(*_of_thread(last.c), not_(last.c.deleted), not_(last.c.redacted))
        .order_by(last.c.when.desc(), last.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label(label)
        for label, column in wanted.items()
    ]


def _new(is_long: bool) -> list[ColumnElement[Any]]:
    """When the reader had seen what came before, and in a long thread how many replies came since and the first."""
    columns: list[ColumnElement[Any]] = [_seen().label("seen_head")]
    if is_long:
        new = Entry.__table__.alias("new")
        own = and_(new.c.by == bindparam("by"), new.c.node == bindparam("node"))
        is_new = (*_of_thread(new.c), new.c.arrived > bindparam("read"), ~own, ~new.c.deleted, ~new.c.redacted)
        count = select(func.count()).select_from(new).where(*is_new)
        first = select(new.c.id).where(*is_new).order_by(new.c.when, new.c.id).limit(1)
        columns += [count.scalar_subquery().label("new"), first.scalar_subquery().label("first_new")]
    return columns


def _seen() -> ScalarSelect[Any]:
    """The head of the last op that this node knew when the reader looked: their reading has no time of its own."""
    return (
        select(_op.c.head)
        .join(_touched, _touched.c.op == _op.c.id)
        .where(_touched.c.position <= bindparam("read"))
        .order_by(_touched.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )


def _of_thread(entry: Any) -> tuple[ColumnElement[bool], ...]:
    return (entry.root == bindparam("root"), entry.log == bindparam("log"))
