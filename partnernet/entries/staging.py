"""Files that came before what they belong to was sent: kept for whoever brought them, among their drafts.

Each is a row of the drafts, by the hash of its content; nobody else is ever shown it. It goes from here when
no draft names it any more, and with it the file, unless something that was sent has it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import CHUNK, upsert, write
from partnernet.core.errors import Invalid
from partnernet.core.policy import Actor
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.entries.model import Draft

COUNT_LIMIT = 40
"""Files that wait for one person."""
SIZE_LIMIT = 400 << 20
"""Bytes in all of them."""
HOUR = 3_600_000
WAIT = 6 * HOUR
"""Milliseconds that a file waits to be named by a draft."""

PREFIX = "file-"


def stage(session: Session, file: Mapping[str, Any], *, by: Actor) -> None:
    """Keep what is known of a stored file, for one person; raises Invalid where too many wait already."""
    write(session)
    waiting = [row for row in _waiting(session, by.account) if row.form != PREFIX + file["sha256"]]
    if not _has_room(waiting, file["size"]):
        gone = _unused(session, [row for row in waiting if row.saved < now_ms() - HOUR])
        _drop(session, gone)
        if not _has_room([row for row in waiting if row not in gone], file["size"]):
            raise Invalid(_("Many files of yours wait to be sent; send what they belong to, or throw a draft away."))
    values = json.dumps({name: file[name] for name in ("sha256", "name", "type", "size")}, ensure_ascii=False)
    row = {"account": by.account, "form": PREFIX + file["sha256"], "values": values, "saved": now_ms()}
    upsert(session, Draft.__table__, [row])


def own(session: Session, hashes: Collection[str], *, by: Actor) -> dict[str, dict[str, Any]]:
    """Those of some files that wait for a person, as an op names them, by their hash."""
    names = [PREFIX + sha256 for sha256 in hashes]
    if not names:
        return {}
    rows = session.scalars(select(Draft.values).where(Draft.account == by.account, Draft.form.in_(names[:CHUNK])))
    files = [dict(json.loads(values)) for values in rows]
    return {file["sha256"]: file for file in files}


def sweep(session: Session) -> None:
    """Let go of the files that no draft has named for hours."""
    gone = _unused(session, [row for row in _waiting(session) if row.saved < now_ms() - WAIT])
    if gone:
        write(session)
        _drop(session, gone)


def hashes(session: Session) -> list[str]:
    """The hashes of all files that wait."""
    return [row.form.removeprefix(PREFIX) for row in _waiting(session)]


def _waiting(session: Session, account: int | None = None) -> Sequence[Any]:
    rows = select(Draft.account, Draft.form, Draft.values.label("kept"), Draft.saved)
    rows = rows.where(Draft.form.startswith(PREFIX))
    return session.execute(rows if account is None else rows.where(Draft.account == account)).all()


def _has_room(waiting: Collection[Any], size: int) -> bool:
    taken = sum(int(json.loads(row.kept)["size"]) for row in waiting)
    return len(waiting) < COUNT_LIMIT and taken + size <= SIZE_LIMIT


def _unused(session: Session, waiting: Collection[Any]) -> list[Any]:
    """Those that no draft of their owner names."""
    named: dict[int, str] = {}
    for account in {row.account for row in waiting}:
        drafts = select(Draft.values).where(Draft.account == account, ~Draft.form.startswith(PREFIX))
        named[account] = "\n".join(session.scalars(drafts))
    return [row for row in waiting if row.form.removeprefix(PREFIX) not in named[row.account]]


def _drop(session: Session, rows: Collection[Any]) -> None:
    for row in rows:
        session.execute(delete(Draft).where(Draft.account == row.account, Draft.form == row.form))
