"""What a search box offers while somebody types: titles, people, partners and tags with words that begin so.

Names are read once for each state of the ledger and kept folded in memory; what is offered of them is asked of
the database again, under the reader's own condition. Nothing is offered that the reader could not find.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import Last, last_touched
from partnernet.core.entry import Entry, Mark
from partnernet.core.policy import Actor, readable_logs, visible_in, visible_to
from partnernet.core.words import lazy
from partnernet.partners.model import Partner
from partnernet.people.model import Person
from partnernet.people.names import address
from partnernet.search.analysis import fold
from partnernet.search.asking import Reader, wanted
from partnernet.search.interface import RELEVANCE, Engine, Unavailable
from partnernet.search.names import kind_label
from partnernet.search.query import read
from partnernet.web.addresses import entry_url

SHORTEST, LONGEST = 2, 100
"""Letters of what was typed before anything is offered, and after which nothing is."""
TITLES, OTHERS = 4, 3
"""How many titles are offered, and how many of each of the others."""
SHORTEST_BEGINNING = 4
"""Letters, or half of them and one more, in which a word agrees with one that is near."""
LOOKED_AT = 10
"""The best places of which the titles are looked at, for what is further back."""
LOOKED_THROUGH = 3_000
"""The newest titles, and the names and tags, that are looked through."""

TITLE, PERSON, PARTNER, TAG, WORD = "title", "person", "partner", "tag", "word"
LABELS = {
    TITLE: lazy("Titles"), PERSON: lazy("People"), PARTNER: lazy("Partners"), TAG: lazy("Tags"),
    WORD: lazy("Search for"),
}  # fmt: skip

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """One line to choose: its words, what it is, and where it leads."""

    text: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one sort."""

    name: str
    label: str
    offers: Sequence[Offer]


def complete(session: Session, engine: Engine, actor: Actor | None, typed: str, position: int) -> list[Group]:
    """What to offer for the beginning of a search; `position` is that of the ledger, which says what is kept."""
    begun = words_of(typed)
    if not (begun and SHORTEST <= len(typed.strip()) <= LONGEST):
        return []
    known = _known(session, actor, position)
    chosen = {name: _beginning(known.by_sort[name], begun) for name in (TITLE, PERSON, PARTNER, TAG)}
    newest = last_touched(session)
    words = _words(engine, actor, begun, newest)
    if len(chosen[TITLE]) < TITLES:
        but = {name.id for name in chosen[TITLE]}
        chosen[TITLE] += _older(session, engine, actor, begun, words, but, newest)
    seen = _visible(session, actor, [name.id for sort in (TITLE, PERSON, PARTNER) for name in chosen[sort]])
    tags = _standing_tags(session, actor, [name.text for name in chosen[TAG]])
    standing = {name: [each for each in chosen[name] if each.id in seen] for name in (TITLE, PERSON, PARTNER)}
    standing[TAG] = [each for each in chosen[TAG] if each.text in tags]
    standing[WORD] = [_Name((), f"{typed.rpartition(' ')[0]} {word}".strip()) for word in words]
    return [
        Group(name, str(label), [_offer(name, each) for each in standing[name][: TITLES if name == TITLE else OTHERS]])
        for name, label in LABELS.items()
        if standing[name]
    ]


