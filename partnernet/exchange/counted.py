"""Numbers of what a bundle holds, in words: 12 replies, 3 people, 4 MB."""

from collections.abc import Callable, Mapping
from typing import Any

from partnernet.core.words import lazy, plural

Said = Callable[[int], str]

THINGS: dict[str, Said] = {
    "discussion": lambda n: plural("%(count)s discussion", "%(count)s discussions", n),
    "idea": lambda n: plural("%(count)s idea", "%(count)s ideas", n),
    "mark": lambda n: plural("%(count)s mark", "%(count)s marks", n),
    "network": lambda n: plural("%(count)s network", "%(count)s networks", n),
    "news": lambda n: plural("%(count)s piece of news", "%(count)s pieces of news", n),
    "note": lambda n: plural("%(count)s note", "%(count)s notes", n),
    "page": lambda n: plural("%(count)s page", "%(count)s pages", n),
    "partner": lambda n: plural("%(count)s partner", "%(count)s partners", n),
    "person": lambda n: plural("%(count)s person", "%(count)s people", n),
    "reply": lambda n: plural("%(count)s reply", "%(count)s replies", n),
    "term": lambda n: plural("%(count)s word of the word list", "%(count)s words of the word list", n),
}
"""What people write and set, by kind; kinds that only programs see are said as they are called."""

REASONS = {
    str(reason): reason
    for reason in (
        lazy("it belongs to a circle that this server has no part in"),
        lazy("whoever brought it may not bring what is open to those readers"),
        lazy("accounts, e-mail addresses, sessions, drafts and keys"),
        lazy("they never leave a server"),
        lazy("what is open to “public”"),
        lazy("what is open to “network”"),
        lazy("it was not asked for"),
        lazy("what belongs to circles"),
        lazy("it is for their members only"),
        lazy("all other entries"),
        lazy("only one entry was asked for"),
        lazy("entries of other kinds"),
        lazy("only one kind was asked for"),
        lazy("entries of other dates"),
        lazy("only a period was asked for"),
        lazy("the other server may not be given it"),
        lazy("one of them is larger than a part may be"),
        lazy("they are in another part"),
        lazy("statements that the other server said it holds"),
        lazy("they need not be sent again"),
        lazy("what servers wrote that were not admitted here"),
        lazy("it waits for a steward"),
        lazy("attachments"),
        lazy("they have not reached this server yet"),
        lazy("one bundle holds no more"),
        lazy("they were not asked for"),
        lazy("they travel in a .pn.zip"),
        lazy("texts that were erased, or never reached this server"),
        lazy("there is nothing to send"),
        lazy("as much as may wait of one server waits here already"),
    )
}
"""What bundles say of themselves, which is always in English; a sentence of another maker is shown as it came."""


def kinds(counts: Mapping[str, int]) -> str:
    """Numbers of things by kind: 12 replies, 3 people."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(THINGS[kind](count) if kind in THINGS else _unknown(kind, count) for kind, count in ordered)


def written(counts: Mapping[str, int]) -> str:
    """What somebody wrote, by kind, and how often they changed something: 2 ideas, 3 changes."""
    changes = counts.get("edit", 0)
    made = kinds({kind: count for kind, count in counts.items() if kind != "edit"})
    return ", ".join(filter(None, (made, plural("%(count)s change", "%(count)s changes", changes) if changes else "")))


def statements(count: int) -> str:
    """So many statements."""
    return plural("%(count)s statement", "%(count)s statements", count)


def servers(count: int) -> str:
    """So many servers."""
    return plural("%(count)s server", "%(count)s servers", count)


def size(count: int) -> str:
    """Bytes, as one speaks of them."""
    return f"{count / (1 << 20):,.1f} MB" if count >= 1 << 20 else f"{max(count, 1) / 1024:,.0f} KB"


def reason(given: Any) -> str:
    """What a bundle says of what is not in it, in the reader's language where it is known."""
    return str(REASONS.get(given, given))


def _unknown(kind: str, count: int) -> str:
    word = kind.replace("_", " ")
    if count != 1 and word.endswith("y"):
        word = word[:-1] + "ies"
    elif count != 1 and (word.endswith("ship") or not word.endswith("s")):
        word += "s"
    return f"{count:,} {word}"
