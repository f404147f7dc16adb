"""What stands side by side, and a proposal for making one of it: the editor shows it for a person to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger import membership
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.fold import Ancestry, Folded, counts, fold, rank, settable
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.core.ledger.op import Op
from partnernet.core.threeway import Merged, Stretch, merge, merge_lists
from partnernet.core.words import _
from partnernet.web.language import language, locale_of

MERGED_AT_ONCE = 16
"""Versions; where somebody wrote more of them, the others wait for the next time."""
DEEP = 8
"""How often the texts that versions were made from are merged themselves."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What might take the place of several values of a field."""

    value: Any
    merged: Merged | None = None
    """How a text came about; None for what is no text."""

    @property
    def places(self) -> int:
        """How many places a person must decide."""
        return self.merged.places if self.merged else 0


@dataclass(frozen=True, slots=True)
class Standoff:
    """The versions of an entry that stand side by side: for each field in conflict its setters, oldest first."""

    fields: Mapping[str, Sequence[Op]]
    shown: Mapping[str, str]
    """For each field the op whose value pages show meanwhile."""
    heads: Sequence[str]
    """What whoever settles it has seen."""
    proposals: Mapping[str, Proposal]

    @property
    def versions(self) -> list[Op]:
        """All ops that take part, oldest first; their places are their numbers."""
        return sorted({op.id: op for ops in self.fields.values() for op in ops}.values(), key=rank)


def standoff(session: Session, entry: Entry, seen: Sequence[str] = ()) -> Standoff:
    """What stands side by side in an entry; with `seen`, as it was for somebody who had these ops before them."""
    known = _reached(session, entry, seen or entry.heads)
    by_id = {op.id: op for op in known}
    folded = _folded(session, entry, known)
    setters = _contested(folded)
    fields = {name: sorted((by_id[op] for op in ops), key=rank)[:MERGED_AT_ONCE] for name, ops in setters.items()}
    merging = _Merging(session, KINDS[entry.kind], known)
    return Standoff(
        fields, {name: ops[0] for name, ops in setters.items()}, _heads(folded, setters, fields, known),
        {name: merging.proposal(name, ops) for name, ops in fields.items()},
    )  # fmt: skip


def as_seen(session: Session, entry: Entry, seen: Sequence[str]) -> Folded | None:
    """An entry as somebody saw it who had these ops before them; None where that is not known."""
    return _folded(session, entry, _reached(session, entry, seen))


def worded(merged: Merged) -> str:
    """A merge as a text: where a person must decide, all versions stand there, in square brackets."""
    text, after_block = "", False
    for stretch in merged.stretches:
        is_block = stretch.is_contested and (stretch.is_block or "\n" in stretch.text.strip())
        if is_block:
            text = f"{text.rstrip()}\n\n{_block(stretch)}\n\n".lstrip("\n")
        else:
            said = _asked(stretch) if stretch.is_contested else stretch.text
            text += said.lstrip("\n") if after_block else said
        after_block = is_block or (after_block and not stretch.text.strip("\n"))
    return text.rstrip("\n") if after_block else text


def _asked(stretch: Stretch) -> str:
    """A place to decide, in words that read as a part of the text."""
    texts = [each.text for each in stretch.alternatives]
    first = next(text for text in texts if text)
    before, after = first[: len(first) - len(first.lstrip())], first[len(first.rstrip()) :]
    said = [text.strip() for text in texts]
    quoted = [_("“%(words)s”", words=text) for text in said if text]
    words = format_list(quoted, style="or", locale=locale_of(language()))
    if "" in said:
        return before + _("[leave out or keep %(words)s]", words=words) + after
    if len(said) == 2:
        return before + _("[either “%(one)s” or “%(other)s”]", one=said[0], other=said[1]) + after
    return before + _("[one of these: %(words)s]", words=words) + after


def _block(stretch: Stretch) -> str:
    parts = []
    for each in stretch.alternatives:
        number = each.versions[0] + 1
        heading = _("[Version %(number)s:]", number=number) if each.text.strip() else ""
        heading = heading or _("[Version %(number)s leaves this out.]", number=number)
        parts.append(f"{heading}\n\n{each.text.strip()}".strip())
    return "\n\n".join([*parts, _("[End of the versions.]")])


