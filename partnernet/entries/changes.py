"""How the words of an entry changed: its versions from the ledger, compared by words."""

from collections.abc import Mapping, Sequence
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

SHOWN = 100  # versions on the page; older ones stay in the ledger

Chosen = Mapping[str, Mapping[str, str]]
"""For each field with choices, what each value is called."""


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


def history(session: Session, entry: Entry, actor: Actor | None, chosen: Chosen | None = None) -> list[Version]:
    """All versions that count, newest first, each against the one its author had before them."""
    ops = _counted(session, entry)
    known = names_in(session, actor, ops)
    standing = {op for setters in entry.setters.values() for op in setters}
    worded = Worded(known, chosen or {})
    versions = [
        Version(
            op.id, known[(op.node, op.by)], op.ts, op.kind, _changes(op, ops, entry, worded),
            erased=op.body is None, stands=op.id in standing, removed=op.set.get("deleted") is True,
            is_first=op.is_create,
        )
        for op in ops[-SHOWN:]
    ]  # fmt: skip
    return versions[::-1]


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


def _counted(session: Session, entry: Entry) -> list[Op]:
    ops = ops_of(session, [entry.id])[entry.id]
    create = next(op for op in ops if op.is_create)
    rules = membership.rules(session, ops)
    kind = KINDS[entry.kind]
    return sorted(
        (
            op for op in ops
            if op is create or (op.kind in ("edit", "delete") and counts(op, create, rules)
            and (op.body is None or settable(op, create, kind, rules)))
        ),
        key=rank,
    )  # fmt: skip


def _changes(op: Op, ops: Sequence[Op], entry: Entry, worded: Worded) -> list[Change]:
    seen = seen_by(op, ops)
    changes = []
    for name in KINDS[entry.kind].fields:
        if name not in op.set or op.kind == "delete":
            continue
        before = next((worded(name, other) for other in reversed(seen) if name in other.set), "")
        changes.append(Change(name, before, worded(name, op)))
    return changes


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_words(item) for item in value)
    if isinstance(value, dict):
        return ": ".join(str(value[name]) for name in ("name", "alt", "caption", "credit") if value.get(name))
    return "" if value is None else str(value)
