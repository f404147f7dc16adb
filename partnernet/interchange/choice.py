"""Which entries are written out: of some kinds, of a period, and as whom they are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_

from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.core.ledger.node import Node
from partnernet.core.policy import MEMBER, Actor, readable_logs, visible_in


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for. `reader` is a member, or None for a stranger, who may read what is public alone."""

    reader: Actor | None
    kinds: Sequence[str] = ()
    """Names of kinds that stand in lists; none for all of them."""
    first: int | None = None
    """The first moment of the period, in milliseconds."""
    end: int | None = None
    """The first moment after the period."""
    chosen: Sequence[Kind] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chosen", [kind for kind in listed() if kind.name in self.kinds or not self.kinds])

    @property
    def logs(self) -> Sequence[str]:
        """The logs that may be read."""
        return readable_logs(self.reader)

    def holds(self, kind: str = "") -> ColumnElement[bool]:
        """The condition under which an entry is written out, all kinds that were chosen or one of them."""
        kinds = [kind] if kind else [chosen.name for chosen in self.chosen]
        period = [
            *([Entry.when >= self.first] if self.first is not None else []),
            *([Entry.when < self.end] if self.end is not None else []),
        ]
        return and_(Entry.listed, Entry.kind.in_(kinds), visible_in(self.logs), *period)


def listed() -> list[Kind]:
    """The kinds that can be written out as texts: all that stand in lists."""
    return [kind for kind in KINDS.values() if kind.is_listed]


def some_member(node: Node) -> Actor:
    """A reader who is any member of the network and nobody in particular."""
    return Actor(node, handle="", card="", name="", role=MEMBER, account=0)
