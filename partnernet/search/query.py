"""Reading what somebody typed: words, "phrases", -exclusions and filters. It never fails.

Whatever goes over a limit or makes no sense is left out, and said in a sentence.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from partnernet.core.time import day_ms
from partnernet.core.words import _
from partnernet.search.analysis import is_common, replaced, tokens

LENGTH_LIMIT = 4_000
PARTS_LIMIT = 12
"""Phrases, exclusions and filters together."""
PROSE_WORDS = 8
"""More plain words than this are a text, not a query: its quotation marks and dashes are punctuation."""
PAGE_WORDS, BATCH_WORDS = 32, 512
"""Words that rank, on the page and in a batch."""

NAMES = ("kind", "by", "partner", "in", "tag", "stage", "year")
DATES = ("before", "after")

_PART = re.compile(
    r"""(?P<minus>-)?(?:(?P<name>kind|by|partner|in|tag|stage|year|before|after):(?=\S))?(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S+))""",
    re.IGNORECASE,
)
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_DAY = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?").fullmatch


@dataclass(frozen=True, slots=True)
class Filter:
    """One `name:value` that narrows what is found; negated by a minus sign."""

    name: str
    value: str
    negated: bool = False


@dataclass(slots=True)
class Query:
    """What was asked, read and settled."""

    text: str
    words: Counter[str] = field(default_factory=Counter)
    """Words that rank, those of phrases included, folded and not stemmed, and how often each was typed."""
    chunks: list[Sequence[str]] = field(default_factory=list)
    """The same words in their order, those together that were written in one."""
    phrases: list[Sequence[str]] = field(default_factory=list)
    excluded: list[Sequence[str]] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    after: int | None = None
    before: int | None = None
    all_words: bool = False
    """Only what holds every word."""
    word_limit: int = PAGE_WORDS
    notes: list[str] = field(default_factory=list)
    """Sentences about what was left out."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to look for."""
        return not (
            self.words or self.phrases or self.excluded or self.filters
            or self.after is not None or self.before is not None
        )  # fmt: skip

    def corrected(self, instead: Mapping[str, str]) -> "Query":
        """The same with other words for some of them."""
        words: Counter[str] = Counter()
        for word, times in self.words.items():
            words[instead.get(word, word)] += times
        phrases: list[Sequence[str]] = [[instead.get(word, word) for word in phrase] for phrase in self.phrases]
        chunks: list[Sequence[str]] = [[instead.get(word, word) for word in run] for run in self.chunks]
        text = _PART.sub(lambda part: _corrected(part, instead), self.text)
        return replace(self, text=text, words=words, chunks=chunks, phrases=phrases)

    def only_before(self, moment: int) -> None:
        """Narrow to what is older than a moment."""
        self.before = moment if self.before is None else min(self.before, moment)

    def only_after(self, moment: int) -> None:
        """Narrow to what is not older than a moment."""
        self.after = moment if self.after is None else max(self.after, moment)


def read(text: str, *, word_limit: int = PAGE_WORDS) -> Query:
    """Read a query."""
    clean = text.encode("utf-8", "ignore").decode().replace("\0", " ").strip()
    query = Query(clean[:LENGTH_LIMIT], word_limit=word_limit)
    if len(clean) > LENGTH_LIMIT:
        query.notes.append(_("Only the first %(limit)s characters were read.", limit=LENGTH_LIMIT))
    found = list(_PART.finditer(query.text.translate(_QUOTES)))
    _take_words(query, [part for part in found if not _is_special(part)])
    special = [part for part in found if _is_special(part)]
    if sum(not is_common(word) for word in query.words) > PROSE_WORDS and not all(part["name"] for part in special):
        _take_words(query, [part for part in special if not part["name"]])
        query.chunks[:] = [tokens(part[0]) for part in found if not part["name"]]
        special = [part for part in special if part["name"]]
        query.notes.append(_("This reads as a text, so quotation marks and minus signs in it do not narrow."))
    for part in special[:PARTS_LIMIT]:
        _take(query, part)
    if len(special) > PARTS_LIMIT:
        query.notes.append(_("Only the first %(limit)s phrases, exclusions and filters were used.", limit=PARTS_LIMIT))
    if sum(not is_common(word) for word in query.words) > word_limit:
        query.notes.append(_("Of these words, the %(limit)s rarest decide the order.", limit=word_limit))
    if found and query.is_empty and not query.notes:
        query.notes.append(_("There is no word in this to look for."))
    return query


def runs(query: Query) -> list[Sequence[str]]:
    """The plain words of a query as they follow one another; what stands in quotation marks or narrows is left out."""
    found: list[list[str]] = [[]]
    for part in _PART.finditer(query.text.translate(_QUOTES)):
        if _is_special(part):
            found.append([])
        else:
            found[-1] += tokens(part[0])
    return [run for run in found if run]


def _corrected(found: re.Match[str], instead: Mapping[str, str]) -> str:
    """A part of a query as it was typed, with other words; what narrows it is left as it is."""
    return found[0] if found["minus"] or found["name"] else replaced(found[0], instead)


def read_day(text: str) -> tuple[int, int] | None:
    """The beginning and end, in milliseconds, of a year, month or day; None for anything else."""
    found = _DAY(text.strip())
    if not found:
        return None
    year, month, day = int(found[1]), found[2], found[3]
    try:
        first = date(year, int(month or 1), int(day or 1))
        if day:
            end = first + timedelta(days=1)
        elif month:
            end = date(year + first.month // 12, first.month % 12 + 1, 1)
        else:
            end = date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
    return day_ms(first), day_ms(end)


def _is_special(found: re.Match[str]) -> bool:
    return bool(found["minus"] or found["name"] or found["quoted"] is not None)


def _take_words(query: Query, parts: Sequence[re.Match[str]]) -> None:
    for part in parts:
        run = tokens(part[0])
        query.words.update(run)
        query.chunks.append(run)


def _take(query: Query, found: re.Match[str]) -> None:
    name, value = (found["name"] or "").lower(), found["quoted"] if found["bare"] is None else found["bare"]
    if name in DATES:
        _take_date(query, name, value)
    elif name in NAMES:
        if value.strip():
            query.filters.append(Filter(name, value.strip(), bool(found["minus"])))
    elif found["minus"]:
        excluded = tokens(value)
        if excluded and excluded not in query.excluded:
            query.excluded.append(excluded)
    else:
        _take_phrase(query, value)


def _take_phrase(query: Query, value: str) -> None:
    phrase = tokens(value)
    if phrase:
        if phrase not in query.phrases:
            query.phrases.append(phrase)
        query.words.update(phrase)
    elif value.strip():
        words = value.strip()[:60]
        query.notes.append(_("There is no word in “%(value)s” to look for.", value=words))


def _take_date(query: Query, name: str, value: str) -> None:
    span = read_day(value)
    if span is None:
        query.notes.append(_("“%(value)s” is not a date; write 2026, 2026-03 or 2026-03-06.", value=value[:60]))
    elif name == "before":
        query.only_before(span[0])
    else:
        query.only_after(span[0])