class _Merging:
    """The values of one entry's versions, merged field by field."""

    def __init__(self, session: Session, kind: Kind, ops: Sequence[Op]) -> None:
        self.kind, self.ops = kind, ops
        self.graph = Ancestry({op.id: op for op in ops})
        create = next((op for op in ops if op.is_create), None)
        rules = membership.rules(session, ops)
        self.sets = {
            op.id: set(settable(op, create, kind, rules))
            for op in ops
            if create is not None and counts(op, create, rules)
        }

    def proposal(self, name: str, setters: Sequence[Op]) -> Proposal:
        values = [op.set[name] for op in setters]
        if name in (*self.kind.prose, self.kind.title):
            merged = merge(self._base(name, setters) or "", *values)
            text = worded(merged)
            if self.kind.fields[name].good(text):
                return Proposal(text, merged)
        elif name == "files":
            return Proposal(_files(self._base(name, setters) or [], values))
        elif all(isinstance(value, list) for value in values):
            return Proposal(merge_lists(self._base(name, setters) or [], *values))
        return Proposal(max(setters, key=rank).set[name])

    def _base(self, name: str, setters: Sequence[Op], depth: int = 0) -> Any:
        """What all of the setters had before them; where that were several versions, a merge of these."""
        shared = set.intersection(*({op.id for op in seen_by(setter, self.ops)} for setter in setters))
        known = [op for op in self.ops if op.id in shared and name in self.sets.get(op.id, ())]
        newest = sorted(self.graph.newest(known), key=rank) if known else []
        if len(newest) < 2 or depth == DEEP:
            return newest[-1].set[name] if newest else None
        base, values = self._base(name, newest, depth + 1), [op.set[name] for op in newest]
        if name == "files":
            return _files(base or [], values)
        if isinstance(values[0], list):
            return merge_lists(base or [], *values)
        return merge(base or "", *values).text


def seen_by(op: Op, ops: Sequence[Op]) -> list[Op]:
    """The ops that an author had before them, in the order of `ops`."""
    by_id = {other.id: other for other in ops}
    reached = _ancestors(op.par, by_id)
    return [other for other in ops if other.id in reached]


def _ancestors(ids: Sequence[str], by_id: Mapping[str, Op]) -> set[str]:
    """These ops and all that came before them."""
    reached: set[str] = set()
    waiting = list(ids)
    while waiting:
        parent = waiting.pop()
        if parent not in reached and parent in by_id:
            reached.add(parent)
            waiting.extend(by_id[parent].par)
    return reached


def _reached(session: Session, entry: Entry, seen: Sequence[str]) -> list[Op]:
    """The ops of an entry that were known to somebody who had these before them, oldest first."""
    ops = ops_of(session, [entry.id])[entry.id]
    reached = _ancestors(seen, {op.id: op for op in ops})
    return sorted((op for op in ops if op.id in reached), key=rank)


def _folded(session: Session, entry: Entry, known: Sequence[Op]) -> Folded | None:
    return fold(known, KINDS[entry.kind], membership.rules(session, known))


def _contested(folded: Folded | None) -> dict[str, list[str]]:
    setters = folded.setters if folded else {}
    return {name: ops for name, ops in setters.items() if len(ops) > 1}


def _heads(
    folded: Folded | None, setters: Mapping[str, Sequence[str]], fields: Mapping[str, Sequence[Op]], ops: Sequence[Op]
) -> list[str]:
    """The heads that somebody has seen to whom these versions were shown: none that goes back to another one."""
    shown = {op.id for versions in fields.values() for op in versions}
    hidden = {op for ids in setters.values() for op in ids} - shown
    heads = list(folded.heads) if folded else []
    by_id = {op.id: op for op in ops}
    return [head for head in heads if not hidden or not hidden & _ancestors([head], by_id)] or heads


def _files(base: Sequence[Mapping[str, Any]], versions: Sequence[Sequence[Mapping[str, Any]]]) -> list[Any]:
    """The files of all versions, without those that one of them took away; each once."""
    before = {file["sha256"] for file in base}
    gone = {sha256 for version in versions for sha256 in before - {file["sha256"] for file in version}}
    found = {file["sha256"]: file for version in versions for file in version}
    return [file for sha256, file in found.items() if sha256 not in gone]
