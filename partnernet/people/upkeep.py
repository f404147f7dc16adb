"""Housekeeping: what this node promised to keep for a while only, deleted once its time is over."""

from sqlalchemy.orm import Session

from partnernet.people import delays, links, sessions


def sweep(session: Session) -> None:
    """Delete ended sessions, old links and old failures to sign in; to be called now and then, and committed."""
    for room in (sessions, links, delays):
        room.sweep(session)
