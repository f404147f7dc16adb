"""The list of words from A to Z, and whether a word stands in it already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.policy import Actor, visible_to
from partnernet.core.text import excerpt
from partnernet.glossary.model import plain, standing, words_of

PAGE = 150
LETTERED = 12
"""A list with more words than this has its letters in the margin."""
MANY = 8
"""A list with more words than this has a box to look one up in."""
SHOWN = 280
"""Characters of a meaning that stand in the list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One word in the list: its term, the other words for it, and the beginning of what it means."""

    term: Any
    also: Sequence[str]
    meaning: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The words under one letter; under none where they are few."""

    letter: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class WordList:
    """A page of the words, in order."""

    shelves: Sequence[Shelf]
    count: int
    """How many words there are like what was asked for."""
    total: int
    following: str
    """The key of the next page; empty where this is the last."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A word that stands under another term, too."""

    word: str
    term: Any


def word_list(session: Session, actor: Actor | None, asked: str = "", after: str = "") -> WordList:
    """The words that somebody may see, in order: those with some letters in them, where these are given."""
    terms = session.execute(standing(visible_to(actor))).all()
    wanted = sorted((term for term in terms if _is_like(asked, term)), key=_key)
    start = next((n for n, term in enumerate(wanted, 1) if term.id == after), 0)
    page = wanted[start : start + PAGE]
    following = page[-1].id if start + PAGE < len(wanted) else ""
    meanings = dict(
        session.execute(select(Entry.id, Entry.body).where(Entry.id.in_([term.id for term in page]))).all()
    )  # fmt: skip
    lines = [Line(term, list(words_of(term))[1:], excerpt(meanings[term.id], SHOWN)) for term in page]
    return WordList(_shelves(lines), len(wanted), len(terms), following)


def clashes(
    session: Session, actor: Actor | None, words: Collection[str], but: str = "", limit: int = 6
) -> list[Clash]:
    """Those of some words that stand under other terms which somebody may see; `but` is the id of their own."""
    asked = {plain(word): word for word in words}
    others = sorted((term for term in session.execute(standing(visible_to(actor))) if term.id != but), key=_key)
    found = [Clash(asked[key], term) for term in others for word in words_of(term) if (key := plain(word)) in asked]
    return found[:limit]


def _is_like(asked: str, term: Any) -> bool:
    letters = plain(asked)
    return not letters or any(letters in plain(word) for word in words_of(term))


def _shelves(lines: Sequence[Line]) -> list[Shelf]:
    if len(lines) <= LETTERED:
        return [Shelf("", lines)] if lines else []
    return [Shelf(letter, list(group)) for letter, group in groupby(lines, key=lambda line: _letter(line.term))]


def _key(term: Any) -> tuple[bool, str, str]:
    """Where a word stands: what begins with no letter stands first, under one sign."""
    word = plain(term.title)
    return (word[:1].isalpha(), word, term.id)


def _letter(term: Any) -> str:
    first = plain(term.title)[:1]
    return first.upper() if first.isalpha() else "#"
