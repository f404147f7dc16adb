"""What a steward must hear of the copies of this server, and of a database that is not the one it was."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.ledger.state import MOVED
from partnernet.core.words import _
from partnernet.nodes.alarms import SENTENCES, raise_alarm
from partnernet.nodes.model import Alarm
from partnernet.people.upkeep import sign_everybody_out

EXCHANGED, ELSEWHERE, FAILED, UNSOUND = "exchanged", "moved", "backup_failed", "rehearsal_failed"

log = logging.getLogger(__name__)


def raise_exchanged(session: Session, why: str) -> None:
    """Tell that the database or the place is another one; commits.

    What such a database says of who may come in is old, too: invitations in it are dead, and so are sessions.
    """
    if why != MOVED:
        sign_everybody_out(session)
    log.warning("This server goes on under a new incarnation: %s.", why)
    raise_alarm(session, ELSEWHERE if why == MOVED else EXCHANGED)
    commit(session)


def raise_failed(session: Session, kind: str, why: str) -> None:
    """Tell that a backup could not be made, or is not what it should be; commits."""
    raise_alarm(session, kind, why=why)
    commit(session)


def forget(session: Session, kind: str) -> None:
    """Let go of what has come right by itself; commits."""
    write(session)
    session.execute(delete(Alarm).where(Alarm.kind == kind, Alarm.seen.is_(None)))
    commit(session)


def _exchanged(name: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    return (
        _("The database is not the one that this server wrote last: an older copy was put in its place."),
        _("What was erased since was erased again. What was written since may be missing: other servers give back what "
          "they have at the next exchange. Next time use “partnernet restore”."),
    )  # fmt: skip


def _moved(name: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    return (
        _("This server runs in another folder or on another machine than before."),
        _("If you moved it, all is well. If it was copied, stop one of the two: two servers with one key confuse the "
          "others."),
    )  # fmt: skip


def _failed(name: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    return (
        _("Last night’s backup could not be made. %(why)s", why=detail.get("why", "")).rstrip(),
        _("Put that right; it is tried again every hour, and the health page of this server says how it went."),
    )


def _unsound(name: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    return (
        _("A backup was restored for a trial, and something was wrong. %(why)s", why=detail.get("why", "")).rstrip(),
        _("Make another backup, and try it with “partnernet backup --rehearse”; keep the older ones until then."),
    )  # fmt: skip


SENTENCES.update({EXCHANGED: _exchanged, ELSEWHERE: _moved, FAILED: _failed, UNSOUND: _unsound})
