"""From what somebody typed to the question that the engine answers: filters become conditions.

What they name is looked up among what the reader may see, and only their logs are asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import NETWORK, PUBLIC, Actor, readable_logs, visible_in
from partnernet.core.words import _
from partnernet.search import names
from partnernet.search.analysis import compounds, fold
from partnernet.search.document import CREDITED
from partnernet.search.interface import SEPARATOR, Also, Condition, Wanted
from partnernet.search.query import Query


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the logs open to them."""

    logs: frozenset[str]

    @property
    def conditions(self) -> list[Condition]:
        """What an engine must keep to for them."""
        return [Condition("log", self.logs.__contains__)]

    @classmethod
    def of(cls, actor: Actor | None) -> "Reader":
        """Somebody at this node, or a stranger."""
        return cls(frozenset(readable_logs(actor)))

    @classmethod
    def network(cls) -> "Reader":
        """Whoever sits at the machine: everything public, and everything of the network."""
        return cls(frozenset((PUBLIC, NETWORK)))

    @property
    def visible(self) -> ColumnElement[bool]:
        """The condition under which they see an entry."""
        return visible_in(sorted(self.logs))


def wanted(session: Session, reader: Reader, query: Query, notes: list[str], sort: str, limit: int) -> Wanted:
    """The question to the engine: filters looked up among what the reader may see, and their logs alone."""
    conditions = reader.conditions
    thread = without = None
    by_name: dict[tuple[str, bool], list[str]] = {}
    for asked in query.filters:
        by_name.setdefault((asked.name, asked.negated), []).append(asked.value)
    for (name, negated), values in by_name.items():
        if name == "kind":
            conditions.append(Condition("kind", _kinds(values, notes).__contains__, negated))
        elif name == "partner":
            found = names.partners_called(session, values, reader.visible)
            conditions.append(Condition("partner", found.__contains__, negated))
            if not found:
                notes.append(_("There is no partner called “%(value)s” that you can see.", value=values[0][:60]))
        elif name == "by":
            conditions.append(Condition("author", _author(session, reader, values), negated))
        elif name == "tag":
            conditions.append(Condition("tags", _tagged(values), negated))
        elif name in ("stage", "year"):
            conditions.append(Condition(name, set(map(fold, values)).__contains__, negated))
        elif set(map(fold, values)) <= {PUBLIC, NETWORK}:
            conditions.append(Condition("log", set(map(fold, values)).__contains__, negated))
        else:
            entry = names.thread_called(session, values[0], reader.visible)
            thread, without = (thread, entry) if negated else (entry, without)
            if entry is None:
                value = values[0][:60]
                notes.append(_("There is no entry or visibility called “%(value)s” that you can see.", value=value))
                conditions.append(Condition("log", frozenset[str]().__contains__, negated))
    return Wanted(
        query.words, query.phrases, query.excluded, conditions, query.after, query.before, thread,
        sort, limit, query.word_limit, [Also(parts, (whole,)) for parts, whole in compounds(query.text)],
        query.all_words, chunks=query.chunks, without=without,
    )  # fmt: skip


def _kinds(values: Sequence[str], notes: list[str]) -> set[str]:
    found: set[str] = set().union(*map(names.kinds_called, values))
    if not found:
        known = ", ".join(sorted(kind.name for kind in KINDS.values() if kind.is_listed))
        value = values[0][:60]
        notes.append(_("There is no kind called “%(value)s”; there are %(known)s and more.", value=value, known=known))
    return found


def _tagged(values: Sequence[str]) -> Callable[[str], bool]:
    wanted = set(map(fold, values))
    return lambda tags: not wanted.isdisjoint(fold(tags).split(SEPARATOR))


def _author(session: Session, reader: Reader, values: Sequence[str]) -> Any:
    persons = names.authors_called(session, values, reader.visible)
    needles = [fold(value) for value in values if not value.startswith(CREDITED)]

    def accepts(author: str) -> bool:
        if author in values or not author.startswith(CREDITED):
            return author in values or author in persons
        credit = fold(author)
        return any(needle in credit for needle in needles)

    return accepts
