"""A server that a bundle shows to have been set back: what it wrote itself, and knows nothing of, comes in."""

from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.ledger import log, state
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.header import Have
from partnernet.nodes.alarms import RESTORED, raise_alarm
from partnernet.web.here import this_node

LOST = "a bundle held what it wrote itself, and had lost"
SIGN = "set_back"
"""What a receipt says of it."""


def is_set_back(session: Session, own: Node, before: int, said: Have) -> bool:
    """Whether ops of this node's present incarnation came in past a row number, or others say to hold more of them."""
    op = OpRow.__table__.c
    came = select(op.n).where(op.node == own.id, op.inc == own.inc, op.n > before).limit(1)
    if session.scalar(came) is not None:
        return True
    here = f"{own.id}/{own.inc}/"
    return any(
        Ranges.read(held["r"]).highest > log.highest(session, (own.id, own.inc, key.removeprefix(here)))
        for key, held in said.items()
        if key.startswith(here)
    )


def go_on_anew(session: Session, receipt: dict[str, Any]) -> None:
    """Take a new incarnation after an import by which it showed, so that no number is given twice; commits."""
    if not receipt.get(SIGN):
        return
    here, own = current_app.extensions, this_node()
    here["partnernet.node"] = state.rotate(session, current_app.config["DATA"], own, LOST)
    write(session)
    raise_alarm(session, RESTORED)
    commit(session)
