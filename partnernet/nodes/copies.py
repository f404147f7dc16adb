"""Servers that were copied, or restored from a backup: two statements bear the same number under one key."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from partnernet.core.ledger.tables import Have, OpRow
from partnernet.nodes import alarms


def compare(session: Session, said: Mapping[str, Mapping[str, str]], own: str) -> set[str]:
    """The servers of whose statements somebody else holds others under the same numbers.

    `said` is what that somebody says it holds. Servers that differ raise an alarm.
    """
    found = set()
    for row in session.execute(select(Have.node, Have.inc, Have.log, Have.ranges, Have.digest)):
        theirs = said.get(f"{row.node}/{row.inc}/{row.log}")
        if theirs is not None and theirs["r"] == row.ranges and theirs["x"] != row.digest:
            found.add(row.node)
    _alarm(session, found, own)
    return found


def find_twins(session: Session, arrived: Any, own: str) -> set[str]:
    """The servers of which two statements bear the same number, among the ops that `arrived` is true of."""
    op, twin = OpRow.__table__.c, aliased(OpRow)
    same = (twin.node == op.node, twin.inc == op.inc, twin.log == op.log, twin.seq == op.seq, twin.id != op.id)
    # Not `distinct`: for that, all that was here before would be read in the order of its nodes.
    found = set(session.scalars(select(op.node).where(arrived, select(twin.n).where(*same).exists())))
    _alarm(session, found, own)
    return found


def _alarm(session: Session, nodes: set[str], own: str) -> None:
    for node in sorted(nodes):
        kind = alarms.RESTORED if node == own else alarms.COPIED
        alarms.raise_alarm(session, kind, None if node == own else node)
