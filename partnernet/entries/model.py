"""What every kind of entry can do: be shared, revised, tagged, removed, erased, and opened wider or narrower."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from partnernet.core import text
from partnernet.core.db import Base, upsert
from partnernet.core.entry import Attachment, Entry, Mark
from partnernet.core.errors import Conflict, Invalid
from partnernet.core.ledger import verbs
from partnernet.core.ledger.fold import Folded
from partnernet.core.ledger.kinds import EVERY, KINDS, MarkKind, declare_mark, reference, tag
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpId, OpRow
from partnernet.core.policy import PUBLIC, VISIBILITIES, Actor
from partnernet.core.words import _
from partnernet.entries.fields import TAGS_LIMIT
from partnernet.entries.mentions import to_handles
from partnernet.entries.merging import as_seen

CAME_FROM = declare_mark(MarkKind("came_from", subject=lambda value: bool(value) and reference(value)))
"""What a member says of an entry that came from another one, whose id is the subject."""


class Rendering(Base):
    """A text of an entry as safe HTML, with the version of the renderer that made it."""

    __tablename__ = "rendering"

    entry: Mapped[str] = mapped_column(OpId, primary_key=True)
    field: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    html: Mapped[str] = mapped_column(Text)


class Draft(Base):
    """What somebody is writing and has not sent: one per person and form. Never an op."""

    __tablename__ = "draft"

    account: Mapped[int] = mapped_column(Integer, primary_key=True)
    form: Mapped[str] = mapped_column(String(80), primary_key=True)
    values: Mapped[str] = mapped_column(Text)
    saved: Mapped[int] = mapped_column(BigInteger)


class Reading(Base):
    """Up to which ledger position a person has seen an entry and its thread. Never leaves this node."""

    __tablename__ = "reading"

    account: Mapped[int] = mapped_column(Integer, primary_key=True)
    root: Mapped[str] = mapped_column(OpId, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_reading_root", "root"),)


def share(
    session: Session, kind: str, values: Mapping[str, Any], visibility: str, tags: Sequence[str] = (), *, by: Actor
) -> Entry:
    """Publish a new entry."""
    if visibility not in VISIBILITIES:
        sentence = _("Choose who may read this.")
        raise Invalid(sentence, {"visibility": sentence})
    values = _written(session, kind, values, by)
    rendered = render(kind, values)
    op = verbs.create(session, by, kind, visibility, values)
    entry = _entry(session, op.id)
    keep(session, entry.id, rendered)
    retag(session, entry, tags, by=by)
    return entry


def answer(session: Session, to: Entry, values: Mapping[str, Any], *, by: Actor) -> Entry:
    """Reply to an entry, or to a reply."""
    values = _written(session, "reply", values, by)
    rendered = render("reply", values)
    op = verbs.create(session, by, "reply", to.log, values, under=to)
    keep(session, op.id, rendered)
    return _entry(session, op.id)


def revise(
    session: Session, entry: Entry, values: Mapping[str, Any], seen: Sequence[str] = (), *, by: Actor
) -> Op | None:
    """Change what the author changed; None where that is nothing.

    `seen` are the heads that the form was made from: an author who had not seen the newest version is
    held to nothing that others changed meanwhile. One who had seen all versions settles between them.
    """
    values = _mentioning(session, entry.kind, values, by)
    has_seen_all = not seen or sorted(seen) == entry.heads
    before = None if has_seen_all else as_seen(session, entry, seen)
    setters = before.setters if before else entry.setters
    contested = {name for name, ops in setters.items() if len(ops) > 1 and (has_seen_all or before)}
    changed = {
        name: value
        for name, value in values.items()
        if name in contested or (value or None) != _before(session, entry, name, before)
    }
    if not changed:
        return None
    rendered = render(entry.kind, changed)
    op = verbs.edit(session, by, entry, changed, seen)
    session.execute(delete(Rendering).where(Rendering.entry == entry.id, Rendering.field.in_(list(changed))))
    session.refresh(entry)
    if not entry.conflict:
        keep(session, entry.id, rendered)
    return op


def remove(session: Session, entry: Entry, *, by: Actor) -> Op:
    """Take an entry or a reply off the lists; `restore` brings it back."""
    return verbs.delete(session, by, entry)


def restore(session: Session, entry: Entry, *, by: Actor) -> Op:
    """Bring back what was removed."""
    return verbs.delete(session, by, entry, deleted=False)


def erase(session: Session, entry: Entry, *, by: Actor) -> Op:
    """Erase the words for good, here and wherever they went; tags are words, too."""
    tagged = select(OpRow.id).join(Mark, Mark.thing == OpRow.thing).where(Mark.entry == entry.id, Mark.mark == "tag")
    if tags := session.scalars(tagged).all():
        verbs.redact(session, by, entry, tags)
    return verbs.redact(session, by, entry)


def erase_version(session: Session, entry: Entry, op: str, *, by: Actor) -> Op:
    """Erase one earlier version for good; what still stands on the page is changed first."""
    if any(op in ops for ops in entry.setters.values()):
        raise Conflict(_("Some of these words still stand on the page: change them there first."))
    return verbs.redact(session, by, entry, [op])


def move(session: Session, entry: Entry, visibility: str, *, by: Actor) -> Entry:
    """Open an entry wider or narrower: a copy in the other log, which stands in its place.

    Replies stay where they were written. Narrower is possible only while nobody else wrote under it.
    The words stay their author's, whoever moves them.
    """
    if visibility not in VISIBILITIES or visibility == entry.log:
        raise Invalid(_("Choose who may read this from now on."), {"visibility": _("Choose who may read this.")})
    if entry.node != by.node.id:
        raise Conflict(_("This was written at another server: only there can it be opened wider or narrower."))
    narrower = visibility != PUBLIC
    if narrower and _others_wrote(session, entry, by):
        raise Conflict(_("Others have written here, so it cannot be made narrower; you can remove it instead."))
    fields = (*KINDS[entry.kind].fields, *EVERY)
    values = _without_empty({name: present(session, entry, name) for name in fields})
    values |= {"copied_from": entry.id, "date": entry.when}
    rendered = render(entry.kind, values)
    author = replace(by, handle=entry.by, partner=entry.partner)
    op = verbs.create(session, author, entry.kind, visibility, values)
    copy = _entry(session, op.id)
    keep(session, copy.id, rendered)
    retag(session, copy, entry.tags, by=by)
    _link_again(session, entry, copy, by)
    if narrower:
        _remove_origin(session, entry, by)
        verbs.redact(session, by, entry)
    return copy


def _link_again(session: Session, entry: Entry, copy: Entry, by: Actor) -> None:
    """What an entry came from is what its copy came from, too."""
    origins = select(Mark.subject).where(Mark.entry == entry.id, Mark.mark == CAME_FROM.name, Mark.value != "")
    for origin in session.scalars(origins.distinct()).all():
        verbs.mark(session, by, copy, CAME_FROM.name, True, origin)


def _remove_origin(session: Session, entry: Entry, by: Actor) -> None:
    """Remove the page that an entry was opened up from, which would stand again once the entry is erased.

    What others wrote under it can still be read there.
    """
    origin = session.get(Entry, entry.copied_from) if entry.copied_from else None
    if origin is not None and origin.node == entry.node and not (origin.deleted or origin.redacted):
        verbs.delete(session, by, origin)


def retag(session: Session, entry: Entry, tags: Sequence[str], *, by: Actor) -> None:
    """Make these the person's tags on an entry."""
    wanted = list(dict.fromkeys(tags))
    wrong = [word for word in wanted if not tag(word)]
    if wrong or len(wanted) > TAGS_LIMIT:
        raise Invalid(
            _("Please look at the tags again."),
            {"tags": _("Give at most %(limit)s tags of up to 60 letters, with commas between them.", limit=TAGS_LIMIT)},
        )
    own = session.scalars(
        select(Mark.subject).where(
            Mark.entry == entry.id, Mark.mark == "tag", Mark.value != "", Mark.by == by.handle, Mark.node == by.node.id
        )
    ).all()
    for word in wanted:
        if word not in own and word not in entry.tags:
            verbs.mark(session, by, entry, "tag", True, word)
    for word in own:
        if word not in wanted:
            verbs.mark(session, by, entry, "tag", False, word)


