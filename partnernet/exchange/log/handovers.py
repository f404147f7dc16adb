"""What was given away, and how much of it the other server has confirmed since; what others say they hold.

Nothing is ever thought to have arrived because it was sent: sticks get lost. A server has what it said itself
that it has, in a bundle that it signed or over the wire.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import upsert
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.time import now_ms
from partnernet.exchange.header import Have
from partnernet.exchange.model import Handover, PeerHave

FILE, WIRE = "file", "wire"
"""The ways in which things come and go."""

Key = tuple[str, str, str]


@dataclass(slots=True)
class Held:
    """The numbers of what went out, by node, incarnation and log."""

    spans: dict[Key, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, key: Key, first: int, last: int) -> None:
        """Note a stretch of numbers."""
        spans = self.spans.setdefault(key, [])
        if spans and spans[-1][1] + 1 == first:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))

    def __len__(self) -> int:
        """How many numbers there are, each counted once."""
        return sum(len(_joined(spans)) for spans in self.spans.values())

    def said(self) -> dict[str, dict[str, str]]:
        """In the form of `have`, without digests: parts of a log have none."""
        return {"/".join(key): {"r": str(_joined(spans))} for key, spans in sorted(self.spans.items())}


def note(
    session: Session,
    *,
    by: str,
    to: str | None,
    way: str,
    form: str,
    name: str,
    selection: Mapping[str, Any],
    counts: Mapping[str, Any],
    held: Mapping[str, Mapping[str, str]],
    size: int,
    at: int | None = None,
    made: str | None = None,
) -> Handover:
    """Write down in the log that something was given away; `size` in bytes, `made` its id if it has one."""
    row = Handover(
        id=made or to_base32(os.urandom(10)), at=now_ms() if at is None else at, by=by, to=to, way=way, form=form,
        name=name,
        selection=dict(selection), counts=dict(counts), held={key: dict(value) for key, value in held.items()},
        bytes=size,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def confirmed(session: Session, handovers: Sequence[Handover]) -> dict[str, int]:
    """How many of the ops of some handovers their receivers say they hold, by handover; none of unknown ones."""
    receivers = {made.to for made in handovers if made.to}
    haves = {
        row.node: row.have
        for row in session.scalars(select(PeerHave).where(PeerHave.node.in_(receivers)))
    }  # fmt: skip
    return {made.id: overlap(made.held, haves[made.to]) for made in handovers if made.to in haves}


def overlap(held: Mapping[str, Mapping[str, str]], have: Have) -> int:
    """How many numbers are in both."""
    return sum(
        _shared(Ranges.read(mine["r"]), Ranges.read(have[key]["r"])) for key, mine in held.items() if key in have
    )


def note_have(
    session: Session, node: str, have: Have, logs: Collection[str], *, way: str, at: int | None = None
) -> None:
    """Keep what another node said it holds of some logs, unless it has said something newer. The caller commits."""
    now = now_ms()
    at = now if at is None else min(at, now)
    known = session.get(PeerHave, node)
    if known is not None and at < known.at <= now:  # what was noted by a clock that was wrong holds against nothing
        return
    others = {key: value for key, value in (known.have if known else {}).items() if _log(key) not in logs}
    said = {key: {"r": value["r"], "x": value["x"]} for key, value in have.items() if _log(key) in logs}
    upsert(session, PeerHave.__table__, [{"node": node, "have": others | said, "at": at, "way": way}])
    if known is not None:
        session.refresh(known)


def peer_have(session: Session, node: str) -> PeerHave | None:
    """What another node has said that it holds; None where it never said so."""
    return session.get(PeerHave, node)


def _log(key: str) -> str:
    return key.split("/", 2)[2]


def _joined(spans: Sequence[tuple[int, int]]) -> Ranges:
    """Stretches in any order as ranges: what is narrowed down comes in two passes."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return Ranges(tuple(joined))


def _shared(some: Ranges, others: Ranges) -> int:
    spans, count = list(others.spans), 0
    at = 0
    for first, last in some.spans:
        while at < len(spans) and spans[at][1] < first:
            at += 1
        here = at
        while here < len(spans) and spans[here][0] <= last:
            count += min(last, spans[here][1]) - max(first, spans[here][0]) + 1
            here += 1
    return count
