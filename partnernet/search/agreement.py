"""Whether the index says what the database says: all counts by kind, and a sample of what it holds.

What was touched since the index has read is left aside on both sides, so that one that is behind agrees.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.ledger.tables import Touched
from partnernet.search.document import counts_by_kind, documents, ids_in_order
from partnernet.search.generation import Generation
from partnernet.search.snapshot import Snapshot

SAMPLE = 200
"""Entities that are compared: half of them drawn from what the database has, half from what the index holds."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was compared; `differing` names the entities of the sample of which the two say different things."""

    index: Mapping[str, int] = field(default_factory=dict)
    database: Mapping[str, int] = field(default_factory=dict)
    sampled: int = 0
    differing: Sequence[str] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found to differ."""
        return self.index == self.database and not self.differing

    @property
    def sentence(self) -> str:
        """What differs, or that nothing does."""
        if self.is_whole:
            return f"It holds as many of each kind as the database, and {self.sampled:,} of them were found the same."
        kinds = sorted(self.index.keys() | self.database.keys())
        parts = [
            f"{self.index.get(kind, 0):,} of kind {kind} where the database has {self.database.get(kind, 0):,}"
            for kind in kinds
            if self.index.get(kind, 0) != self.database.get(kind, 0)
        ]
        if self.differing:
            parts.append(f"{len(self.differing):,} of {self.sampled:,} otherwise, {self.differing[0][:12]} first")
        return f"It holds {'; '.join(parts)}: run `partnernet index rebuild`."


def compare(session: Session, generation: Generation, draw: random.Random, sample: int = SAMPLE) -> Agreement:
    """Compare an index with the database at the index's own position; raises Damaged where it cannot be read."""
    snapshot = generation.snapshot()
    since = select(Touched.entity).where(Touched.position > generation.state.position)
    touched = set(session.scalars(since.distinct()))
    snapshot.leave_out(touched)
    try:
        counts = _counts(snapshot)
        drawn = _drawn(session, snapshot, draw, sample // 2) - touched
        held = {entity: places[0][0].stamp(places[0][1]) for entity, places in snapshot.find(drawn).items()}
    finally:
        snapshot.leave_out(())
    right = {entity: document.stamp for entity, document in documents(session, drawn, with_files=True).items()}
    differing = sorted(entity for entity in drawn if held.get(entity) != right.get(entity))
    found = Agreement(counts, counts_by_kind(session, since), len(drawn), differing)
    session.rollback()
    return found


def _counts(snapshot: Snapshot) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for leaf in snapshot.leaves:
        numbers, kinds = leaf.columns.codes("kind")
        for number in range(leaf.size):
            if leaf.stands(number) and leaf.part(number) == 0:
                counts[kinds[numbers[number]]] += 1
    return dict(counts)


def _drawn(session: Session, snapshot: Snapshot, draw: random.Random, each: int) -> set[str]:
    known = ids_in_order(session)
    places = [(leaf, number) for leaf in snapshot.leaves for number in range(leaf.size) if leaf.stands(number)]
    chosen = draw.sample(places, min(each, len(places)))
    return {*draw.sample(known, min(each, len(known))), *(leaf.entity(number) for leaf, number in chosen)}
