"""What may help where nothing was found: less narrowing, fewer words, and what is written nearly so.

Each way is tried before it is offered, under the reader's own conditions, and says how much there would be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sqlalchemy.orm import Session

from partnernet.core.consumers import last_touched
from partnernet.core.policy import Actor
from partnernet.core.words import _
from partnernet.glossary.model import groups
from partnernet.search import asked
from partnernet.search.analysis import fold, is_common
from partnernet.search.asking import Reader, wanted
from partnernet.search.completion import Offer, nearest
from partnernet.search.interface import RELEVANCE, Engine, Unavailable
from partnernet.search.narrowing import Narrowed

TRIED = 8
"""Ways that are tried for one search."""
WORDS_LIMIT = 6
"""Words of the list that are offered."""
ALIKE = 0.75
WORDS_SOUGHT = 12
"""Words of a search for which titles and names that are nearly so are looked for."""


@dataclass(frozen=True, slots=True)
class Way:
    """Another search that finds something: what it is, its parameters that change, and how much there is."""

    words: str
    changes: Mapping[str, str | None]
    count: int


@dataclass(frozen=True, slots=True)
class Help:
    """All that may help."""

    ways: Sequence[Way]
    titles: Sequence[Offer]
    listed: Sequence[str]
    """Names of the word list that are written nearly so."""


def help_with(
    session: Session, engine: Engine, actor: Actor | None, given: Mapping[str, str], narrowed: Sequence[Narrowed],
    position: int,
) -> Help:  # fmt: skip
    """What may help with a search that finds nothing, the most first."""
    reader = Reader.of(actor)
    words = [word for word in asked.asked(given).words if not is_common(word)]
    try:
        ways = [way for way in _ways(session, engine, reader, given, narrowed, words) if way.count]
    except Unavailable:
        ways = []
    ways.sort(key=lambda way: -way.count)
    sought = words[:WORDS_SOUGHT]
    return Help(ways, nearest(session, actor, sought, position), _listed(session, reader, sought))


def _ways(
    session: Session, engine: Engine, reader: Reader, given: Mapping[str, str], narrowed: Sequence[Narrowed],
    words: Sequence[str],
) -> Iterator[Way]:  # fmt: skip
    for n, (words_, changes) in enumerate(_tries(given, narrowed, words)):
        if n == TRIED:
            return
        query = asked.asked({**given, **{name: value or "" for name, value in changes.items()}})
        if query.is_empty:
            continue
        found = engine.find(replace(wanted(session, reader, query, [], RELEVANCE, 1), newest=last_touched(session)))
        yield Way(words_, changes, found.count)


def _tries(
    given: Mapping[str, str], narrowed: Sequence[Narrowed], words: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, str | None]]]:
    for each in narrowed:
        if each.name == asked.ALL:
            yield _("With any of the words"), {each.name: None}
        else:
            yield _("Not only %(narrowed)s", narrowed=each.words), {each.name: None}
    if len(narrowed) > 1:
        yield _("Without narrowing"), {each.name: None for each in narrowed}
    typed = given.get("q", "")
    if '"' in typed or "“" in typed:
        yield _("Without quotation marks"), {"q": typed.translate(_NO_MARKS)}
    if given.get(asked.ALL) and len(words) > 1:
        for word in words:
            rest = " ".join(other for other in words if other != word)
            yield _("Without “%(word)s”", word=word), {"q": rest}


_NO_MARKS = str.maketrans(dict.fromkeys('"“”„‟«»', " "))


def _listed(session: Session, reader: Reader, words: Sequence[str]) -> list[str]:
    """Names of the word list that are written nearly as some words."""
    names = {fold(name): name for group in groups(session, reader.visible) for name in group}
    found = [near for word in words for near in get_close_matches(word, names, WORDS_LIMIT, ALIKE)]
    return [names[near] for near in dict.fromkeys(found)][:WORDS_LIMIT]
