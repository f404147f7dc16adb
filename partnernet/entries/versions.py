"""Versions of an entry that stand side by side, as pages show them: who wrote each, when, and how they differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField

from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.kinds import day as a_day
from partnernet.core.ledger.tables import OpRow
from partnernet.core.policy import Actor
from partnernet.core.words import lazy
from partnernet.entries.changes import Chosen, Worded, names_in
from partnernet.entries.comparing import beside
from partnernet.entries.merging import Standoff
from partnernet.people.names import Name, Names, Pair, names
from partnernet.web.dates import day as in_days

_op = OpRow.__table__.c
_WRITTEN = select(_op.id, _op.head).where(_op.id.in_(bindparam("ids", expanding=True)))

FormMaker = Callable[[Session, Actor | None], Sequence[Form]]
FORMS: dict[str, FormMaker] = {}
"""For each kind, its forms as they are made to be shown: they know what fields and choices are called."""

EVERY_WORDS = {
    "date": lazy("When it was written"), "credit": lazy("By whom it was written"), "source": lazy("Where it came from"),
    "picture": lazy("Picture"), "files": lazy("Files"), "lang": lazy("Language"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """What one op sets a field to."""

    op: str
    number: int
    """From 1, the oldest first."""
    name: Name
    when: int
    html: Markup
    is_shown: bool
    """Whether pages show it for now."""
    text: str
    """What it says in plain words."""

    @property
    def short(self) -> str:
        return self.op[:SHORT_ID]


@dataclass(frozen=True, slots=True)
class Field:
    """One field in conflict, with all of its versions."""

    name: str
    label: str
    versions: Sequence[Version]


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a version, and when."""

    name: Name
    when: int


def side_by_side(session: Session, entry: Entry, found: Standoff, actor: Actor | None) -> list[Field]:
    """The fields in conflict with their versions, in the order in which the kind names them."""
    labels, chosen = called(session, actor, entry.kind)
    known = names_in(session, actor, found.versions)
    word = Worded(known, chosen)
    order = [*KINDS[entry.kind].fields, *found.fields]
    fields = []
    for name in dict.fromkeys(each for each in order if each in found.fields):
        ops = found.fields[name]
        declared = KINDS[entry.kind].find(name)
        say = in_days if declared is not None and declared.good is a_day else str
        texts = [say(text) if (text := word(name, op)) else "" for op in ops]
        versions = [
            Version(
                op.id, n + 1, known[(op.node, op.by)], op.ts,
                beside(texts[n], [*texts[:n], *texts[n + 1 :]]), op.id == found.shown[name], texts[n],
            )
            for n, op in enumerate(ops)
        ]  # fmt: skip
        fields.append(Field(name, labels.get(name, name.replace("_", " ").capitalize()), versions))
    return fields


def called(session: Session, actor: Actor | None, kind: str) -> tuple[Mapping[str, str], Chosen]:
    """What the fields of a kind are called, and what the values of its choices are."""
    labels = {name: str(words) for name, words in EVERY_WORDS.items()}
    chosen: dict[str, Mapping[str, str]] = {}
    for form in FORMS[kind](session, actor) if kind in FORMS else ():
        labels |= {field.name: str(field.label.text) for field in form if field.name != "files"}
        for field in form:
            if isinstance(field, SelectField) and field.choices:
                chosen[field.name] = {choice.value: str(choice.label) for choice in field.iter_choices()}
    return labels, chosen


def competing(rows: Iterable[Any]) -> dict[str, list[str]]:
    """For each entry in conflict among some rows: the ops whose versions stand side by side."""
    return {
        row.id: sorted({op for ops in row.setters.values() if len(ops) > 1 for op in ops})
        for row in rows
        if row.conflict
    }


def writers(session: Session, conflicts: Mapping[str, Sequence[str]]) -> dict[str, tuple[Pair, int]]:
    """Who wrote each of some versions, and when; asks nothing where there are none."""
    ids = sorted({op for ops in conflicts.values() for op in ops})
    if not ids:
        return {}
    heads = {row.id: orjson.loads(row.head) for row in session.execute(_WRITTEN, {"ids": ids})}
    return {op: ((head["node"], head["by"]), head["ts"]) for op, head in heads.items()}


def told(ops: Sequence[str], written: Mapping[str, tuple[Pair, int]], known: Names) -> list[Written]:
    """The versions of one entry, oldest first."""
    by = sorted((written[op][1], op) for op in ops if op in written)
    return [Written(known[written[op][0]], when) for when, op in by]


def versions_of(session: Session, actor: Actor | None, row: Any) -> list[Written]:
    """The versions of one entry, oldest first; asks nothing where there is one only."""
    conflicts = competing([row])
    written = writers(session, conflicts)
    return told(conflicts.get(row.id, ()), written, names(session, actor, {pair for pair, _ in written.values()}))
