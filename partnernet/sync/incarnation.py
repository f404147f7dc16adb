"""When two servers hold the same numbers of a log and not the same ops: one of them was copied or restored."""

from dataclasses import replace

from flask import current_app
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.ledger import state
from partnernet.core.ledger.node import Node
from partnernet.nodes import alarms
from partnernet.nodes.alarms import COPIED, RESTORED
from partnernet.sync.wants import Differences

BEHIND, COPY = "others hold more of it", "others hold other ops under its numbers"


def settle(session: Session, own: Node, found: Differences) -> Node:
    """Take a new incarnation where this server's own is in doubt, and tell the stewards; the node as it goes on.

    Nothing is lost by it: what others hold of the old one is asked for like everything else. What others say may be
    made up: it is believed once until a steward has seen the alarm. What this server signed itself is proof, and is
    believed whenever it comes (`exchange/incoming/set_back.py`).
    """
    if not found.unequal and not found.is_behind:
        return own
    is_doubted = found.is_behind or found.is_copied(own)
    is_believed = is_doubted and not alarms.waits(session, RESTORED)
    session.rollback()
    fresh = own
    if is_believed:
        reason = BEHIND if found.is_behind else COPY
        fresh = state.rotate(session, current_app.config["DATA"], own, reason)
        fresh = replace(own, inc=fresh.inc)
        current_app.extensions["partnernet.node"] = fresh
    write(session)
    if is_believed:
        alarms.raise_alarm(session, RESTORED)
    for writer in sorted({key.partition("/")[0] for key in found.unequal} - {own.id}):
        alarms.raise_alarm(session, COPIED, writer)
    commit(session)
    return fresh
