"""What somebody who comes back asks of a thread first: what is new, since when, and who is in the talk."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from partnernet.core.entry import SHORT_ID
from partnernet.core.policy import Actor
from partnernet.entries.thread_rows import time_of
from partnernet.people.names import Name, Names, byline

FOLDED_FROM = 3
"""Fewer replies than this are not worth folding."""
VOICES = 6
"""How many people "In the talk" names."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest reply of a thread."""

    short: str
    called: str
    when: int
    is_here: bool
    """Whether it stands on the page that is shown."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What the head of a thread says of it, and how a page of its replies is laid out."""

    new: int
    """How many replies the reader has not seen, in the whole thread."""
    first_new: str
    """The first of them, by the beginning of its id; empty where there is none."""
    since: int | None
    """Since when they are new: about when the reader last looked; None where that is not known."""
    newest: Newest | None
    folded: Sequence[Any]
    """What the reader has read, but for the last before what is new."""
    read: Sequence[Any]
    unread: Sequence[Any]
    """From the first new reply on."""
    voices: Sequence[tuple[Name, int]]
    """Who wrote how many of the replies on this page, the most first."""
    more_voices: int
    """How many more people wrote some."""


def talk(
    posts: Sequence[Any], rows: Sequence[Any], known: Names, called: Callable[[Name], str], *, is_addressed: bool,
) -> Talk:  # fmt: skip
    """The talk of a page of replies; whoever asked for this very page finds nothing folded on it."""
    row = rows[0] if rows else None
    fresh = [n for n, post in enumerate(posts) if post.is_new]
    at = fresh[0] if fresh else len(posts)
    folded = at - 1 if fresh and not is_addressed and at > FOLDED_FROM else 0
    first_new = getattr(row, "first_new", None) or (posts[at].id if fresh else "")
    voices = _voices([post for post in posts if not (post.deleted or post.redacted)])
    return Talk(
        new=getattr(row, "new", len(fresh)), first_new=first_new[:SHORT_ID],
        since=time_of(getattr(row, "seen_head", None)), newest=_newest(posts, row, known, called),
        folded=posts[:folded], read=posts[folded:at], unread=posts[at:], voices=voices[:VOICES],
        more_voices=max(0, len(voices) - VOICES),
    )  # fmt: skip


def is_new(row: Any, read: int | None, actor: Actor | None) -> bool:
    """Whether a row came since the reader looked, and is none of their own words or of those that are gone."""
    if read is None or actor is None or row.arrived <= read or row.deleted or row.redacted:
        return False
    return (row.node, row.by) != (actor.node.id, actor.handle)


def called(names: Iterable[Name]) -> Callable[[Name], str]:
    """How each is called in a few words: by the first of their names, where nobody else here has it."""
    people = {(name.url, str(name.text)) for name in names if name.url.startswith("/people/")}
    firsts = Counter(_first(text) for _, text in people)

    def call(name: Name) -> str:
        text = str(name.text)
        first = _first(text)
        is_enough = (name.url, text) in people and firsts[first] == 1 and len(first) > 2 and first[-1] != "."
        return first if is_enough else text

    return call


def _first(name: str) -> str:
    return next(iter(name.split()), "")


def _voices(posts: Sequence[Any]) -> list[tuple[Name, int]]:
    names = {(post.name.url, str(post.name.text)): post.name for post in posts}
    counted = Counter((post.name.url, str(post.name.text)) for post in posts)
    return [(names[key], count) for key, count in counted.most_common()]


def _newest(posts: Sequence[Any], row: Any, known: Names, called: Callable[[Name], str]) -> Newest | None:
    """The newest reply that has words; None where there is hardly a way to it."""
    here = {post.id for post in posts}
    if getattr(row, "newest", None) is not None:
        name = byline(_Written(row.newest_node, row.newest_by, row.newest_credit), known)
        return Newest(row.newest[:SHORT_ID], called(name), row.newest_when, row.newest in here)
    last = next((post for post in reversed(posts) if not (post.deleted or post.redacted)), None)
    if last is None or len(posts) <= FOLDED_FROM:
        return None
    return Newest(last.id[:SHORT_ID], last.called, last.when, is_here=True)


@dataclass(frozen=True, slots=True)
class _Written:
    node: str
    by: str
    credit: str
