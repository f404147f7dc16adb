"""What the index holds of an entity: one builder for every kind, from its row and the row beside it.

Only what is found by its own address has a document: entries in lists, what lies under them in the
same log, and the cards of persons and partners. Names of persons stand in their cards alone.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy import union_all as union
from sqlalchemy.orm import Session, aliased

from partnernet.core.db import chunks
from partnernet.core.entry import Entry
from partnernet.core.languages import guess, known_as
from partnernet.core.ledger.kinds import KINDS, Field
from partnernet.core.policy import visible_in
from partnernet.core.text import plain_text
from partnernet.search.attached import Attached, attached, passages_in
from partnernet.search.passages import Passage, passages

CREDITED = "~"
"""Begins the author of what was brought in from elsewhere: a name in words instead of a handle."""

GUESSED_FROM = 2_000
"""Characters of a text by which its language is guessed."""

STAGE = "stage"
"""The column of a kind that goes through the cycle: no words, but something to narrow by."""

Root = aliased(Entry, name="root_entry")
_ROOT_TITLE = case((or_(Root.deleted, Root.redacted), ""), else_=Root.title).label("root_title")
"""What was removed leaves its answers behind, and not its title."""

COLUMNS = [
    Entry.id, Entry.kind, Entry.log, Entry.node, Entry.by, Entry.partner, Entry.root, Entry.when, Entry.title,
    Entry.credit, Entry.source, Entry.tags, Entry.lang, Entry.body,
]  # fmt: skip


@dataclass(frozen=True)
class Document:
    """An entity as the index knows it; `entry` is its row, with kind and title of the root it lies under."""

    entry: Any
    title: str
    beside: str = ""
    """The words in the columns of its kind."""
    stage: str = ""
    files: Sequence[Attached] = ()
    """Its files, where it is to be indexed."""
    read_files: Callable[[], Iterator[tuple[Passage, str]]] = field(default=lambda: iter(()), compare=False)
    """Gives the passages of its files, each with its language: they are not held in memory together."""

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Its own words in the parts that are found one by one."""
        return passages(self.entry.body, self.beside)

    def everything(self) -> Iterator[tuple[Passage, str]]:
        """All its passages, those of its files behind its own, each with the language that it is read in."""
        for passage in self.passages:
            yield passage, self.lang
        for passage, lang in self.read_files():
            yield passage, lang or self.lang

    @property
    def id(self) -> str:
        return str(self.entry.id)

    @cached_property
    def named(self) -> str:
        """The title by which it is found: of what has none, such as a reply, that of what it lies under."""
        return self.title or plain_text(self.entry.root_title or "")

    @property
    def author(self) -> str:
        """Who wrote it: node and handle, or the name in words that it came with."""
        entry = self.entry
        return CREDITED + entry.credit if entry.credit else f"{entry.node}/{entry.by}"

    @cached_property
    def spoken(self) -> str:
        """The language it is in: as its author said, else as it looks; empty where neither tells."""
        return self.entry.lang or guess(f"{self.title}\n{self.entry.body[:GUESSED_FROM]}")

    @property
    def lang(self) -> str:
        """The language by which its words are known; all that are not have one code."""
        return known_as(self.spoken)

    @property
    def text(self) -> str:
        """All its words but the title."""
        return " ".join(" ".join(filter(None, (one.heading, one.text))) for one in self.passages)

    @property
    def size(self) -> int:
        """Characters that the index takes in."""
        return len(self.text) + sum(file.characters for file in self.files)

    @property
    def stamp(self) -> int:
        """A number that changes with anything that the index holds of it."""
        entry = self.entry
        parts = (
            entry.kind, entry.log, entry.partner, entry.root, entry.when, entry.tags, self.stage, self.lang,
            self.author, self.named, [(one.above, one.heading, one.text) for one in self.passages],
            [file.stamp for file in self.files],
        )  # fmt: skip
        digest = blake2b(json.dumps(parts).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1


def documents(
    session: Session, ids: Collection[str], logs: Collection[str] | None = None, *, with_files: bool = False
) -> dict[str, Document]:
    """The documents of those of some entities that have one, and that can be seen by whoever reads some logs.

    `with_files` is for the index: what is shown of a file is looked up where it was found.
    """
    made: dict[str, Document] = {}
    files = attached(session, ids) if with_files else {}
    statement = _entries(tuple(KINDS), None if logs is None else tuple(sorted(logs)))
    for some in chunks(sorted(ids)):
        rows = session.execute(statement, {"ids": some}).all()
        sides = _sides(session, rows)
        for row in rows:
            own = files.get(row.id, ())
            made[row.id] = replace(
                _document(row, sides.get(row.id, {})), files=own, read_files=partial(passages_in, session, own)
            )
    return made


def ids_in_order(session: Session) -> Sequence[str]:
    """The ids of everything that has a document, the oldest first: so the newest stands last in an index."""
    statement = select(Entry.id).outerjoin(Root, Entry.root == Root.id).where(_has_document())
    return session.scalars(statement.order_by(Entry.when, Entry.id)).all()


def counts_by_kind(session: Session, but: Select[Any]) -> dict[str, int]:
    """How many of each kind have a document, without some entities."""
    counted = select(Entry.kind, func.count()).outerjoin(Root, Entry.root == Root.id)
    rows = session.execute(counted.where(_has_document(), Entry.id.not_in(but)).group_by(Entry.kind))
    return {row.kind: row[1] for row in rows}


@lru_cache(maxsize=16)
def _entries(kinds: tuple[str, ...], logs: tuple[str, ...] | None) -> Any:
    """Made once for all who read the same logs, since making it takes longer than asking it."""
    return (
        select(*COLUMNS, Root.kind.label("root_kind"), _ROOT_TITLE, Root.replies.label("root_replies"))
        .outerjoin(Root, Entry.root == Root.id)
        .where(_has_document(), true() if logs is None else visible_in(logs))
        .where(Entry.id.in_(bindparam("ids", expanding=True)))
    )


def _has_document() -> ColumnElement[bool]:
    listed = [name for name, kind in KINDS.items() if kind.is_listed]
    cards = [name for name, kind in KINDS.items() if kind.plural and not kind.is_listed]
    live = and_(~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None))
    return or_(
        and_(Entry.kind.in_(_written_out(listed)), Entry.listed),
        and_(Entry.kind.in_(_written_out(cards)), Entry.root.is_(None), live),
        and_(Entry.kind.in_(_written_out(KINDS)), Root.log == Entry.log, live),
    )


