"""Sessions: rows that say which browser is signed in as whom."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import write
from partnernet.core.ledger import membership
from partnernet.core.ledger.node import Node
from partnernet.core.policy import STEWARD, Actor
from partnernet.core.time import DAY, now_ms
from partnernet.network.model import own_network
from partnernet.people.model import HERE, SIGNED_IN, Account, SessionRow

SESSIONS = cast(Table, SessionRow.__table__)

IDLE_LIMIT = 14 * DAY
ABSOLUTE_LIMIT = 60 * DAY
VISIT_QUIET = 30 * 60_000
"""A visit is over when somebody has asked for nothing this long, in milliseconds."""
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Found:
    """Who a session belongs to, and up to which position they count everything as seen."""

    actor: Actor
    visited: int
    here: "Here"
    joined: datetime


@dataclass(frozen=True, slots=True)
class Here:
    """Where this node stands: what every page depends on, whoever reads it."""

    position: int
    network_name: str
    accent: str = ""
    strapline: str = ""
    logo: str = ""
    """The hash of the picture that stands in place of the network's name; empty where none does."""
    account_changed: int = 0


def start(session: Session, account: int) -> str:
    """Sign a browser in; the token that its cookie holds."""
    write(session)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = now_ms()
    session.execute(
        insert(SESSIONS),
        [{"key": key_of(token), "account": account, "created": now, "seen": now}],
    )
    return token


def key_of(token: str) -> str:
    """The key under which the session of a token is stored."""
    return sha256(token.encode()).hexdigest()


def find(session: Session, node: Node, key: str) -> Found | None:
    """The person of a session that is alive; a clock that was set back ends nothing."""
    row = session.execute(SIGNED_IN, {"key": key}).first()
    now = now_ms()
    if row is None or now - row.seen > IDLE_LIMIT or now - row.created > ABSOLUTE_LIMIT:
        return None
    actor = Actor(
        node=node, handle=row.handle, card=row.card, name=row.name or "", role=row.role, account=row.account,
        partner=row.partner or None, partner_name=row.partner_name or "",
        membership=network_steward(session, node, row.handle) if row.role == STEWARD else None,
    )  # fmt: skip
    visited = seen_until(row.visited, row.looked, row.looked_to, now)
    return Found(actor, visited, _here(row, row.changed), row.joined)


def here(session: Session) -> Here:
    """Where this node stands, for a stranger."""
    return _here(session.execute(HERE).one())


def _here(row: Any, changed: int = 0) -> Here:
    return Here(
        row.position, row.network_name or "", row.network_accent or "", row.network_strapline or "",
        row.network_logo or "", changed,
    )  # fmt: skip


def network_steward(session: Session, node: Node, handle: str) -> str | None:
    """The newest membership op of this node's network, if it names the person a steward."""
    network = own_network(session)
    newest = membership.latest(session, network.id) if network else None
    return newest.op if newest and [node.id, handle] in newest.stewards else None


def of(session: Session, account: int) -> list[SessionRow]:
    """The browsers in which somebody is signed in, the one that was seen last first."""
    alive = SessionRow.seen > now_ms() - IDLE_LIMIT
    own = select(SessionRow).where(SessionRow.account == account, alive).order_by(SessionRow.seen.desc())
    return list(session.scalars(own))


def sweep(session: Session) -> None:
    """Delete the sessions that have ended by themselves."""
    write(session)
    session.execute(delete(SessionRow).where(SessionRow.created < now_ms() - ABSOLUTE_LIMIT))


def end(session: Session, key: str) -> None:
    """Sign a browser out: a copy of its cookie is dead, too."""
    write(session)
    session.execute(delete(SessionRow).where(SessionRow.key == key))


def end_all(session: Session, account: int, but: str = "") -> None:
    """Sign out every browser of an account, but one."""
    write(session)
    session.execute(delete(SessionRow).where(SessionRow.account == account, SessionRow.key != but))


def note_seen(session: Session, seen: Mapping[str, int]) -> None:
    """Store when sessions were last seen; seconds since 1970 by key."""
    session.execute(
        update(SESSIONS).where(SESSIONS.c.key == bindparam("k")).values(seen=bindparam("at")),
        [{"k": key, "at": at * 1000} for key, at in seen.items()],
    )


def seen_until(visited: int, looked: int, looked_to: int, now: int) -> int:
    """The position up to which everything counts as seen: where the last visit that is over ended."""
    is_over = now - looked > VISIT_QUIET
    return max(visited, looked_to) if is_over else visited


def note_visits(session: Session, visits: Mapping[int, tuple[int, int]]) -> None:
    """Store when people last looked, and at which position; both by account."""
    table = cast(Table, Account.__table__)
    before = session.execute(
        select(table.c.id, table.c.visited, table.c.looked, table.c.looked_to).where(table.c.id.in_(visits))
    ).all()
    rows = [
        {
            "account": row.id, "now": visits[row.id][0], "here": visits[row.id][1],
            "before": seen_until(row.visited, row.looked, row.looked_to, visits[row.id][0]),
        }
        for row in before
    ]  # fmt: skip
    if rows:
        changed: Any = {"looked": bindparam("now"), "looked_to": bindparam("here"), "visited": bindparam("before")}
        session.execute(update(table).where(table.c.id == bindparam("account")).values(changed), rows)
