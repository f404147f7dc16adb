"""Keeps texts as safe HTML: at save by the verbs, after an import by a consumer, at a view by the batch writer."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.consumers import Consumer
from partnernet.core.db import chunks, upsert, write
from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.tables import Touched
from partnernet.entries.model import Draft, Rendering

_entry = Entry.__table__.c


def consume(session: Session, batch: Sequence[Touched]) -> None:
    """Render what came in, and drop what was erased, with what somebody had begun to make of it."""
    causes = {row.entity: row.cause for row in batch}
    entries = session.scalars(select(Entry).where(Entry.id.in_(list(causes)))).all()
    gone = [entry.id for entry in entries if entry.redacted]
    fresh = [entry for entry in entries if not entry.redacted and (entry.conflict or causes[entry.id] != "local")]
    rendered = {
        (entry.id, name): text.render(source) for entry in fresh for name, source in _sources(session, entry).items()
    }
    _store(session, rendered, {entry.id: dict(entry.setters) for entry in fresh}, gone)


def note_rendering(session: Session, rendered: Mapping[tuple[str, str], tuple[str, Mapping[str, list[str]]]]) -> None:
    """Store what pages had to render, given as HTML and the setters of the entry that it was made from."""
    made_from = {entry: setters for (entry, _), (_, setters) in rendered.items()}
    _store(session, {key: html for key, (html, _) in rendered.items()}, made_from, [])


def _store(
    session: Session, rendered: Mapping[tuple[str, str], str], made_from: Mapping[str, Any], gone: Sequence[str]
) -> None:
    """Store what was rendered from an entry that has not changed meanwhile."""
    if not rendered and not gone:
        return
    write(session)
    if gone:
        session.execute(delete(Rendering).where(Rendering.entry.in_(gone)))
        session.execute(delete(Draft).where(Draft.form.in_([f"edit-{entry}" for entry in gone])))
    rows = []
    for some in chunks(made_from):
        now = dict(
            session.execute(select(_entry.id, _entry.setters).where(_entry.id.in_(some), ~_entry.redacted)).all()
        )
        unchanged = {entry for entry in some if now.get(entry) == made_from[entry]}
        rows += [
            {"entry": entry, "field": name, "version": text.RENDERER, "html": html}
            for (entry, name), html in rendered.items()
            if entry in unchanged
        ]
    upsert(session, Rendering.__table__, rows)


def _sources(session: Session, entry: Entry) -> dict[str, str]:
    kind = KINDS[entry.kind]
    sources = {"body": entry.body}
    if len(kind.prose) > 1 and kind.table is not None:
        columns = [kind.table.c[name] for name in kind.prose[1:]]
        row = session.execute(select(*columns).where(kind.table.c.id == entry.id)).first()
        sources |= {name: getattr(row, name) or "" for name in kind.prose[1:]} if row else {}
    return {name: sources[name] for name in kind.prose if name in sources}


RENDERING = Consumer("rendering", consume)