def _written_out(kinds: Iterable[str]) -> list[ColumnElement[str]]:
    """Names of kinds as they stand in the statement, since filling them in takes longer each time than asking."""
    assert all(map(str.isidentifier, kinds))  # noqa: S101 - they are names in the code
    return [literal_column(f"'{kind}'") for kind in kinds]


def _document(entry: Any, side: dict[str, str]) -> Document:
    named_by = KINDS[entry.kind].title
    title = entry.title or side.get(named_by, "")
    rest = [plain_text(text) for name, text in side.items() if name not in (named_by, STAGE) and text]
    return Document(entry, plain_text(title), " ".join(rest), side.get(STAGE, ""))


# -- the rows beside ---------------------------------------------------------------------------------


def is_prose(field: Field) -> bool:
    """Whether a field takes any words: free text, or a list of lines."""
    return field.good("Any words, written here") or field.good(["Any words, written here"])


def _sides(session: Session, rows: Sequence[Any]) -> dict[str, dict[str, str]]:
    """The words in the kinds' own columns, by entity and field; one statement for all kinds that are there."""
    statement = _side_statement(tuple(sorted({row.kind for row in rows})))
    sides: dict[str, dict[str, str]] = {}
    if statement is None:
        return sides
    for entity, name, is_list, words in session.execute(statement, {"ids": [row.id for row in rows]}):
        text = " · ".join(json.loads(words)) if is_list else words
        sides.setdefault(entity, {})[name] = text
    return sides


@lru_cache(maxsize=64)
def _side_statement(kinds: tuple[str, ...]) -> Any:
    parts = []
    for kind in (KINDS[name] for name in kinds):
        if kind.table is None:
            continue
        for column in kind.table.columns:
            field = kind.fields.get(column.name)
            if field is None or not (column.name == STAGE or is_prose(field)):
                continue
            is_list = isinstance(column.type, JSON)
            words = cast(column, Text)
            parts.append(
                select(
                    kind.table.c.id, literal(column.name).label("name"), literal(is_list).label("is_list"),
                    words.label("words"),
                )
                .where(kind.table.c.id.in_(bindparam("ids", expanding=True)))
                .where(words.not_in(["", "[]", "null"]))
            )  # fmt: skip
    return union(*parts) if parts else None
