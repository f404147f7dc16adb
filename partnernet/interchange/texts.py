"""Entries and replies as words: read through the policy, page by page, with names where the ledger has handles."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment, Entry, Mark
from partnernet.core.ledger.kinds import KINDS, reference
from partnernet.core.policy import visible_in
from partnernet.entries.model import CAME_FROM
from partnernet.interchange.choice import Choice
from partnernet.partners.model import Partner
from partnernet.people.mentions import plain
from partnernet.people.names import Names, names, pairs_of

PAGE = 100
"""Entries that are read at a time."""
REPLY = "reply"

_entry = Entry.__table__.c
_MAY_BE_ANSWERED = or_(Entry.replies > 0, Entry.copied_from.is_not(None))
_COLUMNS = [column for column in _entry if column.name not in ("setters", "heads")]


@dataclass(frozen=True, slots=True)
class File:
    """A file that an entry names; whether it is here says the folder of files."""

    field: str
    sha256: str
    name: str
    type: str
    size: int
    words: Mapping[str, str]
    """What a picture shows, its caption and its credit, those that there are."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An entry that another one came from."""

    id: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Text:
    """An entry or a reply as somebody may read it. Times are milliseconds."""

    id: str
    kind: str
    log: str
    when: int
    edited: int | None
    title: str
    body: str
    author: str
    """The name that stands over it: its writer's, or for what was brought in the one it is credited to."""
    brought_in_by: str
    handle: str
    partner: str
    tags: Sequence[str]
    source: str
    lang: str
    may_be_answered: bool
    """Whether there may be replies: under it, or where it stood before it was opened to others."""
    root: str | None
    parent: str | None
    more: Mapping[str, Any] = field(default_factory=dict)
    """The kind's own fields, those that say something; partners by name."""
    files: Sequence[File] = ()
    came_from: Sequence[Origin] = ()


