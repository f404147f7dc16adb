"""Taking in what came over the wire: staged and applied as a bundle is, and held back where a person has to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.files import Files
from partnernet.core.ledger.erasures import ERASURES_LIMIT
from partnernet.core.ledger.node import Node
from partnernet.core.time import DAY, now_ms
from partnernet.core.words import plural
from partnernet.exchange.incoming import preview
from partnernet.exchange.incoming.apply import apply
from partnernet.exchange.incoming.refusals import noted
from partnernet.exchange.incoming.set_back import go_on_anew
from partnernet.exchange.incoming.stage import drop, has_news, stage
from partnernet.exchange.model import APPLIED, BY_WIRE, WAITING, ImportBatch
from partnernet.nodes.alarms import ERASURES, raise_alarm
from partnernet.sync.pages import Received
from partnernet.sync.peers import Guest


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a page: how many ops are new, texts came late, and ops wait outside."""

    ops: int = 0
    late: int = 0
    waiting: int = 0
    is_held: bool = False
    """Whether it waits for a person, or something before it does."""

    def said(self) -> dict[str, Any]:
        """As the other server is told."""
        return {"ops": self.ops, "late": self.late, "waiting": self.waiting, "held": self.is_held}


def take_in(session: Session, node: Node, files: Files, giver: Guest, lines: Sequence[bytes]) -> Taken:
    """Take in one page, all of it or nothing; commits. Raises BadBundle where a line is not what it should be.

    Where it holds what this server has written itself and lost, the server goes on under a new incarnation.
    """
    if not lines or not giver.writes:  # of whom nothing is taken, nothing waits outside either
        return Taken()
    if held(session, giver.key):
        session.rollback()
        return Taken(is_held=True)
    page = Received(giver.key, lines)
    with noted(session, name=giver.name, by="node", way=BY_WIRE, sender=giver.key):
        batch = stage(session, page, node, files, name=giver.name, by="node", way=BY_WIRE, logs=giver.writes)
    batch_id, shown = batch.id, batch.preview
    try:
        if not has_news(batch):
            drop(session, batch_id)
            return Taken()
        erasures = int(shown["erases"])
        if erasures and erasures + _lately(session, giver.key) > ERASURES_LIMIT:
            _hold(session, batch_id, giver, erasures)
            return Taken(is_held=True)
        write(session)
        receipt = apply(session, batch_id, node)
        _join(session, batch_id, receipt | {"erasures": erasures})
        commit(session)
    except BaseException:
        session.rollback()
        if not held(session, giver.key):
            drop(session, batch_id)
        raise
    go_on_anew(session, receipt)
    return Taken(receipt["ops"], receipt["late"], receipt["waiting"])


def held(session: Session, key: str) -> str:
    """The import of a server that waits for a person, if one does; empty otherwise."""
    waits = select(ImportBatch.id).where(
        ImportBatch.sender == key, ImportBatch.way == BY_WIRE, ImportBatch.state == WAITING, ImportBatch.hold != ""
    )
    return session.scalars(waits.limit(1)).first() or ""


def _hold(session: Session, batch_id: str, giver: Guest, erasures: int) -> None:
    write(session)
    batch = session.get_one(ImportBatch, batch_id, populate_existing=True)
    batch.preview = preview.of(session, batch_id, batch.preview) | {"files": batch.preview["files"]}
    batch.hold = plural(
        "It would erase %(count)s entry; with what came before, that is more than a server may without a person.",
        "It would erase %(count)s entries; that is more than a server may without a person.",
        erasures,
    )
    raise_alarm(session, ERASURES, giver.key, count=erasures, batch=batch_id)
    commit(session)


def _lately(session: Session, key: str) -> int:
    """How many erasures came from a server over the wire since yesterday."""
    return sum(int(batch.receipt.get("erasures", 0)) for batch in _of_today(session, key))


def _of_today(session: Session, key: str) -> Sequence[ImportBatch]:
    return session.scalars(
        select(ImportBatch)
        .where(
            ImportBatch.sender == key, ImportBatch.way == BY_WIRE, ImportBatch.state == APPLIED,
            ImportBatch.started.between(now_ms() - DAY, now_ms()),
        )
        .order_by(ImportBatch.started)
    ).all()  # fmt: skip


def _join(session: Session, batch_id: str, receipt: dict[str, Any]) -> None:
    """Add what came in to what came from the same server since yesterday: one line of the log for a day."""
    mine = session.get_one(ImportBatch, batch_id)
    mine.receipt = receipt
    session.flush()
    first = next((batch for batch in _of_today(session, mine.sender or "") if batch.id != batch_id), None)
    if first is None:
        return
    first.receipt = _sum(first.receipt, receipt)
    first.ended = mine.ended
    session.delete(mine)
    session.flush()


def _sum(some: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Two receipts as one."""
    together: dict[str, Any] = dict(some)
    for name, value in more.items():
        before = together.get(name)
        if isinstance(value, dict):
            together[name] = _sum(before if isinstance(before, dict) else {}, value)
        elif isinstance(value, int) and isinstance(before, int):
            together[name] = before + value
        else:
            together[name] = value
    return together