def nearest(session: Session, actor: Actor | None, words: Sequence[str], position: int) -> list[Offer]:
    """Titles with words that begin as some words do: those with most of them first."""
    begun = [word[: max(SHORTEST_BEGINNING, len(word) // 2 + 1)] for word in words if len(word) >= SHORTEST_BEGINNING]
    if not begun:
        return []
    scored = []
    for title in _known(session, actor, position).by_sort[TITLE]:
        if score := sum(any(word.startswith(each) for word in title.words) for each in begun):
            scored.append((score, title))
    scored.sort(key=lambda pair: -pair[0])
    found = [title for _score, title in scored[: 2 * TITLES]]
    seen = _visible(session, actor, [title.id for title in found])
    return [_offer(TITLE, title) for title in found if title.id in seen][:TITLES]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: in small letters, without accents."""
    return tuple(_WORD.findall(fold(text)))


@dataclass(frozen=True, slots=True)
class _Name:
    """Something that can be offered, and the words by which it is found."""

    words: tuple[str, ...]
    text: str
    id: str = ""
    kind: str = ""


@dataclass(slots=True)
class _Known:
    """Everything that can be offered to those who read the same logs, as of one position of the ledger."""

    position: int
    by_sort: dict[str, Sequence[_Name]]


@lru_cache(maxsize=8)
def _kept(database: Any, logs: tuple[str, ...]) -> list[_Known]:
    """The place where that is kept for one database."""
    return []


def _known(session: Session, actor: Actor | None, position: int) -> _Known:
    place = _kept(session.get_bind().engine, tuple(readable_logs(actor)))
    if place and place[0].position == position:
        return place[0]
    found = _Known(position, {sort: list(names) for sort, names in _read(session, actor)})
    place[:] = [found]
    return found


def _read(session: Session, actor: Actor | None) -> Iterator[tuple[str, Iterable[_Name]]]:
    visible = visible_to(actor)
    titles = (
        select(Entry.id, Entry.kind, Entry.title)
        .where(Entry.listed, visible, Entry.title != "")
        .order_by(Entry.activity.desc(), Entry.id.desc())
    )
    rows = session.execute(titles.limit(LOOKED_THROUGH))
    yield TITLE, [_Name(words_of(row.title), row.title, row.id, row.kind) for row in rows]
    for sort, model in ((PERSON, Person), (PARTNER, Partner)):
        cards = (
            select(model.id, model.name)
            .join(Entry, Entry.id == model.id)
            .where(visible, ~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None), model.name != "")
            .order_by(func.lower(model.name), model.id)
        )
        rows = session.execute(cards.limit(LOOKED_THROUGH))
        yield sort, [_Name(words_of(row.name), row.name, row.id) for row in rows]
    tags = _tags(actor).group_by(Mark.subject).order_by(func.count().desc(), Mark.subject).limit(LOOKED_THROUGH)
    yield TAG, [_Name(words_of(tag), tag) for tag in session.scalars(tags)]


def _tags(actor: Actor | None) -> Any:
    """The tags of what can be seen."""
    standing = (Mark.mark == "tag", Mark.value != "", visible_in(readable_logs(actor), Mark))
    return select(Mark.subject).join(Entry, Entry.id == Mark.entry).where(*standing, Entry.listed, visible_to(actor))


def _beginning(names: Iterable[_Name], begun: Sequence[str]) -> list[_Name]:
    """Those of which each typed word begins a word; first those that begin with the first of them."""
    found = [name for name in names if _fits(name.words, begun)]
    found.sort(key=lambda name: not name.words[0].startswith(begun[0]))
    return found[: 2 * TITLES]


def _fits(words: Sequence[str], begun: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in begun)


def _words(engine: Engine, actor: Actor | None, begun: Sequence[str], newest: Last) -> Sequence[str]:
    """How the last of some words may go on, in what the reader may see."""
    try:
        return engine.completions(begun[-1], Reader.of(actor).conditions, OTHERS, newest)
    except Unavailable:
        return ()


def _older(
    session: Session, engine: Engine, actor: Actor | None, begun: Sequence[str], words: Sequence[str],
    but: set[str], newest: Last,
) -> list[_Name]:  # fmt: skip
    """Titles further back than those that are looked through: found in the index, by the words that go on so."""
    reader, found = Reader.of(actor), []
    for word in (begun[-1], *words):
        query = read(" ".join((*begun[:-1], word)))
        query.all_words = True
        question = wanted(session, reader, query, [], RELEVANCE, LOOKED_AT)
        try:
            places = engine.find(replace(question, newest=newest)).places
        except Unavailable:
            return []
        ids = [place.entity for place in places if place.entity == place.root and place.entity not in but]
        rows = session.execute(_listed(reader).where(Entry.id.in_(ids))) if ids else ()
        names = {row.id: _Name(words_of(row.title), row.title, row.id, row.kind) for row in rows}
        found += [names[each] for each in ids if each in names and _fits(names[each].words, begun)]
        but |= names.keys()
        if len(found) >= TITLES:
            break
    return found[:TITLES]


def _listed(reader: Reader) -> Any:
    return select(Entry.id, Entry.kind, Entry.title).where(Entry.listed, reader.visible)


def _visible(session: Session, actor: Actor | None, ids: Sequence[str]) -> set[str]:
    """Those of some entities that can be seen now."""
    if not ids:
        return set()
    standing = (~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None))
    return set(session.scalars(select(Entry.id).where(Entry.id.in_(ids), visible_to(actor), *standing)))


def _standing_tags(session: Session, actor: Actor | None, tags: Sequence[str]) -> set[str]:
    """Those of some tags that something has now which can be seen."""
    return set(session.scalars(_tags(actor).where(Mark.subject.in_(tags)).distinct())) if tags else set()


def _offer(sort: str, name: _Name) -> Offer:
    if sort == TITLE:
        return Offer(name.text, kind_label(name.kind), entry_url(_Row(name.id, name.kind, name.text)))
    if sort == TAG:
        return Offer(name.text, "", f"/entries?{urlencode({'tag': name.text})}")
    if sort == WORD:
        return Offer(name.text, "", f"/search?{urlencode({'q': name.text})}")
    return Offer(name.text, "", address("people" if sort == PERSON else "partners", name.id, name.text))


@dataclass(frozen=True, slots=True)
class _Row:
    """What the address of an entry is made of."""

    id: str
    kind: str
    title: str
    root: str | None = None
