"""How the words of an entry changed: its versions from the ledger, compared by words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.errors import NotFound
from partnernet.core.ledger import membership
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.fold import counts, rank, settable
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import Op
from partnernet.core.policy import Actor
from partnernet.core.words import _
from partnernet.entries.comparing import Stretch, stretches
from partnernet.entries.merging import seen_by
from partnernet.people.mentions import plain
from partnernet.people.names import Name, Names, names

SHOWN, BYTES = 100, 1 << 20
"""Versions on one page, and bytes of them: of long texts it shows fewer."""

Chosen = Mapping[str, Mapping[str, str]]
"""For each field with choices, what each value is called."""
Sets = Mapping[str, Collection[str]]
"""For each op, the fields that it names."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a version beside what it was before."""

    field: str
    before: str
    after: str

    @property
    def stretches(self) -> list[Stretch]:
        """Both in one text: what went as <del>, what came as <ins>, long stretches between them to be folded."""
        return stretches(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Version:
    """One op that made or changed an entry."""

    op: str
    name: Name
    ts: int
    kind: str
    changes: Sequence[Change]
    erased: bool
    stands: bool
    """Whether some of its words are still on the page."""
    removed: bool
    """Whether it took the entry off the lists, where that is what it was about."""
    is_first: bool
    """Whether it is how the entry was first written."""

    @property
    def short(self) -> str:
        return self.op[:SHORT_ID]


@dataclass(frozen=True, slots=True)
class History:
    """Versions of an entry, the newest first, as many as stand on one page."""

    versions: Sequence[Version]
    count: int
    """How many there are in all."""
    older: str
    """The first characters of the id before which the next page begins; empty where this is the last."""
    is_newest: bool
    """Whether it begins with the newest."""


def history(
    session: Session, entry: Entry, actor: Actor | None, chosen: Chosen | None = None, before: str = ""
) -> History:
    """The versions that count, each against the one its author had before them; `before` begins in the middle."""
    ops, sets = _counted(session, entry)
    found = (n for n, op in enumerate(ops) if len(before) >= SHORT_ID and op.id.startswith(before))
    end = next(found, 0) or len(ops)  # nothing stands before the oldest, so that is no place to begin, either
    start = _start(ops, end)
    shown = ops[start:end]
    past = {op.id: _past(op, ops, sets, entry) for op in shown}
    known = names_in(session, actor, [*shown, *(op for each in past.values() for op in each.values() if op)])
    standing = {op for setters in entry.setters.values() for op in setters}
    worded = Worded(known, chosen or {})
    versions = [
        Version(
            op.id, known[(op.node, op.by)], op.ts, op.kind,
            [Change(name, worded(name, other) if other else "", worded(name, op))
             for name, other in past[op.id].items()],
            erased=op.is_bare, stands=op.id in standing, removed=op.kind == "delete" and op.set.get("deleted") is True,
            is_first=op.is_create,
        )
        for op in shown
    ]  # fmt: skip
    return History(versions[::-1], len(ops), shown[0].id[:SHORT_ID] if start else "", end == len(ops))


def version(session: Session, entry: Entry, short: str) -> str:
    """The id of a version of an entry by its first characters."""
    for op in ops_of(session, [entry.id])[entry.id]:
        if len(short) >= SHORT_ID and op.id.startswith(short) and (op.is_create or op.kind == "edit"):
            return op.id
    raise NotFound(_("There is no such version; it may have been erased already."))


class Worded:
    """The values of ops as they read on a page."""

    def __init__(self, known: Names, chosen: Chosen) -> None:
        self.known, self.chosen = known, chosen

    def __call__(self, name: str, op: Op) -> str:
        value = _words(op.set.get(name))
        value = self.chosen.get(name, {}).get(value, value)
        return plain(value, self.known, op.node)


def names_in(session: Session, actor: Actor | None, ops: Any) -> Names:
    """The names of the authors, and of everybody their words mention."""
    pairs = {(op.node, op.by) for op in ops}
    for op in ops:
        texts = [value for value in op.set.values() if isinstance(value, str) and "@[" in value]
        pairs.update((op.node, handle) for value in texts for handle in text.mentions(value))
    return names(session, actor, pairs)


def _counted(session: Session, entry: Entry) -> tuple[list[Op], Sets]:
    """The ops that make versions of an entry, the oldest first, and the fields that each of them names."""
    ops = ops_of(session, [entry.id])[entry.id]
    create = next(op for op in ops if op.is_create)
    rules = membership.rules(session, ops)
    kind = KINDS[entry.kind]
    sets: dict[str, frozenset[str]] = {}
    for op in ops:
        is_change = op.kind in ("edit", "delete") and counts(op, create, rules)
        if op is create or (is_change and (op.is_bare or settable(op, create, kind, rules))):
            sets[op.id] = frozenset(op.set)
    return sorted((op for op in ops if op.id in sets), key=rank), sets


def _start(ops: Sequence[Op], end: int) -> int:
    """Where a page begins that ends before some op."""
    start, size = end, 0
    while start and end - start < SHOWN and (start == end or size + ops[start - 1].size <= BYTES):
        start -= 1
        size += ops[start].size
    return start


def _past(op: Op, ops: Sequence[Op], sets: Sets, entry: Entry) -> dict[str, Op | None]:
    """The fields that an op changed, each with the op that its author had seen it in last."""
    names = [name for name in KINDS[entry.kind].fields if name in sets[op.id] and op.kind != "delete"]
    seen = seen_by(op, ops)
    return {name: next((other for other in reversed(seen) if name in sets[other.id]), None) for name in names}


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_words(item) for item in value)
    if isinstance(value, dict):
        return ": ".join(str(value[name]) for name in ("name", "alt", "caption", "credit") if value.get(name))
    return "" if value is None else str(value)
