"""Housekeeping: what this node promised to keep for a while only, deleted once its time is over."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from partnernet.core.db import write
from partnernet.core.time import now_ms
from partnernet.people import delays, links, sessions
from partnernet.people.model import Link, SessionRow


def sweep(session: Session) -> None:
    """Delete ended sessions, old links and old failures to sign in; to be called now and then, and committed."""
    for room in (sessions, links, delays):
        room.sweep(session)


def sign_everybody_out(session: Session) -> None:
    """End every session, the links by which a password could be chosen, and all invitations; to be committed.

    For a node that was put back from a backup: who had signed out since would be signed in again, and those
    who have left since would stand there by name.
    """
    write(session)
    session.execute(delete(SessionRow))
    session.execute(delete(Link).where(Link.account.is_(None)))
    session.execute(update(Link).where(Link.account.is_not(None), Link.used.is_(None)).values(used=now_ms()))
