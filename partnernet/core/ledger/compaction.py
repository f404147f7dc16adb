"""Compaction: what was erased leaves the unused parts of the database file, too."""

from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import position
from partnernet.core.db import table_of, upsert, write
from partnernet.core.engine import compact
from partnernet.core.ledger.tables import Cursor, OpRow

CURSOR = "compact"
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


def ask_again(session: Session) -> None:
    """Have the database written anew the next time, since erased words came in and went again; to be committed."""
    upsert(session, table_of(Cursor), [{"consumer": CURSOR, "position": 0}])


def _erased_since(after: int) -> Select[int]:
    """What erases, and what arrived when it was erased already."""
    return select(OpRow.n).where(OpRow.n > after, or_(OpRow.kind.in_(ERASING), OpRow.body.is_(None))).limit(1)
