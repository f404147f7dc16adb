"""Finding an entry by its address, for whoever may see it."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, literal, select
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.errors import NotFound
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.core.ledger.tables import OpRow
from partnernet.core.policy import Actor, readable_logs, visible_in, visible_to
from partnernet.entries import links, neighbours
from partnernet.entries.model import Draft, Reading, Rendering

_entry = Entry.__table__.c
_rendering = Rendering.__table__
_op = OpRow.__table__.c
_origin = Entry.__table__.alias("origin")


LAST_OP = select(_op.head).where(_op.id == _entry.heads[0].as_string()).scalar_subquery().label("last_op")
"""The signed head of the op that changed an entry last, for `find`."""


def last_op(row: Any) -> dict[str, Any]:
    """The header of the op that changed an entry last, out of a row with `LAST_OP`: who did, and when."""
    header: dict[str, Any] = json.loads(row.last_op) if row.last_op else {}
    return header


def find(session: Session, actor: Actor | None, kind: Kind, short: str, columns: Sequence[Any] = ()) -> Any:
    """The row of an entry as its page needs it, if somebody may see it.

    It has the columns of its kind, those asked for in `columns`, its stored HTML, what the reader has read of
    it and keeps as a draft under it, the narrower entry that it was opened up from, its neighbours by date, what
    it came from and led to, and for each field that the network keeps together the op that set it.
    """
    short = begin(short)
    given: dict[str, Any] = {"short": short, "end": short + "~"}
    if actor is not None:
        given["account"] = actor.account
    statement = _found(kind.name, tuple(readable_logs(actor)), actor is not None, tuple(columns))
    row = session.execute(statement, given).first()
    if row is None:
        raise NotFound()
    return row


def load(session: Session, actor: Actor | None, short: str) -> Entry:
    """An entity of any kind as an object, if somebody may see it."""
    short = begin(short)
    entry = session.scalars(
        select(Entry).where(Entry.id >= short, Entry.id < short + "~", visible_to(actor)).order_by(Entry.id)
    ).first()
    if entry is None:
        raise NotFound()
    return entry


def begin(ref: str) -> str:
    """The beginning of an id, as it stands in an address; raises NotFound for what cannot be one."""
    short = ref.partition("-")[0]
    if len(short) != SHORT_ID or not short.isalnum():
        raise NotFound()
    return short


@lru_cache(maxsize=64)
def _found(kind_name: str, logs: tuple[str, ...], to_member: bool, more: tuple[Any, ...]) -> Select[Any]:
    kind = KINDS[kind_name]
    columns: list[Any] = [*_entry, *more, *neighbours.neighbours(logs), links.walked(logs)]
    source: Any = Entry.__table__.outerjoin(
        _origin, and_(_origin.c.id == _entry.copied_from, ~_origin.c.redacted, visible_in(logs, _origin.c))
    )
    columns += [_origin.c.id.label("origin"), _origin.c.replies.label("origin_replies")]
    if kind.table is not None:
        source = source.outerjoin(kind.table, kind.table.c.id == _entry.id)
        columns += [column for column in kind.table.c if column.name not in _entry]
    for name in kind.prose:
        stored = _rendering.alias(f"{name}_html")
        source = source.outerjoin(
            stored, and_(stored.c.entry == _entry.id, stored.c.field == name, stored.c.version == text.RENDERER)
        )
        columns.append(stored.c.html.label(f"{name}_html"))
    if kind.has_thread:
        columns += [_setter(name) for name, field in kind.fields.items() if field.shared]
    if to_member:
        account: BindParameter[int] = bindparam("account")
        reading, draft = Reading.__table__, Draft.__table__
        source = source.outerjoin(reading, and_(reading.c.root == _entry.id, reading.c.account == account))
        source = source.outerjoin(
            draft, and_(draft.c.account == account, draft.c.form == literal("reply-").concat(_entry.id))
        )
        columns += [reading.c.position.label("read"), draft.c["values"].label("draft")]
    else:
        columns += [literal(None).label("read"), literal(None).label("draft")]
    return (
        select(*columns)
        .select_from(source)
        .where(
            _entry.id >= bindparam("short"),
            _entry.id < bindparam("end"),
            _entry.kind == kind.name,
            visible_in(logs, _entry),
        )
        .order_by(_entry.id)
        .limit(1)
    )


def _setter(name: str) -> Any:
    """The head of the op that last set a field: it says who did, and when."""
    setter = _entry.setters[(name, 0)].as_string()
    return select(_op.head).where(_op.id == setter).scalar_subquery().label(f"{name}_head")
