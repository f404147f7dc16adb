"""What of a staged import may come in: by the rights of each node, and by how much it may send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.handful import handful
from partnernet.core.ledger.fold import SIGNED_BY_NETWORK
from partnernet.exchange.model import LATER, NEW, QUARANTINE, StagedOp
from partnernet.nodes import alarms, quotas
from partnernet.nodes.admit import LetIn, let_in

_stage = StagedOp.__table__.c
_SIZE = func.length(_stage.head) + func.coalesce(func.length(_stage.body), 0)
_FRESH = (NEW, QUARANTINE)
"""Who is let in may have changed since it was staged."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Two conditions over the staged ops of a batch: what comes in, and what is kept outside."""

    batch: str
    welcome: LetIn
    ends: Mapping[str, int]
    """Of nodes that sent more than they may: the number of the last line that still comes in."""
    taken: Mapping[str, tuple[int, int]]
    """How many ops and bytes come in, by node; nothing is counted of this one's own."""
    document_ends: Mapping[str, int] = field(default_factory=dict)
    """As `ends`, of those that sent too many lists and revocations."""

    @property
    def is_in(self) -> ColumnElement[bool]:
        """The ops that come in."""
        return and_(_stage.batch == self.batch, _stage.verdict.in_(_FRESH), self._fits)

    @property
    def is_outside(self) -> ColumnElement[bool]:
        """The ops that wait outside: not admitted, over what their node may send, or not understood yet."""
        waits = and_(_stage.verdict.in_(_FRESH), ~self._fits)
        return and_(_stage.batch == self.batch, or_(_stage.verdict == LATER, waits))

    @property
    def _fits(self) -> ColumnElement[bool]:
        welcome = self.welcome.condition(_stage.node, _stage.log)
        ends = [or_(_stage.node != node, _stage.n <= end) for node, end in self.ends.items()]
        ends += [
            or_(_stage.node != node, _stage.kind.not_in(SIGNED_BY_NETWORK), _stage.n <= end)
            for node, end in self.document_ends.items()
        ]
        return and_(welcome, *ends)


def allowed(session: Session, batch: str, node: Any) -> Allowed:
    """What of a batch may come in now; a node that sent more than it may raises an alarm."""
    everything = Allowed(batch, let_in(session, node), {}, {})
    documents = _document_ends(session, everything, node)
    everything = replace(everything, document_ends=documents)
    sums: dict[str, tuple[int, int]] = {}
    # Added up here: to group them, SQLite would sort the ops with all their words in memory.
    for key, size in session.execute(
        select(_stage.node, _SIZE).where(everything.is_in, _stage.node != node.id),
        execution_options={"yield_per": 1_000},
    ):
        ops, so_far = sums.get(key, (0, 0))
        sums[key] = (ops + 1, so_far + size)
    left = quotas.left(session, sorted(sums))
    for key in documents:
        alarms.raise_alarm(session, alarms.QUOTA, key)
    over = {key: left[key] for key, (count, size) in sums.items() if not left[key].takes(count, size)}
    ends: dict[str, int] = {}
    for key, may in over.items():
        ends[key], sums[key] = _end(session, everything, key, may)
        alarms.raise_alarm(session, alarms.QUOTA, key)
    return replace(everything, ends=ends, taken={key: taken for key, taken in sums.items() if taken[0]})


def _document_ends(session: Session, everything: Allowed, node: Any) -> dict[str, int]:
    """Of servers that sent too many lists and revocations: the number of the last of them that still comes in."""
    numbers: dict[str, list[int]] = {}
    documents = select(_stage.node, _stage.n).where(
        everything.is_in, _stage.node != node.id, _stage.kind.in_(SIGNED_BY_NETWORK)
    )
    for key, n in session.execute(documents.order_by(_stage.n)):
        numbers.setdefault(key, []).append(n)
    left = {key: quotas.documents_left(session, key) for key in numbers}
    return {key: [-1, *of_key][left[key]] for key, of_key in numbers.items() if len(of_key) > left[key]}


def _end(session: Session, everything: Allowed, node: str, may: quotas.Left) -> tuple[int, tuple[int, int]]:
    """The number of the last line of a node that still fits, and how many ops and bytes come in up to it."""
    end, ops, size = -1, 0, 0
    rows = session.execute(
        select(_stage.n, _SIZE).where(everything.is_in, _stage.node == node).order_by(_stage.n),
        execution_options={"yield_per": 1_000},
    )
    for n, more in rows:
        if not may.takes(ops + 1, size + more):
            break
        end, ops, size = n, ops + 1, size + more
    rows.close()
    return end, (ops, size)


def waiting(session: Session, given: Allowed, last: int, limit: int = 500) -> Sequence[Any]:
    """The next ops that are kept outside, past a line number."""
    wanted = (
        select(
            _stage.n,
            _stage.id,
            _stage.node,
            _stage.head,
            _stage.body,
            _stage.sig,
            _stage.verdict,
            _stage.kind,
            _stage.thing,
        )
        .where(given.is_outside, _stage.n > last)
        .order_by(_stage.n)
        .limit(limit)
    )
    return handful(session, wanted, "head", "body")
