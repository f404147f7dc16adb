"""A proposal for making one text of several that were written without knowing of each other."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger import membership
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.fold import fold
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import Op
from partnernet.entries.changes import seen_by


def merged(session: Session, entry: Entry) -> dict[str, str]:
    """For each text in conflict, a merge of its versions; the editor shows it for a person to decide.

    Where both changed the same words, those of the version that is shown stay.
    """
    contested = {name: setters for name, setters in entry.setters.items() if len(setters) > 1}
    ops = sorted(ops_of(session, [entry.id])[entry.id], key=lambda op: (op.ts, op.id))
    by_id = {op.id: op for op in ops}
    proposals = {}
    for name, setters in contested.items():
        texts = [by_id[op].set.get(name) for op in setters]
        if all(isinstance(text, str) for text in texts):
            base = _base(name, [by_id[op] for op in setters], ops)
            proposals[name] = reduce(lambda text, other: merge(base, text, other), texts[1:], texts[0])
    return proposals


def as_seen(session: Session, entry: Entry, seen: Sequence[str]) -> dict[str, Any] | None:
    """The values of an entry as somebody saw them who had these ops before them; None where that is not known."""
    ops = ops_of(session, [entry.id])[entry.id]
    shown = [op for op in ops if op.id in seen]
    reached = {other.id for op in shown for other in seen_by(op, ops)} | {op.id for op in shown}
    known = [op for op in ops if op.id in reached]
    folded = fold(known, KINDS[entry.kind], membership.rules(session, known))
    return None if folded is None else folded.values


def merge(base: str, text: str, other: str) -> str:
    """The text with what another one changed since both were alike."""
    from diff_match_patch import diff_match_patch

    differ = diff_match_patch()
    whole: str = differ.patch_apply(differ.patch_make(base, other), text)[0]
    return whole


def _base(name: str, setters: Sequence[Op], ops: Sequence[Op]) -> str:
    """The newest text that all of the setters had before them."""
    shared = set.intersection(*({op.id for op in seen_by(setter, ops)} for setter in setters))
    known = [op.set[name] for op in ops if op.id in shared and isinstance(op.set.get(name), str)]
    return known[-1] if known else ""
