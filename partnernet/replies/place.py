"""Where a reply stands in its thread."""

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from partnernet.core.entry import SHORT_ID, Entry


def page_of(session: Session, reply: Entry, size: int) -> str | None:
    """The first reply of the page that a reply stands on; None for the first page."""
    thread = (Entry.root == reply.root, Entry.log == reply.log)
    key = tuple_(Entry.when, Entry.id)
    before = (
        session.scalar(select(func.count()).where(*thread, key < tuple_(literal(reply.when), literal(reply.id)))) or 0
    )
    skipped = before // size * size
    if not skipped:
        return None
    first = session.scalars(
        select(Entry.id).where(*thread).order_by(Entry.when, Entry.id).offset(skipped).limit(1)
    ).one()
    return first[:SHORT_ID]
