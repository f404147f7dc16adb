"""Searching, from what somebody typed to what they may see of it.

The engine behind it only ever names entities. Every hit is read again from the database under the
reader's own condition, and every number is counted in logs that the reader may read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position
from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import NETWORK, PUBLIC, Actor, readable_logs, visible_to
from partnernet.core.text import excerpt
from partnernet.core.words import _, lazy
from partnernet.search import names
from partnernet.search.analysis import fold
from partnernet.search.document import CREDITED, Document, documents
from partnernet.search.interface import RELEVANCE, Condition, Engine, Found, Unavailable, Wanted
from partnernet.search.query import Query
from partnernet.search.snippet import marked, snippet
from partnernet.web.addresses import anchor, entry_url

PER_PAGE, PAGES = 20, 100

BEING_MADE = lazy("The search index is being made just now. Nothing is lost; please search again in a minute.")
BEHIND = lazy("The newest is still being indexed, and will be found in a moment.")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the logs open to them, and the condition under which they see an entry."""

    logs: frozenset[str]
    visible: ColumnElement[bool]

    @classmethod
    def of(cls, actor: Actor | None) -> "Reader":
        """Somebody at this node, or a stranger."""
        return cls(frozenset(readable_logs(actor)), visible_to(actor))

    @classmethod
    def network(cls) -> "Reader":
        """Whoever sits at the machine: everything public, and everything of the network."""
        return cls(frozenset((PUBLIC, NETWORK)), Entry.log.in_((PUBLIC, NETWORK)))


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that was found, as its reader may see it."""

    document: Document
    score: float
    stems: Collection[str]
    partner: str = ""
    """The name of the partner for whom it speaks."""

    @property
    def entry(self) -> Any:
        return self.document.entry

    @property
    def kind(self) -> str:
        return names.kind_label(self.entry.kind)

    @property
    def title(self) -> str:
        """Its own title; that of its thread for a reply."""
        document = self.document
        return document.title or self.entry.root_title or excerpt(document.text, 60) or self.kind

    @property
    def title_marked(self) -> Markup:
        return marked(self.title, self.stems)

    @property
    def is_part(self) -> bool:
        """Whether it lies under another entry."""
        return bool(self.entry.root)

    @property
    def url(self) -> str:
        """Its very place: for a reply, on the page of its thread."""
        entry, document = self.entry, self.document
        if not entry.root:
            return entry_url(entry, document.title)
        root = SimpleNamespace(id=entry.root, kind=entry.root_kind, title=entry.root_title, root=None)
        return f"{entry_url(root)}#{anchor(entry)}"

    @property
    def snippet(self) -> Markup:
        return snippet(self.document.text, self.stems)


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow what was found: a value, its words, and how many there would be."""

    value: str
    label: str
    count: int


@dataclass(slots=True)
class Results:
    """What was found, one page of it."""

    query: Query
    count: int = 0
    hits: Sequence[Hit] = ()
    kinds: Sequence[Facet] = ()
    partners: Sequence[Facet] = ()
    notes: list[str] = field(default_factory=list)
    """What the reader should know: what was left out, and whether the index is behind."""
    page: int = 1

    @property
    def has_more(self) -> bool:
        return self.page < PAGES and self.count > self.page * PER_PAGE


