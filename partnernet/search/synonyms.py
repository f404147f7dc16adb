"""Other words for the same thing, out of the network's own word list: what is written in them is found, too.

Words in quotation marks are looked for as they are. Only terms that the reader may see take part.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from partnernet.core.consumers import Last, last_touched
from partnernet.glossary.model import groups
from partnernet.search.analysis import tokens
from partnernet.search.asking import Reader
from partnernet.search.interface import Also, Wanted
from partnernet.search.query import Query, runs

LONGEST = 8
"""Words of the longest expression that is looked up; longer ones stand in the list, and are not looked for."""
ALSO_LIMIT = 16
"""Other words that one query is given."""
NAMES_KNOWN = 20_000

LISTS_KNOWN = 16
"""Lists that are remembered: one for each set of logs that somebody reads."""

Key = tuple[str, ...]
Named = Mapping[Key, Sequence[Sequence[str]]]

_LISTS: WeakKeyDictionary[Any, dict[frozenset[str], tuple[Last, Named]]] = WeakKeyDictionary()
"""The lists as they were at the newest change, by database."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of the list that was asked for, and the others for it: as they are written, and as they are looked for."""

    word: str
    others: Sequence[str]
    also: Sequence[Also]


def synonyms(session: Session, reader: Reader, query: Query, newest: Last | None = None) -> list[Spoken]:
    """What the words of a query are called otherwise; `newest` is the newest change, where that is known."""
    asked = runs(query)
    if not asked:
        return []
    named = _named(session, reader, newest or last_touched(session))
    found: dict[Key, Spoken] = {}
    left = ALSO_LIMIT
    for said in _expressions(asked, named):
        at = _plural_free(said)
        if at not in found and left > 0:
            found[at] = _spoken(said, named[at], query.words.keys(), left)
            left -= len(found[at].others)
    return [spoken for spoken in found.values() if spoken.others]


def with_synonyms(wanted: Wanted, spoken: Sequence[Spoken]) -> Wanted:
    """A question that is asked in these other words, too."""
    return replace(wanted, also=[*wanted.also, *(also for one in spoken for also in one.also)])


def also_in(spoken: Collection[Spoken], text: str) -> set[str]:
    """The words of those other expressions that stand in a text."""
    standing = _plural_free(tokens(text))
    found: set[str] = set()
    for also in (also for one in spoken for also in one.also):
        wanted = _plural_free(also.words)
        if any(standing[n : n + len(wanted)] == wanted for n in range(len(standing) - len(wanted) + 1)):
            found.update(also.words)
    return found


@lru_cache(maxsize=NAMES_KNOWN)
def key(name: str) -> Key:
    """An expression as it is compared: its words folded, and in the singular as far as one letter tells."""
    return _plural_free(tokens(name))


def _named(session: Session, reader: Reader, newest: Last) -> Named:
    """The groups of the word list that a reader may see, by each of their names; read anew after any change at all."""
    known = _LISTS.setdefault(session.get_bind(), {})
    kept = known.get(reader.logs)
    if kept is not None and kept[0] == newest:
        return kept[1]
    named: dict[Key, list[Sequence[str]]] = {}
    for group in groups(session, reader.visible):
        for name in group:
            named.setdefault(key(name), []).append(group)
    named.pop((), None)
    if len(known) >= LISTS_KNOWN:
        known.clear()
    known[reader.logs] = (newest, named)
    return named


def _plural_free(words: Sequence[str]) -> Key:
    return tuple(
        word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" and word.isascii() else word
        for word in words
    )  # fmt: skip


def _expressions(asked: Sequence[Sequence[str]], named: Collection[Key]) -> Iterator[Sequence[str]]:
    """The expressions of the list that stand in some runs of words: the longest at each place, none in another."""
    longest = min(LONGEST, max(map(len, named), default=0))
    for run in asked:
        keys, at = _plural_free(run), 0
        while at < len(run):
            for length in range(min(longest, len(run) - at), 0, -1):
                if keys[at : at + length] in named:
                    yield run[at : at + length]
                    at += length
                    break
            else:
                at += 1


def _spoken(said: Sequence[str], its: Sequence[Sequence[str]], asked: Collection[str], limit: int) -> Spoken:
    """The other names in the groups of an expression, but for those that were asked for in any case."""
    own, others = _plural_free(said), dict[Key, str]()
    for name in (name for group in its for name in group):
        other = key(name)
        if other and len(other) <= LONGEST and other != own and not set(tokens(name)).issubset(asked):
            others.setdefault(other, name)
    names = list(others.values())[:limit]
    return Spoken(" ".join(said), names, [Also(tuple(said), tuple(tokens(name)), as_written=True) for name in names])
