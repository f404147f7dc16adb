"""What each asked word weighs: which terms of the index stand for it, and how telling they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as member

from partnernet.core.languages import DEFAULT
from partnernet.search.analysis import is_common, stem_of
from partnernet.search.interface import COUNT_LIMIT, Wanted
from partnernet.search.snapshot import Snapshot
from partnernet.search.whoosh_fast import TEXT, WORD

SYNONYM = 0.8
"""A synonym counts for this much of the word that was asked for."""

FEWEST, COSTLY, AFFORDABLE = 2, 28, 20_000
"""More words than these rank only as long as they stand, together, in a seventh more passages than there are
(of a batch, whose queries are longer, in eighteen times as many), or in so few that it does not matter."""


@dataclass(slots=True)
class Synonym:
    """Words that count for others where they stand side by side; shared by the groups of all of these."""

    words: tuple[str, ...]
    as_written: bool = False
    standing: dict[tuple[int, bytes | None], Sequence[int]] = member(default_factory=dict)
    """In which passages they stand, by the beginning of the segment and what passes in it; filled as it is asked."""


@dataclass(slots=True)
class Group:
    """The terms any of which stands for one asked word, and what they add at most for a weight of 1."""

    words: tuple[str, ...]
    """What was asked for."""
    terms: tuple[str, ...]
    times: float
    """How often it was said."""
    frequency: int = 0
    """In how many passages any of the terms stands, at most."""
    worth: float = 0.0
    field: str = TEXT
    also: list[Synonym] = member(default_factory=list)


def weigh(snapshot: Snapshot, wanted: Wanted) -> list[Group]:
    """The groups of the asked words that stand in the index, the rarest first.

    With `all_words` a word that stands nowhere keeps its group, so that nothing is found.
    """
    groups = _grouped(snapshot, wanted)
    for group in groups:
        group.frequency = _standing(snapshot, group)
    nothing_stands = not any(group.frequency for group in groups)
    for group in groups:
        if not group.frequency and (nothing_stands or wanted.all_words):
            # What is common in the language of the texts that hold it stands there as it is written.
            group.terms, group.field = group.words, WORD
            group.frequency = _standing(snapshot, group)
    _add_synonyms(snapshot, wanted, groups)
    known = [group for group in groups if group.frequency or wanted.all_words]
    known.sort(key=lambda group: (group.frequency, group.words))
    for group in known:
        group.worth = group.worth or group.times * rarity(snapshot.passages, group.frequency)
    return known[: wanted.word_limit] if wanted.all_words else _affordable(snapshot, known[: wanted.word_limit], wanted)


def _affordable(snapshot: Snapshot, groups: list[Group], wanted: Wanted) -> list[Group]:
    """The rarest of some groups, so many that a query of nothing but common words costs little more than others."""
    budget, total = max(AFFORDABLE, snapshot.passages * wanted.word_limit // COSTLY), 0
    for n, group in enumerate(groups):
        total += group.frequency
        if n >= FEWEST and total > budget:
            return groups[:n]
    return groups


def split(groups: Sequence[Group]) -> tuple[Sequence[Group], Sequence[Group]]:
    """The rare ones, of which every passage is scored, and those too common for that."""
    total = 0
    for n, group in enumerate(groups):
        total += group.frequency
        if total > COUNT_LIMIT:
            return groups[:n], groups[n:]
    return groups, ()


def rarity(total: int, frequency: int) -> float:
    """How telling a word is that stands in so many passages of so many: Lucene's idf, which falls to nothing."""
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def stems_of(words: Sequence[str], lang: str) -> tuple[str, ...]:
    """The stems of some words in a language, without those of common words."""
    return tuple(filter(None, (stem_of(word, lang) for word in words)))


def _standing(snapshot: Snapshot, group: Group) -> int:
    return min(snapshot.passages, sum(snapshot.frequency(term, group.field) for term in group.terms))


def _grouped(snapshot: Snapshot, wanted: Wanted) -> list[Group]:
    languages = snapshot.languages or (DEFAULT,)
    # What is common in the language of most is common: a word of a sentence is not telling because
    # it is rare in another language. But a query of common words alone looks for those words.
    telling = {word: n for word, n in wanted.words.items() if not is_common(word, languages[0])}
    if not telling:  # as they are written: by their stems they stand in nothing but the other languages
        return [Group((word,), (word,), times, field=WORD) for word, times in wanted.words.items()]
    groups: dict[tuple[str, ...], Group] = {}
    for word, times in telling.items():
        terms = tuple(dict.fromkeys(stem for lang in languages if (stem := stem_of(word, lang))))
        known = groups.get(terms)
        if known is None:
            groups[terms] = Group((word,), terms, times)
        else:
            known.times += times
            known.words += (word,)
    return list(groups.values())


def _add_synonyms(snapshot: Snapshot, wanted: Wanted, groups: list[Group]) -> None:
    """Let synonyms count for each of the words that they stand for: so a passage with one never outdoes these words."""
    by_word = {word: group for group in groups for word in group.words}
    for also in wanted.also:
        found = {id(group): group for word in also.of if (group := by_word.get(word))}.values()
        frequency = (_written if also.as_written else _frequency)(snapshot, also.words)
        if not frequency:
            continue
        synonym = Synonym(also.words, also.as_written)
        for group in found:
            group.also.append(synonym)
            if len(found) == 1:
                group.frequency = max(group.frequency, frequency)
            elif not group.frequency:
                group.frequency = frequency  # so that a word that stands nowhere counts by its synonym


def _frequency(snapshot: Snapshot, words: Sequence[str]) -> int:
    """In how many passages some words stand side by side, at most."""
    found = 0
    for lang in snapshot.languages:
        stems = stems_of(words, lang)
        found = max(found, min((snapshot.frequency(stem) for stem in stems), default=0))
    return found


def _written(snapshot: Snapshot, words: Sequence[str]) -> int:
    """In how many passages some words stand as they are, at most."""
    counts = (sum(snapshot.frequency(form, WORD) for form in forms_of(word)) for word in words)
    return min(snapshot.passages, min(counts, default=0))


def forms_of(word: str) -> tuple[str, ...]:
    """A word and its plural or singular, by one letter: how a synonym may stand; what shares its stem may not."""
    return (word, word[:-1] if word.endswith("s") else f"{word}s")
