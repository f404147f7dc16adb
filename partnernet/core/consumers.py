"""Consumers: who hears of touched entities, each with its own cursor.

The call after a commit is a hint, the table is the truth: a consumer that was down catches up, and
one whose cursor is set to zero builds everything anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, upsert, write
from partnernet.core.ledger.tables import Cursor, Touched

BATCH = 400

_LAST_POSITION = select(func.coalesce(func.max(Touched.position), 0))

_LAST_TOUCHED = select(Touched.position, Touched.entity, Touched.op).order_by(Touched.position.desc()).limit(1)

Consume = Callable[[Session, Sequence[Touched]], None]


class Last(NamedTuple):
    """The newest row of `touched`: equal ones mean that no entity has changed in between."""

    position: int
    entity: str
    op: str


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody who wants to hear of touched entities: idempotent, and reading their present state.

    `consume` is called while reading; it calls `write` when it has something to store, and so keeps
    long work out of the writing transaction.
    """

    name: str
    consume: Consume


CONSUMERS: dict[str, Consumer] = {}


def subscribe(consumer: Consumer) -> Consumer:
    """Add a consumer; a second one of the same name is a mistake."""
    if CONSUMERS.setdefault(consumer.name, consumer) != consumer:
        raise ValueError(f"the consumer {consumer.name} is declared twice")
    return consumer


def drain(session: Session, consumer: Consumer) -> int:
    """Let a consumer read everything past its cursor, a batch a transaction; how many rows it read."""
    total = 0
    while batch := pending(session, position(session, consumer.name)):
        consumer.consume(session, batch)
        write(session)
        upsert(session, Cursor.__table__, [{"consumer": consumer.name, "position": batch[-1].position}])
        commit(session)
        total += len(batch)
    session.rollback()
    return total


def drain_all(session: Session) -> int:
    """Let every consumer catch up."""
    return sum(drain(session, consumer) for consumer in CONSUMERS.values())


def pending(session: Session, after: int, limit: int = BATCH) -> Sequence[Touched]:
    """The next rows of `touched` past a position."""
    return session.scalars(
        select(Touched).where(Touched.position > after).order_by(Touched.position).limit(limit)
    ).all()


def position(session: Session, consumer: str) -> int:
    """How far a consumer has read; 0 before its first row."""
    return session.scalars(select(Cursor.position).where(Cursor.consumer == consumer)).first() or 0


def last_touched(session: Session) -> Last:
    """The newest row of `touched`, by which one knows whether anything has changed at all."""
    found = session.execute(_LAST_TOUCHED).first()
    return Last(found.position, found.entity, found.op or "") if found else Last(0, "", "")


def last_position(session: Session) -> int:
    """The position of the newest row of `touched`; 0 where there is none."""
    return session.execute(_LAST_POSITION).scalar_one()
