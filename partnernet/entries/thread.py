"""One entry with its replies, as its page shows it: found, named and rendered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.batch import Batch
from partnernet.core.entry import SHORT_ID, Attachment, Entry, Mark
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import Actor
from partnernet.entries.model import Rendering
from partnernet.entries.rendering import note_rendering
from partnernet.partners.model import Partner
from partnernet.people.mentions import fill
from partnernet.people.names import Name, byline, names

PAGE = 40
MARKS_SHOWN = 400

_entry = Entry.__table__.c
_rendering = Rendering.__table__
_body = _rendering.alias("body_html")
_FILES = (
    select(Attachment.__table__)
    .where(Attachment.__table__.c.entry.in_(bindparam("ids", expanding=True)))
    .order_by(Attachment.__table__.c.entry, Attachment.__table__.c.n)
)


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
    marks: list["Said"]
    """What people and partners say of the entry: the marks that were asked for."""
    tags: list[str]
    """The tags that the reader gave it."""
    read: int


@dataclass(frozen=True, slots=True)
class Said:
    """One mark on an entry: what, by whom, and for which partner if for one."""

    mark: str
    name: Name
    partner: str | None
    partner_name: str
    ts: int
    is_own: bool
    """Whether the reader said it, or somebody of their partner."""


def thread(
    session: Session, actor: Actor | None, row: Any, *,
    visited: int, batch: Batch, marks: Sequence[str] = (), start: str | None = None, size: int = PAGE,
) -> Thread:  # fmt: skip
    """The entry of a row with a page of its replies, from the reply `start` on, and some of its marks."""
    kind = KINDS[row.kind]
    given = {"root": row.id, "log": row.log, "start": start, "end": f"{start}~", "limit": size + 1}
    replies = session.execute(_replies(start is not None), given).all() if kind.has_thread else []
    following, replies = replies[size:], replies[:size]
    posts = [row, *replies]
    sources = {(post.id, name): getattr(post, name) or "" for post in posts for name in _prose(post)}
    html = _rendered(posts, sources, batch)
    mentioned = {(row.node, handle) for source in sources.values() for handle in text.mentions(source)}
    said = _marks(session, actor, row, marks)
    marked = {(mark.node, mark.by) for mark in said if mark.mark in marks}
    known = names(session, actor, {(post.node, post.by) for post in posts} | mentioned | marked)
    files = _files(session, [post.id for post in posts])
    read = max(visited, row.read or 0) if actor is not None else 0
    shown = [_post(post, known, html, files, read if actor is not None else None) for post in posts]
    by_id = {post.id: post for post in shown}
    for post in shown[1:]:
        if post.parent in by_id:
            post.to = by_id[post.parent].name
    return Thread(
        shown[0], shown[1:], newer=following[0].id[:SHORT_ID] if following else None,
        older=start, read=read, marks=[_said(mark, known, actor) for mark in said if mark.mark in marks],
        tags=[mark.subject for mark in said if mark.mark == "tag"],
    )  # fmt: skip


@lru_cache
def _replies(from_start: bool) -> Select[Any]:
    statement = (
        select(
            _entry.id, _entry.kind, _entry.log, _entry.node, _entry.by, _entry.partner, _entry.root, _entry.parent,
            _entry.when, _entry.ts, _entry.title, _entry.credit, _entry.deleted, _entry.redacted, _entry.conflict,
            _entry.edited, _entry.arrived, _entry.heads, _entry.setters, _entry.body, _body.c.html.label("body_html"),
        )
        .select_from(Entry.__table__)
        .outerjoin(_body, and_(_body.c.entry == _entry.id, _body.c.field == "body", _body.c.version == text.RENDERER))
        .where(_entry.root == bindparam("root"), _entry.log == bindparam("log"))
        .order_by(_entry.when, _entry.id)
        .limit(bindparam("limit", type_=BigInteger))
    )  # fmt: skip
    if from_start:
        begin = Entry.__table__.alias("first")
        first = (
            select(begin.c.when, begin.c.id)
            .where(begin.c.id >= bindparam("start"), begin.c.id < bindparam("end"))
            .limit(1)
        )
        statement = statement.where(tuple_(_entry.when, _entry.id) >= first.scalar_subquery())
    return statement


def _marks(session: Session, actor: Actor | None, row: Any, wanted: Sequence[str]) -> Sequence[Any]:
    if actor is None and not wanted:
        return ()
    given = {"entry": row.id, "log": row.log, "wanted": list(wanted)}
    if actor is not None:
        given |= {"by": actor.handle, "node": actor.node.id}
    return session.execute(_said_of(actor is not None), given).all()


@lru_cache
def _said_of(to_member: bool) -> Select[Any]:
    """The marks that are asked for, and to a member the tags that they gave."""
    mark, partner = Mark.__table__.c, Partner.__table__
    sort: ColumnElement[bool] = mark.mark.in_(bindparam("wanted", expanding=True))
    if to_member:
        own = and_(mark.mark == "tag", mark.by == bindparam("by"), mark.node == bindparam("node"))
        sort = or_(sort, own)
    return (
        select(mark.mark, mark.subject, mark.node, mark.by, mark.partner, mark.ts, partner.c.name.label("partner_name"))
        .select_from(Mark.__table__.outerjoin(partner, partner.c.id == mark.partner))
        .where(mark.entry == bindparam("entry"), mark.log == bindparam("log"), mark.value != "", sort)
        .order_by(mark.ts, mark.thing)
        .limit(MARKS_SHOWN)
    )


def _said(mark: Any, known: dict[tuple[str, str], Name], actor: Actor | None) -> Said:
    own = actor is not None and (
        mark.partner == actor.partner if mark.partner else (mark.node, mark.by) == (actor.node.id, actor.handle)
    )
    return Said(mark.mark, known[(mark.node, mark.by)], mark.partner, mark.partner_name or "", mark.ts, own)


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
            stands_alone = name == "body" and post.kind != "reply"
            html[(post.id, name)] = stored if stands_alone else text.without_addresses(stored)
    return html


def _files(session: Session, ids: Sequence[str]) -> dict[str, list[Any]]:
    files: dict[str, list[Any]] = {}
    for row in session.execute(_FILES, {"ids": ids}):
        files.setdefault(row.entry, []).append(row)
    return files


def _post(
    row: Any, known: dict[tuple[str, str], Name], html: dict[tuple[str, str], str],
    files: dict[str, list[Any]], read: int | None,
) -> Post:  # fmt: skip
    own = files.get(row.id, ())
    return Post(
        row, byline(row, known),
        {name: fill(html[(row.id, name)], known, row.node) for name in _prose(row)},
        [file for file in own if file.field == "files"],
        next((file for file in own if file.field == "picture"), None),
        is_new=read is not None and row.arrived > read,
    )  # fmt: skip
