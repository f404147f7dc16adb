"""What an index that is behind gets wrong: the entities that were touched since, as far as it holds them.

Until it has read on, it answers as though they were not there: an entry that was narrowed, removed or
erased is counted, suggested and shown no more from the next question on, whatever the indexer does.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import Last, last_touched
from partnernet.core.db import chunks
from partnernet.core.entry import Entry
from partnernet.core.ledger.tables import Touched
from partnernet.search.interface import Unavailable
from partnernet.search.state import State

if TYPE_CHECKING:
    from partnernet.search.snapshot import Snapshot

READ_AGAIN = 200
"""Up to so many entities are compared with what the index holds; of more, none is trusted."""

MOST = 20_000
"""Where so many that it may hold were touched, the index is not asked at all."""


class Lagging:
    """Knows what one index gets wrong, as long as neither it nor the database has gone on."""

    def __init__(self) -> None:
        self.is_behind = False
        """Whether at the last look there was anything that the index had not read."""
        self._looked: tuple[object, State] | None = None
        self._key: tuple[State, int] | None = None
        self._entities: frozenset[str] = frozenset()

    def entities(
        self, session: Session, state: State, snapshot: "Snapshot", newest: Last | None = None
    ) -> Collection[str]:
        """The entities of which a snapshot in some state may be wrong; raises Unavailable where it may be in all.

        Within a transaction the database stands still, and one look is enough; `newest` spares that one.
        """
        looked = (session.get_transaction(), state)
        if looked[0] is None or looked != self._looked:
            self._looked = None
            self._look(session, state, snapshot, newest or last_touched(session))
            self._looked = (session.get_transaction(), state)
        return self._entities

    def _look(self, session: Session, state: State, snapshot: "Snapshot", newest: Last) -> None:
        self.is_behind = newest.position > state.position
        if newest.position < state.position:  # it has read what came after this transaction began
            with Session(session.get_bind()) as afresh:
                is_ours = continues(afresh, state)
        else:
            is_ours = newest.entity == state.entity if newest.position == state.position else continues(session, state)
        if not is_ours:
            raise Unavailable("The index tells of another history; it is being made anew.")
        if self._key != (state, newest.position):
            wrong = _wrong(session, state.position, snapshot) if self.is_behind else ()
            self._entities, self._key = frozenset(wrong), (state, newest.position)


def continues(session: Session, state: State) -> bool:
    """Whether the database holds what the index has read, so that it can read on from there."""
    if state.position == 0:
        return True
    entity = session.scalars(select(Touched.entity).where(Touched.position == state.position)).first()
    return entity == state.entity


def _wrong(session: Session, position: int, snapshot: "Snapshot") -> Collection[str]:
    from partnernet.search.document import documents

    since = and_(Touched.position > position, Entry.arrived <= position)
    touched = session.scalars(
        select(Touched.entity).join(Entry, Entry.id == Touched.entity).where(since).distinct().limit(MOST)
    ).all()
    if len(touched) == MOST:
        raise Unavailable("The index is far behind; it catches up.")
    snapshot.leave_out(())
    held = snapshot.find(touched)
    below = _below_removed(session, since) if held else set[str]()
    if len(held) > READ_AGAIN:
        return below | held.keys()
    now = documents(session, held, with_files=True)
    return below.union(one for one in held if one not in now or now[one].stamp != snapshot.stamp_of(one))


def _below_removed(session: Session, since: ColumnElement[bool]) -> set[str]:
    """What lies under entries that were removed since: the index still finds it by their titles."""
    touched = select(Touched.entity).join(Entry, Entry.id == Touched.entity)
    removed = session.scalars(touched.where(since, or_(Entry.deleted, Entry.redacted)).distinct()).all()
    return {
        below for some in chunks(removed) for below in session.scalars(select(Entry.id).where(Entry.root.in_(some)))
    }
