"""Figures over many: taken afresh for each entry touched, once in a transaction, never counted up."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, union, update
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.db import chunks, run_for_each, table_of
from partnernet.core.entry import NOBODY, Entry, Mark
from partnernet.core.ledger.kinds import KINDS

AGGREGATED = ("replies", "activity", "newest", "tags", "superseded_by", "listed")

TAGS_SHOWN = 40

_entry = Entry.__table__.c
_mark = Mark.__table__.c
_reply_table = Entry.__table__.alias("reply")
_copy_table = Entry.__table__.alias("copy")
_reply = _reply_table.c
_copy = _copy_table.c

_THREADS = (
    select(
        _entry.id, _entry.kind, _entry.log, _entry.when, _entry.arrived, _entry.deleted, _entry.redacted,
        _entry.replies, _entry.activity, _entry.newest, _entry.tags, _entry.superseded_by, _entry.listed,
        func.count(_reply.id).filter(~_reply.deleted, ~_reply.redacted).label("n"),
        func.max(_reply.when).filter(~_reply.deleted, ~_reply.redacted).label("latest"),
        func.max(_reply.arrived).label("came"),
    )
    .select_from(Entry.__table__)
    .outerjoin(_reply_table, and_(_reply.root == _entry.id, _reply.log == _entry.log))
    .where(among(_entry.id, "ids"))
    .group_by(_entry.id)
)  # fmt: skip
_TAGS = (
    select(_mark.entry, _mark.subject)
    .select_from(Mark.__table__)
    .join(Entry.__table__, and_(_entry.id == _mark.entry, _entry.log == _mark.log))
    .where(among(_mark.entry, "ids"), _mark.mark == "tag", _mark.value != "")
)
_COPIES = (
    select(_copy.copied_from, _copy.id)
    .select_from(_copy_table)
    .join(
        Entry.__table__,
        and_(_entry.id == _copy.copied_from, _entry.node == _copy.node, _entry.log != _copy.log),
    )
    .where(
        among(_copy.copied_from, "ids"),
        or_(~_copy.deleted, _entry.redacted),
        ~_copy.redacted,
        _copy.log != NOBODY,
    )
    .order_by(_copy.copied_from, _copy.ts, _copy.id)
)
_UNDER = union(
    *(select(column).where(among(column, "ids")) for column in (_reply.root, _mark.entry, _copy.copied_from))
)
_UPDATE = (
    update(table_of(Entry))
    .where(_entry.id == bindparam("entry"))
    .values({name: bindparam(f"new_{name}") for name in AGGREGATED})
)


def under(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of some entities under which something stands already: a reply, a mark, or a copy in another log."""
    return set(session.scalars(_UNDER, {"ids": ids})) if ids else set()


def refresh(session: Session, ids: Collection[str], *, only_replied: bool = False) -> set[str]:
    """Take the figures of some entries again; `only_replied` where no mark and no copy of them has changed.

    Which of them have come to be superseded by another entry, or are so no longer.
    """
    moved: set[str] = set()
    for some in chunks(sorted(ids)):
        threads = session.execute(_THREADS, {"ids": some}).all()
        if only_replied:
            tags = {thread.id: thread.tags for thread in threads}
            copies = {thread.id: thread.superseded_by for thread in threads}
        else:
            tags = _tags(session, some)
            copies = {row.copied_from: row.id for row in session.execute(_COPIES, {"ids": some})}
        changed = [row for thread in threads if (row := _changed(thread, tags, copies)) is not None]
        if changed:
            run_for_each(session, _UPDATE, changed)
        moved.update(thread.id for thread in threads if thread.superseded_by != copies.get(thread.id))
    return moved


def _tags(session: Session, ids: Sequence[str]) -> dict[str, set[str]]:
    """The tags of some entries, each once whoever gave it: made so here, since SQLite would read all tags for that."""
    tags: dict[str, set[str]] = {}
    for entry, tag in session.execute(_TAGS, {"ids": ids}):
        tags.setdefault(entry, set()).add(tag)
    return tags


def _changed(thread: Any, tags: Mapping[str, Collection[str]], copies: dict[str, str]) -> dict[str, Any] | None:
    kind = KINDS.get(thread.kind)
    copy = copies.get(thread.id)
    hidden = thread.deleted or thread.redacted or copy or thread.log == NOBODY
    figures = {
        "replies": thread.n,
        "activity": max(thread.when, thread.latest if thread.latest is not None else thread.when),
        "newest": max(thread.arrived, thread.came or 0),
        "tags": sorted(tags.get(thread.id, []))[:TAGS_SHOWN],
        "superseded_by": copy,
        "listed": bool(kind and kind.is_listed) and not hidden,
    }
    if all(getattr(thread, name) == value for name, value in figures.items()):
        return None
    return {"entry": thread.id, **{f"new_{name}": value for name, value in figures.items()}}
