"""What the words of an index suggest to a reader: what was meant, how a word may go on, what a text is about.

A word counts only where a passage holds it that meets the reader's conditions. One that stands in hidden
passages alone is a word that stands nowhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice

from partnernet.core.languages import DEFAULT
from partnernet.search import masks
from partnernet.search.analysis import is_common, stem_of
from partnernet.search.interface import Condition, Wanted
from partnernet.search.snapshot import Snapshot
from partnernet.search.spelling import correction, is_correctable
from partnernet.search.weighing import weigh
from partnernet.search.whoosh_fast import TEXT, WORD

CORRECTED_LIMIT = 8
"""Words of one query that are looked for in other spellings."""
TWICE_WORDS = 3
"""Telling words of a query in which second mistakes are forgiven: in a longer one, what is strange is often meant."""
BEGINNINGS_LIMIT = 100
"""Words that begin so and are counted, the most frequent of the index."""
SHORTEST_PREFIX = 2


def correct(snapshot: Snapshot, words: Iterable[str], conditions: Sequence[Condition]) -> dict[str, str]:
    """What was meant by those of some words that stand nowhere, neither as they are nor in another form."""
    sight = Sight(snapshot, conditions)
    telling = [word for word in dict.fromkeys(words) if not sight.is_common(word)]
    unknown = (word for word in telling if is_correctable(word) and not sight.knows(word))
    found: dict[str, str] = {}
    for word in islice(unknown, CORRECTED_LIMIT):
        parts = (leaf.columns.words for leaf in snapshot.leaves)
        if meant := correction(word, parts, sight.count, twice=len(telling) <= TWICE_WORDS):
            found[word] = meant
    return found


def completions(snapshot: Snapshot, prefix: str, conditions: Sequence[Condition], limit: int) -> list[str]:
    """The most frequent words that begin so and are longer, without common ones."""
    if len(prefix) < SHORTEST_PREFIX:
        return []
    sight, counts = Sight(snapshot, conditions), Counter[str]()
    for leaf in snapshot.leaves:
        counts.update({word: count for count, word in leaf.columns.words.beginning(prefix, BEGINNINGS_LIMIT)})
    tried = [word for word, _ in counts.most_common(BEGINNINGS_LIMIT) if word != prefix and not sight.is_common(word)]
    counted = sorted((-sight.count(word), word) for word in tried)
    return [word for count, word in counted[:limit] if count]


def telling(snapshot: Snapshot, words: Mapping[str, float], limit: int, least: int = 2) -> dict[str, float]:
    """Those of the words of a text that tell most of what it is about, as often as they were said.

    A word that stands in less than two passages leads nowhere, and one that stands in many leads everywhere.
    """
    groups = weigh(snapshot, Wanted(words, word_limit=len(words)))
    most = max(2, snapshot.passages // 4)
    known = [group for group in groups if least <= group.frequency <= most]
    known.sort(key=lambda group: (-group.worth, group.words))
    return {group.words[0]: group.times for group in known[:limit]}


class Sight:
    """What of an index meets some conditions, a word at a time."""

    def __init__(self, snapshot: Snapshot, conditions: Sequence[Condition]) -> None:
        self._snapshot = snapshot
        wanted = Wanted({}, conditions=conditions)
        self._leaves = [(leaf, masks.passing(snapshot, leaf, wanted)) for leaf in snapshot.leaves]

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        return self._snapshot.languages or (DEFAULT,)

    def is_common(self, word: str) -> bool:
        """Whether a word is too common to find anything by, in the language of most passages."""
        return is_common(word, self._languages[0])

    def knows(self, word: str) -> bool:
        """Whether a word can be found, as it is written or by its stem."""
        if self._stands(word, WORD):
            return True
        stems = {stem_of(word, lang) for lang in self._languages}
        return any(self._stands(stem, TEXT) for stem in stems if stem)

    def count(self, word: str) -> int:
        """In how many passages a word stands as it is written."""
        total = 0
        for leaf, mask in self._leaves:
            postings = leaf.postings(word, WORD)
            if postings is not None:
                total += postings.count if mask is None else sum(map(mask.__getitem__, postings.numbers()))
        return total

    def _stands(self, term: str, field: str) -> bool:
        for leaf, mask in self._leaves:
            postings = leaf.postings(term, field)
            if postings is None:
                continue
            if mask is None or any(any(map(mask.__getitem__, numbers)) for numbers, _ in postings.read()):
                return True
        return False