def search(
    session: Session,
    engine: Engine,
    reader: Reader,
    query: Query,
    *,
    sort: str = RELEVANCE,
    page: int = 1,
    limit: int = PER_PAGE,
    written: int = 0,
) -> Results:
    """One page of what a reader can find.

    `written` is the position of the reader's own last write: the answer waits a little for it.
    """
    results = Results(query, notes=list(query.notes), page=page)
    if query.is_empty:
        return results
    if written:
        engine.wait_for(written)
    if is_behind(session, engine):
        results.notes.append(str(BEHIND))
    try:
        found = engine.find(wanted(session, reader, query, results.notes, sort, page * limit))
    except Unavailable:
        results.notes.append(str(BEING_MADE))
        return results
    shown = found.hits[(page - 1) * limit :]
    seen = documents(session, [entity for entity, _ in shown], reader.visible)
    partners = {document.entry.partner for document in seen.values()} | found.partners.keys()
    partner_names = names.partner_names(session, partners - {None}, reader.visible) if partners else {}
    results.hits = [
        Hit(seen[entity], score, query.words.keys(), partner_names.get(seen[entity].entry.partner, ""))
        for entity, score in shown
        if entity in seen
    ]
    if not found.count and query.phrases:
        results.notes.append(_("Nothing holds these words side by side: try them without quotation marks."))
    results.count = found.count - (len(shown) - len(results.hits))
    results.kinds = _facets(found.kinds, {kind: names.kind_label(kind) for kind in found.kinds})
    results.partners = _facets(found.partners, partner_names)
    return results


def find_many(
    session: Session, engine: Engine, reader: Reader, query: Query, limit: int
) -> Sequence[tuple[Any, float]]:
    """The rows of the best entries for one query of a batch, with their scores; no words are shown."""
    if query.is_empty:
        return ()
    found: Found = engine.find(wanted(session, reader, query, [], RELEVANCE, limit))
    seen = documents(session, [entity for entity, _ in found.hits], reader.visible)
    return [(seen[entity].entry, score) for entity, score in found.hits if entity in seen]


def is_behind(session: Session, engine: Engine) -> bool:
    """Whether there is something that the index has not read yet."""
    return engine.position() < last_position(session)


def wanted(session: Session, reader: Reader, query: Query, notes: list[str], sort: str, limit: int) -> Wanted:
    """The question to the engine: filters looked up among what the reader may see, and their logs alone."""
    conditions = [Condition("log", reader.logs.__contains__)]
    thread = None
    by_name: dict[tuple[str, bool], list[str]] = {}
    for asked in query.filters:
        by_name.setdefault((asked.name, asked.negated), []).append(asked.value)
    for (name, negated), values in by_name.items():
        if name == "kind":
            conditions.append(Condition("kind", _kinds(values, notes).__contains__, negated))
        elif name == "partner":
            found = set().union(*(names.partners_called(session, value, reader.visible) for value in values))
            conditions.append(Condition("partner", found.__contains__, negated))
            if not found:
                notes.append(_("There is no partner called “%(value)s” that you can see.", value=values[0][:60]))
        elif name == "by":
            conditions.append(Condition("author", _author(session, reader, values), negated))
        elif set(map(fold, values)) <= {PUBLIC, NETWORK}:
            conditions.append(Condition("log", set(map(fold, values)).__contains__, negated))
        else:
            thread = names.thread_called(session, values[0], reader.visible)
            if thread is None:
                value = values[0][:60]
                notes.append(_("There is no entry or visibility called “%(value)s” that you can see.", value=value))
                conditions.append(Condition("log", frozenset[str]().__contains__, negated))
    return Wanted(
        query.words, query.phrases, query.excluded, conditions, query.after, query.before, thread,
        sort, limit, query.word_limit,
    )  # fmt: skip


def _kinds(values: Sequence[str], notes: list[str]) -> set[str]:
    found: set[str] = set().union(*map(names.kinds_called, values))
    if not found:
        known = ", ".join(sorted(kind.name for kind in KINDS.values() if kind.is_listed))
        value = values[0][:60]
        notes.append(_("There is no kind called “%(value)s”; there are %(known)s and more.", value=value, known=known))
    return found


def _author(session: Session, reader: Reader, values: Sequence[str]) -> Any:
    persons = set().union(*(names.authors_called(session, value, reader.visible) for value in values))
    needles = [fold(value) for value in values]

    def accepts(author: str) -> bool:
        if author.startswith(CREDITED):
            credit = fold(author)
            return any(needle in credit for needle in needles)
        return author in persons

    return accepts


def _facets(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[Facet]:
    named = [Facet(value, labels[value], count) for value, count in counts.items() if value in labels]
    return sorted(named, key=lambda facet: (-facet.count, facet.label))
