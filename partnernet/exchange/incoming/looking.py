"""A closer look at an import that waits: by whom it is, what would change and how, what would be erased.

All of it is bounded: the first of each are shown, with how many there are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.handful import FETCHED
from partnernet.core.ledger import membership
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.fold import CHANGES, ERASES, Folded, fold
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import NODE_ITSELF, Op
from partnernet.core.policy import Actor
from partnernet.core.text import mentions
from partnernet.core.words import _, lazy
from partnernet.entries.changes import Change
from partnernet.exchange import counted
from partnernet.exchange.incoming.preview import staged_ops
from partnernet.exchange.model import FILL, NEW, QUARANTINE, StagedOp
from partnernet.nodes import known
from partnernet.people.mentions import plain
from partnernet.people.names import ELSEWHERE, Name, Names, names

SHOWN = 20
VERSIONS_SHOWN = 16
AUTHORS_SHOWN = 12
LOOKED_AT = 20_000

FIELD_WORDS = {
    "title": lazy("Title"), "body": lazy("Text"), "name": lazy("Name"), "files": lazy("Files"),
    "picture": lazy("Picture"), "stage": lazy("Stage"), "summary": lazy("Summary"), "held": lazy("Date"),
    "place": lazy("Place"), "standfirst": lazy("Standfirst"), "about": lazy("About"),
}  # fmt: skip

_stage = StagedOp.__table__.c
_TAKEN = _stage.verdict.in_((NEW, FILL))
_BY = re.compile(rb'"by":"(node|p[a-z2-7]{26})"').search
_WHO = re.compile(rb'"who":"(p[a-z2-7]{26})"').search

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody has written that would come in."""

    name: str
    server: str
    things: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What would stand side by side in a field: how many there are, and the first of them with who wrote each."""

    label: str
    count: int
    shown: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry that would change, and how; in `versions` are those that would stand side by side."""

    entry: Entry
    fields: Sequence[Change]
    versions: Sequence[Versions]
    is_removed: bool = False
    is_brought_back: bool = False


@dataclass(frozen=True, slots=True)
class Erased:
    """An entry that would lose words, and by which server."""

    entry: Entry
    by: str
    versions: int | None
    """How many single versions of it; None where all of it would be erased."""


@dataclass(frozen=True, slots=True)
class Look:
    """The closer look."""

    authors: Sequence[Written]
    more_authors: int
    changed: Sequence[Changed]
    changed_count: int
    erased: Sequence[Erased]
    erased_count: int

    @property
    def conflicts(self) -> list[Changed]:
        """Those among the shown of which two versions would stand side by side."""
        return [one for one in self.changed if one.versions]


def look(session: Session, batch: str, actor: Actor | None, called: Mapping[str, str] | None = None) -> Look:
    """Look closely at an import that waits; `called` has names of servers that are not known here, by their keys."""
    of_batch = _stage.batch == batch
    changing = select(_stage.thing).join(Entry, Entry.id == _stage.thing)
    changing = changing.where(of_batch, _TAKEN, _stage.kind.in_(CHANGES)).distinct()
    erasing = select(_stage.thing, _stage.node).join(Entry, Entry.id == _stage.thing)
    erasing = erasing.where(of_batch, _TAKEN, _stage.kind.in_(ERASES), ~Entry.redacted).distinct()
    authors, more = _authors(session, batch, actor, called or {})
    return Look(
        authors, more, _changed(session, batch, changing, actor), _count(session, changing),
        _erased(session, batch, erasing), _count(session, erasing),
    )  # fmt: skip


def _count(session: Session, things: Select[Any]) -> int:
    found = things.subquery()
    return session.scalar(select(func.count(distinct(found.c.thing)))) or 0


def _authors(session: Session, batch: str, actor: Actor | None, given: Mapping[str, str]) -> tuple[list[Written], int]:
    """Who wrote what, the most first; of people whose cards come along, by those."""
    written: dict[Pair, Counter[str]] = {}
    cards: dict[Pair, str] = {}
    rows = session.execute(
        select(_stage.kind, _stage.node, _stage.head, _stage.body)
        .where(
            _stage.batch == batch, _stage.verdict.in_((NEW, QUARANTINE)),
            (_stage.thing == _stage.id) | _stage.kind.in_(("edit", "mark")),
        )
        .order_by(_stage.n).limit(LOOKED_AT),
        execution_options={"yield_per": FETCHED},
    )  # fmt: skip
    for kind, node, head, body in rows:
        by = _BY(head)
        if by is None:
            continue
        if kind == "person" and (who := _WHO(head)):
            cards[node, who[1].decode()] = _card_name(body)
            continue
        written.setdefault((node, by[1].decode()), Counter())[kind] += 1
    ordered = sorted(written.items(), key=lambda item: (-item[1].total(), item[0]))
    shown = ordered[:AUTHORS_SHOWN]
    known_names = names(session, actor, [pair for pair, _things in shown])
    called = {**known.names(session, {pair[0] for pair, _things in shown}), **given}
    return [
        Written(_name(pair, known_names, cards), called[pair[0]], counted.written(things)) for pair, things in shown
    ], len(ordered) - len(shown)


