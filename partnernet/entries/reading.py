"""What somebody has read: noted in memory while they read, stored in batches."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from partnernet.core.batch import Batch
from partnernet.core.db import upsert
from partnernet.core.policy import Actor
from partnernet.entries.model import Reading
from partnernet.people.model import Account

_visits: Counter[int] = Counter()
"""How often each account has read something new in this process: part of the stamp of its pages."""


def note(batch: Batch, actor: Actor, root: str, position: int, read: int) -> None:
    """Remember that somebody has seen an entry and its thread up to a position."""
    if position <= max(read, batch.peek(store, (actor.account, root)) or 0):
        return
    batch.note(store, (actor.account, root), position)
    saw(actor)


def saw(actor: Actor) -> None:
    """Remember in this process that somebody has seen something new: their pages are others from now on."""
    _visits[actor.account] += 1


def visits(actor: Actor) -> int:
    """A number that changes when the person reads something new."""
    return _visits[actor.account]


def store(session: Session, read: Mapping[tuple[int, str], int]) -> None:
    """Store what was read, by account and root."""
    rows = [{"account": account, "root": root, "position": position} for (account, root), position in read.items()]
    upsert(session, Reading.__table__, rows)
    readers = {account for account, _ in read}
    session.execute(update(Account).where(Account.id.in_(readers)).values(changed=Account.changed + 1))
