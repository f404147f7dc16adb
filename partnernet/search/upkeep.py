"""Keeping the index up with the database: catching up, making it anew, writing out what was erased.

Only whoever holds the lock comes here. All of it can be stopped anywhere and done again.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position, pending
from partnernet.core.db import chunks
from partnernet.core.entry import Entry
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.tables import OpRow, Touched
from partnernet.core.time import now_ms
from partnernet.search import folder as folders
from partnernet.search.document import Document, documents, ids_in_order
from partnernet.search.folder import current_folder
from partnernet.search.generation import Generation
from partnernet.search.lagging import continues
from partnernet.search.merging import MOST, when_quiet, when_too_many
from partnernet.search.state import Damaged

ROWS = 4_000
"""Rows of `touched` that are taken in with one commit."""

SMALL = 400
"""Up to here a commit takes small segments along; what comes in bulk is not held up by that."""

PIECE = 400
"""Documents that a rebuild reads at a time."""

BATCH_DOCUMENTS, BATCH_CHARACTERS = 10_000, 16 << 20
"""A rebuild commits after so many documents, or so much text."""

PURGE_AFTER = 30 * 60_000
"""Milliseconds that erased words may stay in segments: well within the hour that is promised."""

ERASING = ("redact", "erase_person")

Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The server ends: what was begun is made anew the next time."""


def silent(done: int, total: int) -> None:
    """Nobody watches."""


def open_generation(
    session: Session, folder: Path, node: Node, progress: Progress = silent, stopping: Callable[[], bool] = bool
) -> Generation:
    """The current generation, every byte of it checked; a new one where there is none to be trusted.

    What can be trusted serves until the new one is whole; what is damaged is not searched any more.
    """
    try:
        generation = Generation(current_folder(folder), node)
        generation.check()
        generation.snapshot()
        if not folders.is_asked_for(folder) and continues(session, generation.state):
            folders.sweep(folder, generation.folder)
            return generation
        reason = "it was asked for" if folders.is_asked_for(folder) else "the database has another history"
    except Damaged as error:
        folders.name_none(folder)
        reason = str(error)
    except Exception as error:
        log.exception("the index cannot be opened")
        folders.name_none(folder)
        reason = f"it cannot be opened ({type(error).__name__})"
    finally:
        session.rollback()
    log.info("The search index is made anew: %s", reason)
    return rebuild(session, folder, node, progress, stopping)


def is_usable(folder: Path, generation: Generation) -> bool:
    """Whether a generation is still the one to write to: current, unharmed as far as a look tells, and wanted."""
    try:
        generation.refresh()
        return current_folder(folder) == generation.folder and not folders.is_asked_for(folder)
    except Damaged:
        return False


def advance(
    session: Session, generation: Generation, progress: Progress = silent, stopping: Callable[[], bool] = bool
) -> int:
    """Read everything past the index's position; how many rows it read."""
    read, total = 0, last_position(session) - generation.state.position
    while not stopping() and (rows := pending(session, generation.state.position, ROWS)):
        ids = _concerned(session, rows)
        found = documents(session, ids, with_files=True)
        under = _under_changed(session, generation, ids, found) - ids
        ids, found = ids | under, found | documents(session, under, with_files=True)
        generation.apply(
            found.values(), ids - found.keys(), rows[-1].position, rows[-1].entity,
            erased=_is_erasing(session, {row.entity for row in rows if row.op}), merge=len(rows) <= SMALL,
        )  # fmt: skip
        session.rollback()
        if generation.segments > MOST:
            generation.merge(when_too_many)
        read += len(rows)
        progress(read, max(read, total))
    session.rollback()
    return read


def rebuild(
    session: Session, folder: Path, node: Node, progress: Progress = silent, stopping: Callable[[], bool] = bool
) -> Generation:
    """Make the index anew beside the old one, then swap; raises Stopped where that has to end."""
    position = last_position(session)
    entity = session.scalars(select(Touched.entity).where(Touched.position == position)).first() or ""
    total = session.execute(select(func.count()).select_from(Entry)).scalar_one()
    session.rollback()
    beside = folders.new_folder(folder)
    try:
        generation = Generation.create(beside, node)
        done = 0
        for batch in _batches(session):
            if stopping():
                raise Stopped
            generation.apply(batch, (), 0, "", merge=False)
            done += len(batch)
            progress(done, max(done, total))
            if generation.segments > MOST:
                generation.merge(when_too_many)
        generation.apply((), (), position, entity)
        folders.make_current(folder, generation.folder)
    except Exception:
        folders.remove(beside)  # it may be the disk that is full
        raise
    folders.answered(folder)
    folders.sweep(folder, generation.folder)
    return generation


def tidy(generation: Generation, interrupted: Callable[[], bool] = bool) -> bool:
    """Merge some segments while nothing is written; whether there was anything to merge."""
    return generation.merge(when_quiet, interrupted)


def purge_if_due(generation: Generation, now: int | None = None) -> bool:
    """Write out what was erased a while ago; whether anything was."""
    since = generation.state.erased_at
    if not since or abs((now_ms() if now is None else now) - since) < PURGE_AFTER:
        return False
    generation.purge()
    return True


def disagreeing(session: Session, generation: Generation) -> list[str]:
    """The ids whose document is not what the database says, at the index's own position."""
    from partnernet.core.ledger.canonical import to_base32

    held = {to_base32(raw): stamp for raw, stamp in generation.snapshot().stamps().items()}
    wrong = []
    for batch in _batches(session):
        wrong += [document.id for document in batch if held.pop(document.id, None) != document.stamp]
    return sorted([*wrong, *held])


def _batches(session: Session) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size, ids = 0, ids_in_order(session)
    for at in range(0, len(ids), PIECE):
        some = ids[at : at + PIECE]
        found = documents(session, some, with_files=True)
        session.rollback()
        batch += [found[entity] for entity in some if entity in found]
        size += sum(document.size for document in found.values())
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _concerned(session: Session, rows: Sequence[Touched]) -> set[str]:
    """The entities whose documents may change: those touched, what they were copied from, and the
    replies that wait for an entry that has only now arrived."""
    ids = {row.entity for row in rows}
    first, last = rows[0].position, rows[-1].position
    concerned = set(ids)
    for some in chunks(sorted(ids)):
        originals = select(Entry.copied_from).where(Entry.id.in_(some), Entry.copied_from.is_not(None))
        arrived = select(Entry.id).where(Entry.id.in_(some), Entry.arrived.between(first, last))
        concerned.update(filter(None, session.scalars(originals)))
        concerned.update(session.scalars(select(Entry.id).where(Entry.root.in_(arrived))))
    return concerned


def _under_changed(
    session: Session, generation: Generation, ids: Collection[str], found: Mapping[str, Document]
) -> set[str]:
    """What lies under those of some entries that changed, since replies are found by the title of their thread too."""
    roots: set[str] = set()
    for some in chunks(sorted(ids)):
        roots.update(session.scalars(select(Entry.root).where(Entry.root.in_(some)).distinct()))
    stamps = generation.stamps(roots) if roots else {}
    changed = [root for root in sorted(roots) if stamps.get(root) != (found[root].stamp if root in found else None)]
    under: set[str] = set()
    for some in chunks(changed):
        under.update(session.scalars(select(Entry.id).where(Entry.root.in_(some))))
    return under


def _is_erasing(session: Session, ids: Collection[str]) -> bool:
    return any(
        session.scalars(
            select(OpRow.id).where(OpRow.thing.in_(some), or_(*(OpRow.kind == kind for kind in ERASING))).limit(1)
        ).first()
        for some in chunks(sorted(ids))
    )
