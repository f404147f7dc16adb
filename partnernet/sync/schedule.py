"""When each server is exchanged with: by its own interval, or asked for by a button; later each time it fails."""

import random
from collections.abc import Callable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, upsert, write
from partnernet.core.errors import Conflict
from partnernet.core.time import DAY, now_ms
from partnernet.core.words import _
from partnernet.sync.model import Peer
from partnernet.sync.peers import why_not
from partnernet.sync.report import Report

MINUTE = 60_000
"""Milliseconds."""
FIRST_WAIT, LONGEST_WAIT = MINUTE, 6 * 60 * MINUTE
JITTER = 0.25
LEASE = 60 * MINUTE
"""How long an exchange may seem to go on after its process has gone."""
FARTHEST = 8 * DAY
"""A time farther off than any interval was set under a clock that was wrong."""

Chance = Callable[[], float]


def due(session: Session) -> list[str]:
    """The servers whose time has come, those that waited longest first."""
    now = now_ms()
    is_due = or_(Peer.next_at <= now, Peer.next_at > now + FARTHEST)
    return list(session.scalars(select(Peer.node).where(is_due).order_by(Peer.next_at)))


def unfinished(session: Session) -> list[str]:
    """The servers with which an exchange seems to go on."""
    seems = (Peer.error == "") & Peer.tried.is_not(None) & (Peer.reached.is_(None) | (Peer.reached < Peer.tried))
    return list(session.scalars(select(Peer.node).where(seems).order_by(Peer.node)))


def break_off(session: Session, key: str) -> None:
    """Note that an exchange has ended without a word: its process stopped, or could not write one down."""
    if key in unfinished(session):
        fail(session, key, _("The exchange broke off when this server stopped; it goes on by itself."))


def ask(session: Session, key: str) -> None:
    """Have a server exchanged with as soon as may be; commits. Raises Conflict where that cannot be."""
    if sentence := why_not(session, key):
        raise Conflict(sentence)
    write(session)
    peer = _peer(session, key)
    peer.next_at = now_ms()
    commit(session)


def set_interval(session: Session, key: str, minutes: int) -> None:
    """Say how often a server is exchanged with, in minutes; 0 for only when somebody asks. The caller commits."""
    write(session)
    peer = _peer(session, key)
    peer.every = minutes
    peer.next_at = now_ms() + minutes * MINUTE if minutes else None


def begin_anew(session: Session, key: str) -> None:
    """Forget what failed where a server was before it got another address; the caller commits."""
    write(session)
    peer = session.get(Peer, key, populate_existing=True)
    if peer is not None and peer.failures and peer.error:
        peer.failures, peer.error, peer.tried = 0, "", None
        peer.next_at = now_ms() if peer.every else None


def begin(session: Session, key: str) -> int:
    """Note that an exchange begins; how often it failed before."""
    write(session)
    peer = _peer(session, key)
    peer.tried, peer.next_at, peer.error = now_ms(), now_ms() + LEASE, ""
    failures = peer.failures
    commit(session)
    return failures


def succeed(session: Session, key: str, report: Report, chance: Chance = random.random) -> None:
    """Note what an exchange did, and when the next one is."""
    write(session)
    peer = _peer(session, key)
    now = now_ms()
    peer.reached, peer.failures, peer.error = now, 0, report.refused
    peer.progress = {**report.said(), "since": peer.tried, "at": now}
    peer.next_at = now + spread(peer.every * MINUTE, chance) if peer.every else None
    commit(session)


def fail(session: Session, key: str, sentence: str, chance: Chance = random.random) -> None:
    """Note why an exchange failed, and when it is tried again."""
    write(session)
    peer = _peer(session, key)
    peer.failures += 1
    peer.error = sentence
    peer.next_at = now_ms() + spread(wait(peer.failures), chance)
    commit(session)


def wait(failures: int) -> int:
    """Milliseconds until the next try: longer each time, up to six hours."""
    return min(FIRST_WAIT << min(failures - 1, 20), LONGEST_WAIT)


def spread(milliseconds: int, chance: Chance) -> int:
    """A time somewhat shorter or longer, so that servers do not all come at once."""
    return round(milliseconds * (1 - JITTER + 2 * JITTER * chance()))


def _peer(session: Session, key: str) -> Peer:
    """The row of a server, made where there is none."""
    peer = session.get(Peer, key, populate_existing=True)
    if peer is None:
        row = {"node": key, "every": 0, "failures": 0, "error": "", "progress": {}}
        upsert(session, Peer.__table__, [row], keep=("every", "failures", "error", "progress"))
        peer = session.get_one(Peer, key)
    return peer