def _card_name(body: bytes | None) -> str:
    given = (orjson.loads(body).get("set") or {}).get("name") if body else None
    return given[:100] if isinstance(given, str) else ""


def _name(pair: Pair, known_names: Names, cards: Mapping[Pair, str]) -> str:
    if pair[1] == NODE_ITSELF:
        return _("the server itself")
    name = known_names[pair]
    return cards.get(pair) or str(name.text) if name is ELSEWHERE else str(name.text)


# -- changes ---------------------------------------------------------------------------------------


def _changed(session: Session, batch: str, changing: Select[Any], actor: Actor | None) -> list[Changed]:
    things = session.scalars(changing.order_by(_stage.thing).limit(SHOWN)).all()
    entries = {entry.id: entry for entry in session.scalars(select(Entry).where(Entry.id.in_(things)))}
    ops = ops_of(session, things)
    here = {thing: list(some) for thing, some in ops.items()}
    for thing, op in staged_ops(session, batch, things):
        ops[thing].append(op)
    rules = membership.rules(session, [op for some in ops.values() for op in some])
    found: list[tuple[Entry, Folded, Folded, Mapping[str, Op]]] = []
    for thing in things:
        kind = KINDS.get(entries[thing].kind)
        before = fold(here[thing], kind, rules) if kind else None
        after = fold(ops[thing], kind, rules) if kind else None
        if before is not None and after is not None:
            found.append((entries[thing], before, after, _shown(ops[thing], before, after)))
    known_names = _names(session, actor, [op for _, _, _, shown in found for op in shown.values()])
    return [_compared(*each, known_names) for each in found]


def _shown(ops: Sequence[Op], before: Folded, after: Folded) -> dict[str, Op]:
    """The ops that say what is shown of an entry, now and then."""
    setters = (*before.setters.values(), *after.setters.values())
    wanted = {op for some in setters for op in some[:VERSIONS_SHOWN]}
    return {op.id: op for op in ops if op.id in wanted}


def _compared(
    entry: Entry, before: Folded, after: Folded, ops: Mapping[str, Op], known_names: Names
) -> Changed:  # fmt: skip
    def worded(value: Any) -> str:
        return plain(_words(value), known_names, entry.node)

    fields = [
        Change(_label(name), worded(before.values.get(name)), worded(after.values.get(name)))
        for name in after.values
        if after.values.get(name) != before.values.get(name)
    ]
    versions = [
        Versions(
            _label(name), len(setters),
            [(_writer(ops[op], known_names), worded(ops[op].set.get(name))) for op in setters[:VERSIONS_SHOWN]],
        )
        for name, setters in after.setters.items()
        if len(setters) > 1 and len(before.setters.get(name, ())) < 2
    ]  # fmt: skip
    return Changed(
        entry, fields, versions,
        is_removed=after.deleted and not before.deleted, is_brought_back=before.deleted and not after.deleted,
    )  # fmt: skip


def _names(session: Session, actor: Actor | None, ops: Sequence[Op]) -> Mapping[Pair, Name]:
    pairs = {(op.node, op.by) for op in ops}
    for op in ops:
        texts = [value for value in op.set.values() if isinstance(value, str) and "@[" in value]
        pairs.update((op.node, handle) for value in texts for handle in mentions(value))
    return names(session, actor, pairs)


def _writer(op: Op, known_names: Names) -> str:
    return str(known_names[op.node, op.by].text)


def _label(name: str) -> str:
    return str(FIELD_WORDS.get(name, name.replace("_", " ").capitalize()))


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_words(item) for item in value)
    if isinstance(value, dict):
        return str(value.get("name", ""))
    return "" if value is None else str(value)


# -- erasures --------------------------------------------------------------------------------------


def _erased(session: Session, batch: str, erasing: Select[Any]) -> list[Erased]:
    rows = session.execute(erasing.order_by(_stage.thing, _stage.node).limit(SHOWN)).all()
    things = {row.thing for row in rows}
    named: dict[Pair, set[str]] = defaultdict(set)
    whole: set[Pair] = set()
    heads = session.execute(
        select(_stage.thing, _stage.node, _stage.kind, _stage.head)
        .where(_stage.batch == batch, _TAKEN, _stage.kind.in_(ERASES), _stage.thing.in_(things)),
        execution_options={"yield_per": FETCHED},
    )  # fmt: skip
    for thing, node, kind, head in heads:
        said = orjson.loads(head)
        if kind != "redact" or "ops" not in said:
            whole.add((thing, node))
        elif isinstance(said["ops"], list):
            named[thing, node].update(map(str, said["ops"]))
    entries = {entry.id: entry for entry in session.scalars(select(Entry).where(Entry.id.in_(things)))}
    called = known.names(session, {row.node for row in rows})
    return [
        Erased(entries[thing], called[node], None if (thing, node) in whole else len(named[thing, node]))
        for thing, node in rows
    ]
