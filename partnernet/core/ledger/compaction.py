"""Compaction: what was erased leaves the unused parts of the database file, too."""

from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import position
from partnernet.core.db import commit, table_of, upsert, write
from partnernet.core.engine import compact, truncate_log
from partnernet.core.ledger import erasures
from partnernet.core.ledger.tables import Cursor, OpRow

CURSOR, LOG_CURSOR = "compact", "empty log"
ERASING = ("redact", "erase_person")


def compact_after_erasure(session: Session) -> None:
    """Write the database anew where something was erased since the last time; to be committed.

    Where somebody holds the old pages, they go with the next round that can empty the log. What has been looked
    at is not looked at again.
    """
    done = position(session, CURSOR)
    newest = session.execute(select(func.max(OpRow.n))).scalar_one() or 0
    was_erased = done < 0 or (newest > done and session.execute(_erased_since(done)).first() is not None)
    session.rollback()
    if newest <= done:
        return
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        return
    is_whole = not was_erased or compact(engine)
    write(session)
    _settle(session, CURSOR, done, newest)
    if not is_whole:
        _ask(session, LOG_CURSOR)


def empty_log_after_erasure(session: Session) -> None:
    """Empty SQLite's log soon after an erasure: it holds for a while whatever was written; commits.

    Where somebody still reads it, it is left for the next round.
    """
    newest = session.scalar(select(func.max(OpRow.n)).where(erasures.ERASING)) or 0
    done = position(session, LOG_CURSOR)
    session.rollback()
    engine = session.get_bind()
    if newest <= done or not (isinstance(engine, Engine) and truncate_log(engine)):
        return
    write(session)
    _settle(session, LOG_CURSOR, done, newest)
    commit(session)


def ask_again(session: Session) -> None:
    """Have the database written anew the next time, since erased words came in and went again; to be committed."""
    for name in (CURSOR, LOG_CURSOR):
        _ask(session, name)


def _ask(session: Session, name: str) -> None:
    """Have something done whatever the record says: its cursor stands below zero, lower each time it is asked for."""
    upsert(session, table_of(Cursor), [{"consumer": name, "position": min(position(session, name), 0) - 1}])


def _settle(session: Session, name: str, before: int, now: int) -> None:
    """Note that something is done, unless it was asked for again meanwhile."""
    if position(session, name) == before:
        upsert(session, table_of(Cursor), [{"consumer": name, "position": now}])


def _erased_since(after: int) -> Select[int]:
    """What erases, and what arrived when it was erased already."""
    return select(OpRow.n).where(OpRow.n > after, or_(OpRow.kind.in_(ERASING), OpRow.body.is_(None))).limit(1)
