"""What any search engine is asked and answers: the one seam behind which it can be exchanged.

An engine knows nothing of persons and shows no text. It says which entities match, in which order;
the database decides which of them may be seen, and gives the words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

RELEVANCE, DATE = "relevance", "date"
SORTS = (RELEVANCE, DATE)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a column (kind, log, partner, author) must say; or, negated, must not."""

    column: str
    accepts: Callable[[str], bool]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """One question to an engine, with everything settled."""

    words: Mapping[str, int]
    """Stems that rank, and how often each was said. Without any, everything that passes is found."""
    phrases: Sequence[Sequence[str]] = ()
    """Stems that must stand side by side."""
    excluded: Sequence[Sequence[str]] = ()
    """Stems that must not stand side by side (a single word: not at all)."""
    conditions: Sequence[Condition] = ()
    after: int | None = None
    """Milliseconds: nothing older."""
    before: int | None = None
    """Milliseconds: only older."""
    thread: str | None = None
    """Only this entity and what lies under it."""
    sort: str = RELEVANCE
    limit: int = 20
    word_limit: int = 32
    """So many of the words rank, the rarest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: how many there are, and the first of them with their scores, best first."""

    count: int = 0
    hits: Sequence[tuple[str, float]] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind there would be without a condition on the kind."""
    partners: Mapping[str, int] = field(default_factory=dict)
    """The same by partner."""


class Unavailable(Exception):
    """The index cannot be searched now: it is being made, or must be made anew."""


class Engine(Protocol):
    """Where to search."""

    def find(self, wanted: Wanted) -> Found:
        """Answer a question; ties go by (date descending, id). Raises Unavailable."""

    def position(self) -> int:
        """How far in `touched` the index has read; 0 where there is none."""

    def wait_for(self, position: int, milliseconds: int = 500) -> bool:
        """Wait a little until the index has read so far; whether it has."""
