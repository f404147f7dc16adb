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

    Where somebody holds the old pages too long, it is left for the next time. What has been looked at is not
    looked at again.
    """
    done = position(session, CURSOR)
    newest = session.execute(select(func.max(OpRow.n))).scalar_one() or 0
    was_erased = newest > done and session.execute(_erased_since(done)).first() is not None
    session.rollback()
    if newest <= done:
        return
    engine = session.get_bind()
    if was_erased and not (isinstance(engine, Engine) and compact(engine)):
        return
    write(session)
    upsert(session, table_of(Cursor), [{"consumer": CURSOR, "position": newest}])


def empty_log_after_erasure(session: Session) -> None:
    """Empty SQLite's log soon after an erasure: it holds for a while whatever was written; commits.

    Where somebody still reads it, it is left for the next round.
    """
    newest = session.scalar(select(func.max(OpRow.n)).where(erasures.ERASING)) or 0
    is_done = newest <= position(session, LOG_CURSOR)
    session.rollback()
    engine = session.get_bind()
    if is_done or not (isinstance(engine, Engine) and truncate_log(engine)):
        return
    write(session)
    upsert(session, table_of(Cursor), [{"consumer": LOG_CURSOR, "position": newest}])
    commit(session)


def ask_again(session: Session) -> None:
    """Have the database written anew the next time, since erased words came in and went again; to be committed."""
    upsert(session, table_of(Cursor), [{"consumer": name, "position": 0} for name in (CURSOR, LOG_CURSOR)])


def _erased_since(after: int) -> Select[int]:
    """What erases, and what arrived when it was erased already."""
    return select(OpRow.n).where(OpRow.n > after, or_(OpRow.kind.in_(ERASING), OpRow.body.is_(None))).limit(1)
