"""One entry with its replies, as its page shows it: found, named and rendered in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.batch import Batch
from partnernet.core.entry import SHORT_ID, Attachment, Entry
from partnernet.core.file_text import FileReading
from partnernet.core.languages import guess
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import Actor
from partnernet.entries.marks import Said, marks_of, said
from partnernet.entries.rendering import note_rendering
from partnernet.entries.talk import Talk, called, is_new, talk
from partnernet.entries.thread_rows import replies
from partnernet.entries.versions import Written, competing, told, versions_of, writers
from partnernet.people.mentions import fill
from partnernet.people.names import Name, Pair, byline, names

PAGE = 40

_FILES = (
    select(Attachment.__table__, FileReading.__table__.c.reason)
    .outerjoin(FileReading.__table__, FileReading.__table__.c.sha256 == Attachment.__table__.c.sha256)
    .where(Attachment.__table__.c.entry.in_(bindparam("ids", expanding=True)))
    .order_by(Attachment.__table__.c.entry, Attachment.__table__.c.n)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Who last changed something that the network keeps together, and when."""

    name: Name
    when: int


@dataclass(slots=True)
class Post:
    """An entry or a reply, ready to be shown."""

    entry: Any
    name: Name
    html: dict[str, str]
    """Its texts as safe HTML, by field."""
    files: list[Any]
    picture: Any
    lang: str = ""
    """The language it is in: as its author says, else as its words do; empty where neither tells."""
    called: str = ""
    """How its author is called in a few words."""
    to: str = ""
    """Whom it answers, in a few words, where that is another reply on the page."""
    is_new: bool = False
    versions: Sequence[Written] = ()
    """Who wrote the versions that stand side by side, where there is a conflict."""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """For each field that the network keeps together: who changed it last."""

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
    marks: list[Said]
    """What people and partners say of the entry: the marks that were asked for."""
    tags: list[str]
    """The tags that the reader gave it."""
    read: int
    talk: Talk

    def replies_until(self, when: int) -> int | None:
        """How many replies had been written at a time; None where this page does not tell."""
        count = sum(post.when <= when for post in self.replies if not (post.deleted or post.redacted))
        is_told = self.older is None and (self.newer is None or self.replies[-1].when > when)
        return count if is_told else None


def thread(
    session: Session, actor: Actor | None, row: Any, *,
    visited: int, batch: Batch, marks: Sequence[str] = (), start: str | None = None, size: int = PAGE,
) -> Thread:  # fmt: skip
    """The entry of a row with a page of its replies, from the reply `start` on, and some of its marks."""
    read = max(visited, row.read or 0) if actor is not None else 0
    found = _page(session, actor, row, read, start, size) if KINDS[row.kind].has_thread else []
    following, found = found[size:], found[:size]
    posts = [row, *found]
    sources = {(post.id, name): getattr(post, name) or "" for post in posts for name in _prose(post)}
    html = _rendered(posts, sources, batch)
    mentioned = {(row.node, handle) for source in sources.values() for handle in text.mentions(source)}
    marked = marks_of(session, actor, row, marks)
    kept = _kept(row)
    conflicts = competing(posts)
    written = writers(session, conflicts)
    known = names(
        session, actor,
        {(post.node, post.by) for post in posts} | mentioned | {pair for pair, _ in kept.values()}
        | {(mark.node, mark.by) for mark in marked if mark.mark in marks} | _newest(found)
        | {pair for pair, _ in written.values()},
    )  # fmt: skip
    files = _files(session, [post.id for post in posts])
    shown = [_post(post, known, html, files) for post in posts]
    shown[0].kept = {name: Kept(known[pair], when) for name, (pair, when) in kept.items()}
    short = called([*(post.name for post in shown), *known.values()])
    by_id = {post.id: post for post in shown}
    for post in shown:
        post.versions = told(conflicts.get(post.id, ()), written, known)
        post.called = short(post.name)
        post.is_new = is_new(post.entry, read, actor)
        if post.parent in by_id and post.parent != row.id:
            post.to = short(by_id[post.parent].name)
    return Thread(
        shown[0], shown[1:], newer=following[0].id[:SHORT_ID] if following else None,
        older=start, read=read, marks=[said(mark, known, actor) for mark in marked if mark.mark in marks],
        tags=[mark.subject for mark in marked if mark.mark == "tag"],
        talk=talk(shown[1:], found, known, short, is_addressed=start is not None),
    )  # fmt: skip


def one_reply(session: Session, actor: Actor | None, reply: Entry) -> Post:
    """A reply alone, as its thread shows it."""
    above = session.get(Entry, reply.parent) if reply.parent and reply.parent != reply.root else None
    pairs = {(post.node, post.by) for post in (reply, above) if post is not None}
    known = names(session, actor, pairs | {(reply.node, handle) for handle in text.mentions(reply.body)})
    html = {(reply.id, "body"): text.without_addresses(text.render(reply.body))}
    post = _post(reply, known, html, _files(session, [reply.id]))
    short = called([post.name, *known.values()])
    post.versions = versions_of(session, actor, reply)
    post.called = short(post.name)
    post.to = short(known[(above.node, above.by)]) if above is not None else ""
    return post


def _page(session: Session, actor: Actor | None, row: Any, read: int, start: str | None, size: int) -> Sequence[Any]:
    given = {"root": row.id, "log": row.log, "start": start, "end": f"{start}~", "limit": size + 1}
    has_new = actor is not None and row.newest > read
    if actor is not None and has_new:
        given |= {"read": read, "by": actor.handle, "node": actor.node.id}
    is_long = start is not None or row.replies > size
    return session.execute(replies(start is not None, is_long, has_new), given).all()


def _newest(found: Sequence[Any]) -> set[Pair]:
    """Who wrote the newest reply of a long thread."""
    by = getattr(found[0], "newest_by", None) if found else None
    return {(found[0].newest_node, by)} if by else set()


def _kept(row: Any) -> dict[str, tuple[Pair, int]]:
    """For each field that the network keeps together and that was ever set: who set it last, and when."""
    kept = {}
    for name, kind_field in KINDS[row.kind].fields.items():
        head = getattr(row, f"{name}_head", None) if kind_field.shared else None
        if head is not None:
            op = orjson.loads(head)
            kept[name] = ((op["node"], op["by"]), row.when if op.get("ent") is None else op["ts"])
    return kept


def _prose(post: Any) -> Sequence[str]:
    """The texts of a post; what lies under an entry has a body alone, whatever kind a stranger made it of."""
    return [name for name in KINDS[post.kind].prose if hasattr(post, name)]


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


def _post(row: Any, known: dict[Pair, Name], html: dict[tuple[str, str], str], files: dict[str, list[Any]]) -> Post:
    own = files.get(row.id, ())
    return Post(
        row, byline(row, known),
        {name: fill(html[(row.id, name)], known, row.node) for name in _prose(row)},
        [file for file in own if file.field == "files"],
        next((file for file in own if file.field == "picture"), None),
        row.lang or guess(f"{row.title}\n{row.body}"),
    )  # fmt: skip
