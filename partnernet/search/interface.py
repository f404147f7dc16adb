"""What any search engine is asked and answers: the one seam behind which it can be exchanged.

An engine knows nothing of persons and shows no text. It says which entities match, in which order;
the database decides which of them may be seen, and gives the words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from partnernet.core.consumers import Last

RELEVANCE, DATE = "relevance", "date"
SORTS = (RELEVANCE, DATE)

FACETS = ("kind", "partner", "author", "tags", "stage", "year")
"""The columns by which what is found can be counted and narrowed."""

SEPARATOR = "\x1f"
"""Between the tags of an entity in its column."""

COUNT_LIMIT = 20_000
"""Places that are counted and ranked: where there are more, the newest, and the answer says so."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a column (one of FACETS, log or lang) must say; or, negated, must not."""

    column: str
    accepts: Callable[[str], bool]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Also:
    """Passages with `words` side by side count, a little less, as though they held all of `of`."""

    of: tuple[str, ...]
    words: tuple[str, ...]
    as_written: bool = False
    """Whether they count only as they are, or in the plural, and not by their stems alone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One question to an engine, with everything settled. Words are folded, and not stemmed."""

    words: Mapping[str, float]
    """Words that rank, and how often each was said. Without any, everything that passes is found."""
    phrases: Sequence[Sequence[str]] = ()
    """Words that must stand side by side."""
    excluded: Sequence[Sequence[str]] = ()
    """Words that must not stand side by side (a single word: not at all)."""
    conditions: Sequence[Condition] = ()
    after: int | None = None
    """Milliseconds: nothing older."""
    before: int | None = None
    """Milliseconds: only older."""
    thread: str | None = None
    """Only this entity and what lies under it."""
    sort: str = RELEVANCE
    limit: int = 20
    """So many places at least, if there are as many."""
    word_limit: int = 32
    """So many of the words rank, the rarest first."""
    also: Sequence[Also] = ()
    all_words: bool = False
    """Only passages that hold every word."""
    facets: Sequence[str] = ()
    """The columns to count by."""
    by_root: bool = False
    """`limit` means entries, each with all that was found under it; and the answer says how much that is."""
    chunks: Sequence[Sequence[str]] = ()
    """The words in the order in which they were said, those together that were written in one (`package.json`):
    where they stand so, they count more. Without, the words alone decide."""
    without: str | None = None
    """Nothing of this entity, nor of what lies under it."""
    newest: Last | None = None
    """The newest change of the database, where the one who asks has looked."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entity that was found, by its best passage."""

    entity: str
    root: str
    """The entry on whose page it stands: itself, for what has a page."""
    part: int
    """Which of the entity's passages it is."""
    score: float
    when: int


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: how many entities there are, and the first of them, best first."""

    count: int = 0
    is_capped: bool = False
    """Whether there are more than were counted."""
    places: Sequence[Place] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By column, how many of each value there would be without a condition on that column."""
    under: Mapping[str, int] = field(default_factory=dict)
    """How many were found under each root of `places`, where that was asked for."""
    is_behind: bool = False
    """Whether there is something that the index has not read yet."""


class Unavailable(Exception):
    """The index cannot be searched now: it is being made, or must be made anew."""


class Engine(Protocol):
    """Where to search."""

    def find(self, wanted: Wanted) -> Found:
        """Answer a question; ties go by (date descending, id). Raises Unavailable."""

    def explain(self, wanted: Wanted, places: Sequence[Place]) -> Sequence[Mapping[str, float]]:
        """For some of the places found, what each word added to the score."""

    def correct(
        self, words: Sequence[str], conditions: Sequence[Condition], newest: Last | None = None
    ) -> Mapping[str, str]:
        """What was meant by those of some words that stand in nothing that meets the conditions. Raises Unavailable."""

    def completions(
        self, prefix: str, conditions: Sequence[Condition], limit: int, newest: Last | None = None
    ) -> Sequence[str]:
        """The most frequent words that begin so, in what meets the conditions. Raises Unavailable."""

    def telling(self, words: Mapping[str, float], limit: int, least: int = 2) -> Mapping[str, float]:
        """Those of the words of a text that tell most, and stand in so many passages at least. Raises Unavailable."""

    def position(self) -> int:
        """How far in `touched` the index has read; 0 where there is none."""

    def wait_for(self, position: int, milliseconds: int = 500) -> bool:
        """Wait a little until the index has read so far; whether it has."""