def present(session: Session, entry: Entry, name: str) -> Any:
    """The value of a field as it stands now."""
    if name in ("title", "body", "credit", "source", "lang", "copied_from"):
        return getattr(entry, name)
    if name == "date":
        return entry.when
    if name in ("files", "picture"):
        files = attached(session, entry.id, name)
        return files if name == "files" else (files[0] if files else None)
    table = KINDS[entry.kind].table
    return None if table is None else session.execute(select(table.c[name]).where(table.c.id == entry.id)).scalar()


def attached(session: Session, entry: str, field: str = "files") -> list[dict[str, Any]]:
    """The files of an entry, as its ops name them."""
    rows = session.scalars(
        select(Attachment).where(Attachment.entry == entry, Attachment.field == field).order_by(Attachment.n)
    )
    return [as_file(row) for row in rows]


def as_file(row: Any) -> dict[str, Any]:
    """An attachment's row as an op names it: words that are empty are left out."""
    words = {name: value for name in ("alt", "caption", "credit") if (value := getattr(row, name))}
    return {"sha256": row.sha256, "name": row.name, "type": row.type, "size": row.size, **words}


def render(kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The texts among some values as safe HTML; done before the writing transaction begins."""
    return {name: text.render(values[name]) for name in KINDS[kind].prose if name in values}


def keep(session: Session, entry: str, rendered: Mapping[str, str]) -> None:
    """Store rendered texts with the renderer's version."""
    rows = [{"entry": entry, "field": name, "version": text.RENDERER, "html": html} for name, html in rendered.items()]
    upsert(session, Rendering.__table__, rows)


def _before(session: Session, entry: Entry, name: str, before: Folded | None) -> Any:
    """The value of a field as its author saw it; None where it was empty."""
    return (present(session, entry, name) if before is None else before.values.get(name)) or None


def _written(session: Session, kind: str, values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Values as a create holds them: with handles for names, and without what is empty."""
    return _without_empty(_mentioning(session, kind, values, by))


def _mentioning(session: Session, kind: str, values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    prose = KINDS[kind].prose
    return {
        name: to_handles(session, by, value) if name in prose and isinstance(value, str) else value
        for name, value in values.items()
    }


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", []) or name in ("title", "body")}


def _entry(session: Session, entry: str) -> Entry:
    return session.scalars(select(Entry).where(Entry.id == entry).execution_options(populate_existing=True)).one()


def _others_wrote(session: Session, entry: Entry, by: Actor) -> bool:
    reply = select(Entry.id).where(
        Entry.root == entry.id, (Entry.by != by.handle) | (Entry.node != by.node.id), ~Entry.redacted
    )
    return bool(session.scalar(select(exists(reply))))