@dataclass(slots=True)
class Reading:
    """One reader's way through everything that was chosen, in an order that the state alone decides."""

    session: Session
    choice: Choice
    _partners: dict[str, str] | None = None

    def entries(self) -> Iterator[Text]:
        """The chosen entries, kind by kind, the oldest first."""
        for kind in self.choice.chosen:
            yield from self._paged(self.choice.holds(kind.name))

    def answered(self) -> Iterator[str]:
        """The ids of those chosen entries that have replies, in the same order."""
        for kind in self.choice.chosen:
            last: tuple[int, str] = (-(2**63), "")
            while True:
                wanted = select(Entry.when, Entry.id).where(self.choice.holds(kind.name), _MAY_BE_ANSWERED)
                further = wanted.where(tuple_(Entry.when, Entry.id) > last).order_by(Entry.when, Entry.id)
                rows = self.session.execute(further.limit(PAGE)).all()
                yield from (row.id for row in rows)
                if len(rows) < PAGE:
                    break
                last = (rows[-1].when, rows[-1].id)

    def replies(self, root: str) -> Iterator[Text]:
        """The replies under an entry, the oldest first, but none before what it answers."""
        where = and_(self._replies, _entry.root.in_(self._standing_for(root)))
        late = self._early(where)
        waiting: dict[str, str | None] = {}
        for text in (replace(text, root=root) for text in self._paged(where)):
            if text.id in late or text.parent in waiting:
                waiting[text.id] = text.parent
            else:
                yield text
        while waiting:
            ready = [one for one, parent in waiting.items() if parent not in waiting] or list(waiting)
            for some in chunks(ready, PAGE):
                found = {text.id: text for text in self._texts(self._rows(_entry.id.in_(some)))}
                yield from (replace(found[one], root=root) for one in some)
            for one in ready:
                del waiting[one]

    def partner(self, partner: str | None) -> str:
        """The name of a partner; empty where there is none that anybody may see."""
        if self._partners is None:
            cards = select(Partner.id, Partner.name).join(Entry, Entry.id == Partner.id)
            standing = cards.where(visible_in(self.choice.logs), ~Entry.deleted, ~Entry.redacted)
            self._partners = {row.id: row.name for row in self.session.execute(standing)}
        return self._partners.get(partner or "", "")

    def _standing_for(self, root: str) -> list[str]:
        """An entry, and those in whose place it stands since it was opened to others: their replies stayed there."""
        found, origin = [root], aliased(Entry)
        for one in found:
            # By the id of what it was copied from: what stands in the place of what has no index.
            before = select(origin.id).join(Entry, and_(Entry.copied_from == origin.id, Entry.id == one))
            standing = before.where(origin.superseded_by == one, visible_in(self.choice.logs, origin), ~origin.redacted)
            found += [before for before in self.session.scalars(standing) if before not in found]
        return found

    @property
    def _replies(self) -> ColumnElement[bool]:
        return and_(_entry.kind == REPLY, visible_in(self.choice.logs), ~_entry.deleted, ~_entry.redacted)

    def _early(self, where: ColumnElement[bool]) -> set[str]:
        """The replies that stand before what they answer, as wrong clocks and dates of old mail make them."""
        answered = aliased(Entry)
        before = or_(answered.when > _entry.when, and_(answered.when == _entry.when, answered.id > _entry.id))
        found = select(_entry.id).join_from(Entry.__table__, answered, answered.id == _entry.parent)
        return set(self.session.scalars(found.where(where, before)))

    def _paged(self, where: ColumnElement[bool]) -> Iterator[Text]:
        last: tuple[int, str] | None = None
        while True:
            further = where if last is None else and_(where, tuple_(_entry.when, _entry.id) > last)
            rows = self._rows(further)
            yield from self._texts(rows)
            if len(rows) < PAGE:
                return
            last = (rows[-1].when, rows[-1].id)

    def _rows(self, where: ColumnElement[bool]) -> Sequence[Row[Any]]:
        wanted: Select[Any] = select(*_COLUMNS).where(where).order_by(_entry.when, _entry.id).limit(PAGE)
        return self.session.execute(wanted).all()

    def _texts(self, rows: Sequence[Row[Any]]) -> Iterator[Text]:
        if not rows:
            return
        own = self._own_fields(rows)
        files = self._files([row.id for row in rows])
        origins = self._origins([row.id for row in rows])
        known = names(self.session, self.choice.reader, pairs_of(rows))
        for row in rows:
            yield self._text(row, known, own.get(row.id, {}), files.get(row.id, ()), origins.get(row.id, ()))

    def _text(
        self, row: Row[Any], known: Names, own: Mapping[str, Any], files: Sequence[File], origins: Sequence[Origin]
    ) -> Text:
        writer = str(known[row.node, row.by].text)
        prose = KINDS[row.kind].prose
        more = {
            name: _unix(plain(value, known, row.node)) if name in prose and isinstance(value, str) else value
            for name, value in own.items()
        }
        return Text(
            row.id, row.kind, row.log, row.when, row.edited, row.title, _unix(plain(row.body, known, row.node)),
            row.credit or writer, writer if row.credit else "", row.by, self.partner(row.partner),
            sorted(row.tags), row.source, row.lang, bool(row.replies or row.copied_from), row.root, row.parent,
            more, files, origins,
        )  # fmt: skip

    def _own_fields(self, rows: Iterable[Row[Any]]) -> dict[str, dict[str, Any]]:
        """What each kind has beside the columns of every entry."""
        by_kind = defaultdict(list)
        for row in rows:
            by_kind[row.kind].append(row.id)
        found: dict[str, dict[str, Any]] = {}
        for kind, ids in by_kind.items():
            table = KINDS[kind].table
            if table is None:
                continue
            for one in self.session.execute(select(table).where(table.c.id.in_(ids))).mappings():
                found[one["id"]] = {
                    name: self.partner(one[name]) if declared.good is reference else one[name]
                    for name, declared in KINDS[kind].fields.items()
                    if name in table.c and one[name]
                }
        return found

    def _files(self, ids: Sequence[str]) -> Mapping[str, Sequence[File]]:
        found = defaultdict(list)
        rows = select(Attachment).where(Attachment.entry.in_(ids))
        for row in self.session.scalars(rows.order_by(Attachment.entry, Attachment.field.desc(), Attachment.n)):
            words = {"alt": row.alt, "caption": row.caption, "credit": row.credit}
            said = {name: value for name, value in words.items() if value}
            found[row.entry].append(File(row.field, row.sha256, row.name, row.type, row.size, said))
            self.session.expunge(row)
        return found

    def _origins(self, ids: Sequence[str]) -> Mapping[str, Sequence[Origin]]:
        """What entries came from, as far as the reader may see it."""
        origin, logs = aliased(Entry), self.choice.logs
        rows = (
            select(Mark.entry, origin.id, origin.kind, origin.title)
            .join(origin, origin.id == Mark.subject)
            .where(Mark.entry.in_(ids), Mark.mark == CAME_FROM.name, Mark.value != "", origin.listed)
            .where(visible_in(logs, Mark), visible_in(logs, origin))
            .distinct()
            .order_by(Mark.entry, origin.id)
        )
        found = defaultdict(list)
        for entry, *what in self.session.execute(rows):
            found[entry].append(Origin(*what))
        return found


def _unix(text: str) -> str:
    """A text whose lines end in one way, so that none begins where a reader would not see it begin."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
