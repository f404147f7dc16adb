"""Mentions as people write them: `@Josie Calder` in the editor, `@[handle]` in the ledger.

A name counts where exactly one person whose card one may read has it; the longest name wins.
"""

import re
from collections.abc import Collection, Mapping

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from partnernet.core import text
from partnernet.core.db import CHUNK, chunks
from partnernet.core.entry import Entry
from partnernet.core.policy import Actor, visible_to
from partnernet.partners.model import Partner
from partnernet.people.model import Person

WORDS = 6
"""The longest name that is looked for, in words."""
SHORTEST = 2
"""Letters before names are offered."""
SUGGESTIONS = 8
LIMIT = 60
"""Mentions in one text; those after stay as they were typed."""

_AT = re.compile(r"(?<![\w@/.])@(?=\w)")
_WORD = re.compile(r"[^\W_][\w.’'-]*")


def to_handles(session: Session, actor: Actor, source: str) -> str:
    """A text as it is kept: each `@Name` that means exactly one person becomes their handle."""
    starts = [found.end() for found in _AT.finditer(source)][:LIMIT]
    if not starts:
        return source
    candidates = {start: _names_at(source, start) for start in starts}
    handles = _unique(session, actor, {name for names in candidates.values() for name in names})
    kept, done = [], 0
    for start, names in candidates.items():
        known = next((name for name in names if name.lower() in handles), None)
        if known is not None and start > done:
            kept += [source[done : start - 1], f"@[{handles[known.lower()]}]"]
            done = start + len(known)
    return "".join(kept) + source[done:]


def to_names(session: Session, actor: Actor, source: str) -> str:
    """A text as it is edited: handles as names, but for those that would not be read back."""
    handles = text.mentions(source)
    if not handles:
        return source
    names = _names_of(session, actor, handles)
    unique = _unique(session, actor, set(names.values()))
    return text.MENTION.sub(
        lambda found: f"@{names[found[1]]}" if unique.get(names.get(found[1], "").lower()) == found[1] else found[0],
        source,
    )


def suggest(session: Session, actor: Actor, begun: str) -> list[tuple[str, str]]:
    """Names of persons with a word that begins so, each with its partner's, at most eight.

    Only names that mean one person are offered, since only those are read back.
    """
    begun = " ".join(begun.split())
    if not SHORTEST <= len(begun) <= 100:
        return []
    partner = aliased(Partner)
    found = session.execute(
        _cards(actor)
        .add_columns(func.coalesce(partner.name, "").label("partner"))
        .outerjoin(partner, partner.id == Person.partner)
        .where(
            or_(Person.name.istartswith(begun, autoescape=True), Person.name.icontains(f" {begun}", autoescape=True))
        )
        .order_by(Person.name, Person.who)
        .limit(SUGGESTIONS * 3)
    ).all()
    alone = _unique(session, actor, {row.name for row in found})
    return [(row.name, row.partner) for row in found if row.name.lower() in alone][:SUGGESTIONS]


def _names_at(source: str, start: int) -> list[str]:
    """What could be a name at a place in a text, the longest first."""
    names, end = [], start
    for _ in range(WORDS):
        found = _WORD.match(source, end)
        if found is None:
            break
        whole = source[start : found.end()]
        names += [whole, *_shorter(whole)]
        end = found.end()
        if source[end : end + 1] != " ":
            break
        end += 1
    return sorted(names, key=len, reverse=True)


def _shorter(whole: str) -> list[str]:
    """The same without a full stop or a possessive at its end."""
    plain = whole.rstrip(".’'-")
    bare = re.sub(r"[’']s$", "", plain)
    return [name for name in dict.fromkeys((plain, bare)) if name != whole]


def _unique(session: Session, actor: Actor, names: Collection[str]) -> Mapping[str, str]:
    """The handles of those names that exactly one person has, by the name in small letters."""
    people: dict[str, set[str]] = {}
    for some in chunks(sorted(names), CHUNK // 2):
        small = func.lower(Person.name).in_([name.lower() for name in some])
        for row in session.execute(_cards(actor).where(or_(Person.name.in_(some), small))):
            people.setdefault(row.name.lower(), set()).add(row.who)
    return {name: min(who) for name, who in people.items() if len(who) == 1}


def _names_of(session: Session, actor: Actor, handles: Collection[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for some in chunks(handles):
        rows = session.execute(_cards(actor).where(Person.who.in_(some)))
        names |= {row.who: row.name for row in rows}
    return names


def _cards(actor: Actor) -> Select[str, str]:
    standing = (~Entry.redacted, ~Entry.deleted, Entry.superseded_by.is_(None), Person.who != "")
    cards = select(Person.who, Person.name).join(Entry, Entry.id == Person.id)
    return cards.where(visible_to(actor), *standing)
