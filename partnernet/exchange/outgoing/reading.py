"""What of a selection can be read by people, in the order in which they would: an entry, then what was answered."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.db import chunks
from partnernet.core.entry import Attachment, Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.node import Node, SigningKey
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.policy import MEMBER, PUBLIC, Actor, visible_in
from partnernet.entries.model import Rendering
from partnernet.exchange.outgoing.selection import Selection
from partnernet.people.names import Name, Names, Pair, names

TOPS = 200
REPLIES_TOGETHER = 2_000
"""Replies of several entries that are kept in mind at once; a longer thread is read by itself."""

_STREAM = {"stream_results": True, "yield_per": 500}
_entry = Entry.__table__.c
_LIGHT = (
    _entry.id, _entry.kind, _entry.node, _entry.by, _entry.credit, _entry.title, _entry.when, _entry.root,
    _entry.replies,
)  # fmt: skip
_rendering, _attachment = Rendering.__table__.c, Attachment.__table__.c
_RENDERED = select(_rendering.entry, _rendering.field, _rendering.html).where(
    _rendering.entry.in_(bindparam("ids", expanding=True)), _rendering.version == text.RENDERER
)
_FILED = (
    select(_attachment.entry, _attachment.sha256, _attachment.name, _attachment.alt)
    .where(_attachment.entry.in_(bindparam("ids", expanding=True)))
    .order_by(_attachment.entry, _attachment.n)
)


class Text(NamedTuple):
    """An entry or a reply, without its words."""

    id: str
    kind: str
    node: str
    by: str
    credit: str
    title: str
    when: int
    root: str | None
    replies: int
    is_shown: bool = True
    """Whether its words are of the selection, or only those of its replies."""

    @property
    def is_top(self) -> bool:
        return self.root is None


def threads(session: Session, selection: Selection, only: Collection[str] | None = None) -> Iterator[Text]:
    """The entries of a selection, newest first, each followed by its replies; `only` some ids, where given."""
    for some in chunks(_tops(session, selection, only), TOPS):
        for group in _together(some):
            replies = _replies(session, selection, group)
            answered: Mapping[str, Iterable[Text]] = {group[0].id: replies} if len(group) == 1 else _by_root(replies)
            for top in group:
                yield top if only is None or top.id in only else top._replace(is_shown=False)
                for reply in answered.get(top.id, ()):
                    if only is None or reply.id in only:
                        yield reply


def rendered(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """The words of some entries as safe HTML, field by field: as they are stored, or made now where they are not."""
    found: dict[str, dict[str, str]] = {}
    for some in chunks(ids):
        for entry, name, html in session.execute(_RENDERED, {"ids": some}):
            found.setdefault(entry, {})[name] = html
    lacking = [entry for entry in ids if "body" not in found.get(entry, {})]
    for some in chunks(lacking):
        for entry, body in session.execute(select(Entry.id, Entry.body).where(Entry.id.in_(some))):
            found.setdefault(entry, {})["body"] = text.render(body)
    return {
        entry: list(fields.values()) if len(fields) == 1 else [html for _, html in sorted(fields.items()) if html]
        for entry, fields in found.items()
    }


def filed(session: Session, ids: Sequence[str]) -> dict[str, list[Any]]:
    """The files of some entries."""
    found: dict[str, list[Any]] = {}
    for some in chunks(ids):
        for row in session.execute(_FILED, {"ids": some}):
            found.setdefault(row.entry, []).append(row)
    return found


def named(session: Session, selection: Selection, pairs: Iterable[Pair]) -> Names:
    """The names of some people as whoever may read the logs of a selection knows them, without addresses."""
    anybody = Actor(Node(SigningKey("", b""), ""), NODE_ITSELF, "", "", MEMBER, 0)
    known = names(session, None if list(selection.logs) == [PUBLIC] else anybody, pairs)
    return {pair: Name(name.text, "", name.partner_text, "") for pair, name in known.items()}


# -- threads ---------------------------------------------------------------------------------------


def _tops(session: Session, selection: Selection, only: Collection[str] | None) -> Iterator[Text]:
    shown = [kind.name for kind in KINDS.values() if kind.is_listed or kind.has_acts or kind.name == "page"]
    is_read = (
        visible_in(selection.logs), Entry.root.is_(None), ~Entry.deleted, ~Entry.redacted,
        Entry.superseded_by.is_(None), Entry.kind.in_(shown),
    )  # fmt: skip
    wanted = select(*_LIGHT).where(*is_read).order_by(_entry.when.desc(), _entry.id)
    if only is not None:
        order: list[Row[Any]] = []
        for some in chunks(sorted(_roots(session, only))):
            order.extend(session.execute(select(_entry.when, _entry.id).where(*is_read, _entry.id.in_(some))))
        order.sort(key=lambda row: (-row.when, row.id))
        for rows in chunks(order):
            ids = [row.id for row in rows]
            yield from (Text(*row) for row in session.execute(wanted.where(_entry.id.in_(ids))))
        return
    if selection.is_narrowed:
        from partnernet.exchange.outgoing.narrowing import read_in

        wanted = wanted.where(_entry.id.in_(select(read_in(selection).c.id)))
    yield from (Text(*row) for row in session.execute(wanted, execution_options=_STREAM))


def _roots(session: Session, only: Collection[str]) -> set[str]:
    """The entries under which some entries and replies stand."""
    roots: set[str] = set()
    for some in chunks(sorted(only)):
        found = session.execute(select(_entry.id, _entry.root).where(_entry.id.in_(some)))
        roots.update(root or entry for entry, root in found)
    return roots


def _together(tops: Sequence[Text]) -> Iterator[list[Text]]:
    """Entries in groups whose replies are not too many to be read together."""
    group: list[Text] = []
    for top in tops:
        if group and sum(one.replies for one in group) + top.replies > REPLIES_TOGETHER:
            yield group
            group = []
        group.append(top)
    if group:
        yield group


def _replies(session: Session, selection: Selection, group: Sequence[Text]) -> Iterator[Text]:
    if not any(top.replies for top in group):
        return iter(())
    wanted = (
        select(*_LIGHT)
        .where(
            _entry.root.in_([top.id for top in group if top.replies]), visible_in(selection.logs),
            ~Entry.deleted, ~Entry.redacted,
        )
        .order_by(_entry.root, _entry.when, _entry.id)
    )  # fmt: skip
    return (Text(*row) for row in session.execute(wanted, execution_options=_STREAM))


def _by_root(replies: Iterable[Text]) -> Mapping[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    for reply in replies:
        found.setdefault(str(reply.root), []).append(reply)
    return found
