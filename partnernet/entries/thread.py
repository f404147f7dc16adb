"""One entry with its replies, as its page shows it: found, named and rendered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, literal, select, tuple_
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.batch import Batch
from partnernet.core.entry import SHORT_ID, Attachment, Entry
from partnernet.core.errors import NotFound
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.core.policy import Actor, visible_to
from partnernet.entries.model import Draft, Reading, Rendering
from partnernet.entries.rendering import note_rendering
from partnernet.people.mentions import fill
from partnernet.people.names import Name, byline, names

PAGE = 40

_entry = Entry.__table__.c
_rendering = Rendering.__table__
_body = _rendering.alias("body_html")


@dataclass(slots=True)
class Post:
    """An entry or a reply, ready to be shown."""

    entry: Any
    name: Name
    html: dict[str, str]
    """Its texts as safe HTML, by field."""
    files: list[Any]
    picture: Any
    to: Name | None = None
    """Whom it answers, where that is another reply."""
    is_new: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)


@dataclass(slots=True)
class Thread:
    """An entry and a page of its replies."""

    post: Post
    replies: list[Post]
    newer: str | None
    """The key of the next page of replies."""
    older: str | None
    names: dict[tuple[str, str], Name]
    read: int


def find(session: Session, actor: Actor | None, kind: Kind, short: str) -> Any:
    """The row of an entry, with the columns of its kind and its stored HTML, if somebody may see it."""
    short = short.partition("-")[0]
    if len(short) != SHORT_ID or not short.isalnum():
        raise NotFound()
    row = session.execute(_found(kind, short, actor)).first()
    if row is None:
        raise NotFound()
    return row


def load(session: Session, actor: Actor | None, short: str) -> Entry:
    """An entity of any kind as an object, if somebody may see it."""
    short = short.partition("-")[0]
    if len(short) != SHORT_ID or not short.isalnum():
        raise NotFound()
    entry = session.scalars(
        select(Entry).where(Entry.id >= short, Entry.id < short + "~", visible_to(actor)).order_by(Entry.id)
    ).first()
    if entry is None:
        raise NotFound()
    return entry


def thread(
    session: Session, actor: Actor | None, row: Any, *,
    visited: int, batch: Batch, start: str | None = None, size: int = PAGE,
) -> Thread:  # fmt: skip
    """The entry of a row with a page of its replies, from the reply `start` on."""
    kind = KINDS[row.kind]
    replies = session.execute(_replies(row, start, size + 1)).all() if kind.has_thread else []
    more, replies = len(replies) > size, replies[:size]
    posts = [row, *replies]
    sources = {(post.id, name): getattr(post, name) or "" for post in posts for name in _prose(post)}
    html = _rendered(posts, sources, batch)
    mentioned = {(row.node, handle) for source in sources.values() for handle in text.mentions(source)}
    known = names(session, actor, {(post.node, post.by) for post in posts} | mentioned)
    files = _files(session, [post.id for post in posts])
    read = max(visited, row.read or 0) if actor is not None else 0
    shown = [_post(post, known, html, files, read if actor is not None else None) for post in posts]
    by_id = {post.id: post for post in shown}
    for post in shown[1:]:
        if post.parent in by_id:
            post.to = by_id[post.parent].name
    return Thread(
        shown[0], shown[1:], newer=replies[-1].id[:SHORT_ID] if more else None,
        older=start, names=known, read=read,
    )  # fmt: skip


def _found(kind: Kind, short: str, actor: Actor | None) -> Any:
    columns: list[Any] = list(_entry)
    source: Any = Entry.__table__.outerjoin(
        _body, and_(_body.c.entry == _entry.id, _body.c.field == "body", _body.c.version == text.RENDERER)
    )
    columns.append(_body.c.html.label("body_html"))
    if kind.table is not None:
        source = source.outerjoin(kind.table, kind.table.c.id == _entry.id)
        columns += [column for column in kind.table.c if column.name not in _entry]
    for name in kind.prose[1:]:
        rendering = _rendering.alias(f"{name}_html")
        source = source.outerjoin(
            rendering,
            and_(rendering.c.entry == _entry.id, rendering.c.field == name, rendering.c.version == text.RENDERER),
        )
        columns.append(rendering.c.html.label(f"{name}_html"))
    if actor is not None:
        reading = Reading.__table__
        source = source.outerjoin(reading, and_(reading.c.root == _entry.id, reading.c.account == actor.account))
        draft = Draft.__table__
        source = source.outerjoin(
            draft, and_(draft.c.account == actor.account, draft.c.form == literal("reply-").concat(_entry.id))
        )
        columns += [reading.c.position.label("read"), draft.c["values"].label("draft")]
    else:
        columns += [literal(None).label("read"), literal(None).label("draft")]
    return (
        select(*columns)
        .select_from(source)
        .where(_entry.id >= short, _entry.id < short + "~", _entry.kind == kind.name, visible_to(actor, _entry))
        .order_by(_entry.id)
        .limit(1)
    )


def _replies(root: Any, start: str | None, limit: int) -> Any:
    statement = (
        select(
            _entry.id, _entry.kind, _entry.log, _entry.node, _entry.by, _entry.partner, _entry.root, _entry.parent,
            _entry.when, _entry.ts, _entry.title, _entry.credit, _entry.deleted, _entry.redacted, _entry.conflict,
            _entry.edited, _entry.arrived, _entry.heads, _entry.setters, _entry.body, _body.c.html.label("body_html"),
        )
        .select_from(Entry.__table__)
        .outerjoin(_body, and_(_body.c.entry == _entry.id, _body.c.field == "body", _body.c.version == text.RENDERER))
        .where(_entry.root == root.id, _entry.log == root.log)
        .order_by(_entry.when, _entry.id)
        .limit(limit)
    )  # fmt: skip
    if start is not None:
        begin = Entry.__table__.alias("first")
        first = select(begin.c.when, begin.c.id).where(begin.c.id >= start, begin.c.id < start + "~").limit(1)
        statement = statement.where(tuple_(_entry.when, _entry.id) >= first.scalar_subquery())
    return statement


def _prose(post: Any) -> Sequence[str]:
    return KINDS[post.kind].prose


def _rendered(posts: Sequence[Any], sources: dict[tuple[str, str], str], batch: Batch) -> dict[tuple[str, str], str]:
    html = {}
    for post in posts:
        for name in _prose(post):
            stored = getattr(post, f"{name}_html")
            if stored is None:
                stored = text.render(sources[(post.id, name)])
                batch.note(note_rendering, (post.id, name), (stored, post.setters))
            html[(post.id, name)] = stored
    return html


def _files(session: Session, ids: Sequence[str]) -> dict[str, list[Any]]:
    files: dict[str, list[Any]] = {}
    wanted = select(Attachment.__table__).where(Attachment.entry.in_(ids)).order_by(Attachment.entry, Attachment.n)
    for row in session.execute(wanted):
        files.setdefault(row.entry, []).append(row)
    return files


def _post(row: Any, known: dict[tuple[str, str], Name], html: dict[tuple[str, str], str], files: dict[str, list[Any]], read: int | None) -> Post:
    own = files.get(row.id, [])
    return Post(
        row, byline(row, known),
        {name: fill(html[(row.id, name)], known, row.node) for name in _prose(row)},
        [file for file in own if file.field == "files"],
        next((file for file in own if file.field == "picture"), None),
        is_new=read is not None and row.arrived > read,
    )  # fmt: skip
