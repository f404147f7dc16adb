"""What another server is given besides ops: files that those ops name, and a line in the log about all of it."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, lock_ledger, write
from partnernet.core.errors import BadBundle
from partnernet.core.files import Files
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import OpRow
from partnernet.core.time import DAY, now_ms
from partnernet.core.words import _
from partnernet.exchange.bundle import named_files
from partnernet.exchange.log import handovers
from partnernet.exchange.model import Handover
from partnernet.sync import brought
from partnernet.sync.pages import Page
from partnernet.sync.peers import Guest
from partnernet.sync.protocol import FILES

FORM = "wire"

_ID = re.compile(r"[a-z2-7]{52}").fullmatch
_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch


def may_have(session: Session, sha256: str, op_id: str, logs: Collection[str]) -> bool:
    """Whether a file may be given: an op names it, and stands in a log that the other server may read."""
    if not _ID(op_id) or not _SHA256(sha256):
        return False
    body = session.scalar(select(OpRow.body).where(OpRow.id == op_id, OpRow.log.in_(logs)))
    return sha256 in named_files(body)


def may_bring(session: Session, sha256: str, op_id: str, guest: Guest) -> bool:
    """Whether a server may bring a file: an op names it, in a log that it may bring, and it may know of that op."""
    if not may_have(session, sha256, op_id, guest.writes):
        return False
    row = session.execute(select(OpRow.node, OpRow.inc, OpRow.log, OpRow.seq).where(OpRow.id == op_id)).one()
    return brought.known_to(session, guest)(f"{row.node}/{row.inc}/{row.log}", row.seq)


def files(session: Session, store: Files, asked: object, logs: Collection[str]) -> dict[str, int]:
    """Of the files asked after, each with an op that names it, those that are here: their sizes."""
    if not isinstance(asked, dict) or len(asked) > FILES:
        raise BadBundle(_("What another server asked for is not in the form it should have."))
    return {
        sha256: store.size(sha256)
        for sha256, op_id in asked.items()
        if isinstance(op_id, str) and may_have(session, sha256, op_id, logs) and store.has(sha256)
    }


def note(session: Session, key: str, page: Page) -> None:
    """Write down that ops went to a server over the wire: one line of the log for a day, which stands
    at the time of the last of them; commits."""
    if not page.lines:
        return
    write(session)
    lock_ledger(session)  # both may call each other at once, and each adds to one line
    found = session.scalars(
        select(Handover)
        .where(Handover.to == key, Handover.way == handovers.WIRE, Handover.at.between(now_ms() - DAY, now_ms()))
        .order_by(Handover.at.desc())
    ).first()
    if found is not None and found.counts.get("first", found.at) <= now_ms() - DAY:
        found = None
    held = page.held()
    if found is None:
        handovers.note(
            session, by=NODE_ITSELF, to=key, way=handovers.WIRE, form=FORM, name="", selection={},
            counts={"ops": len(page.lines)}, held=_written(held), size=page.size,
        )  # fmt: skip
    else:
        found.held = _together(found.held, held)
        first = {"first": found.counts.get("first", found.at)}
        found.at = max(found.at, now_ms())
        found.counts = {
            **found.counts,
            **first,
            "ops": sum(len(Ranges.read(each["r"])) for each in found.held.values()),
        }
        found.bytes += page.size
    commit(session)


def _written(held: Mapping[str, Ranges]) -> dict[str, dict[str, str]]:
    return {key: {"r": str(ranges)} for key, ranges in held.items()}


def _together(before: Mapping[str, Any], more: Mapping[str, Ranges]) -> dict[str, dict[str, str]]:
    joined = {key: Ranges.read(value["r"]) for key, value in before.items()}
    for key, ranges in more.items():
        joined[key] = joined.get(key, Ranges()).union(ranges)
    return _written(joined)
