"""Counting everything as read, and taking that back: what was counted before is kept in the notice that says so."""

from collections.abc import Mapping

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import table_of, upsert, write
from partnernet.core.policy import Actor
from partnernet.entries.model import Reading
from partnernet.home.model import Need
from partnernet.home.needs import READ
from partnernet.people.model import Account

KEPT = 30
"""Of so many pages at most the notice keeps how far they had been read: it stands in a cookie."""

_need, _reading = table_of(Need).c, table_of(Reading).c


def read_everything(session: Session, actor: Actor, visited: int, position: int) -> dict[str, str]:
    """Count everything as read: the lists, and the replies and mentions that wait.

    The answer is what `unread_everything` needs to take it back; empty where there was too much of it.
    """
    write(session)
    before = _read_before(session, actor)
    rows = [{"account": actor.account, "root": root, "position": position} for root in before]
    upsert(session, table_of(Reading), rows)
    _settle(session, actor, visited=position, looked_to=position)
    if len(before) > KEPT:
        return {}
    return {"undo": "1", "visited": str(visited), "pages": " ".join(f"{root}:{at}" for root, at in before.items())}


def unread_everything(session: Session, actor: Actor, kept: Mapping[str, str], position: int) -> None:
    """Take it back: each page is read as far as it was. What is made up is left out."""
    write(session)
    pages = dict(page for part in kept.get("pages", "").split()[:KEPT] if (page := _page(part, position)))
    own = select(_need.root).where(_need.account == actor.account, _need.root.in_(list(pages))).distinct()
    for root in session.scalars(own).all():
        session.execute(delete(Reading).where(_reading.account == actor.account, _reading.root == root))
        if pages[root]:
            upsert(session, table_of(Reading), [{"account": actor.account, "root": root, "position": pages[root]}])
        again = (_need.account == actor.account, _need.root == root, _need.position > pages[root], _need.kind.in_(READ))
        session.execute(update(Need).where(*again).values(done=False))
    _settle(session, actor, visited=_number(kept.get("visited", ""), position))


def _read_before(session: Session, actor: Actor) -> dict[str, int]:
    """The pages on which something waits, and how far each was read."""
    rows = session.execute(
        select(_need.root, func.max(func.coalesce(_reading.position, 0)))
        .outerjoin(table_of(Reading), (_reading.account == _need.account) & (_reading.root == _need.root))
        .where(_need.account == actor.account, ~_need.done, _need.kind.in_(READ))
        .group_by(_need.root)
    )
    return {row[0]: row[1] for row in rows}


def _settle(session: Session, actor: Actor, **seen: int) -> None:
    changed = {**seen, "changed": Account.changed + 1}
    session.execute(update(Account).where(Account.id == actor.account).values(changed))


def _page(part: str, position: int) -> tuple[str, int] | None:
    root, _, at = part.partition(":")
    return (root, _number(at, position)) if root.isalnum() else None


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 19 else most
