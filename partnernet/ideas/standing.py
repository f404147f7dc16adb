"""Who is in: what partners and people say of an idea, as its page shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from partnernet.core.policy import Actor
from partnernet.core.words import _, lazy
from partnernet.entries.marks import Said
from partnernet.entries.thread import Thread
from partnernet.ideas.cycle import cycle
from partnernet.ideas.model import CAN_HOST, COUNT_IN, WATCHING
from partnernet.people.names import address


@dataclass(frozen=True, slots=True)
class Words:
    """How one thing is said of an idea."""

    said: str
    """What stands beside those who say it."""
    say: str
    unsay: str
    own: Callable[[str], str]
    """The sentence for the reader's partner, or for themselves."""


WORDS: Mapping[str, Words] = {
    COUNT_IN.name: Words(
        lazy("Counts in."), lazy("Count us in"), lazy("We are not in any more"),
        lambda name: _("%(name)s counts in.", name=name),
    ),
    CAN_HOST.name: Words(
        lazy("Can host."), lazy("We can host"), lazy("We cannot host any more"),
        lambda name: _("%(name)s can host.", name=name),
    ),
    WATCHING.name: Words(
        lazy("Watching."), lazy("Watch this"), lazy("Stop watching"),
        lambda name: _("%(name)s is watching.", name=name),
    ),
}  # fmt: skip
"""What can be said, the strongest first."""


@dataclass(slots=True)
class Speaker:
    """A partner, or a person who has none, with what they say of an idea."""

    name: str
    url: str
    place: str
    by: str
    """Who said it for the partner; empty for a person of their own."""
    ts: int
    """Since when."""
    says: list[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that can be said, and whether the reader has said it."""

    mark: str
    say: str
    unsay: str
    own: str
    is_own: bool


def context(actor: Actor | None, thread: Thread) -> dict[str, Any]:
    """What the page of an idea shows beside the text: who is in, and where it is in the cycle."""
    speaker = _speaks_for(actor)
    return {
        "standings": standings(thread.marks, speaker), "speakers": speakers(thread.marks), "speaks_for": speaker,
        "counted_in": sum(said.mark == COUNT_IN.name for said in thread.marks), "cycle": cycle(thread.post.stage),
    }  # fmt: skip


def standings(marks: Sequence[Said], speaker: str) -> list[Standing]:
    """What the reader can say, and what they have said."""
    own = {said.mark for said in marks if said.is_own}
    return [Standing(mark, words.say, words.unsay, words.own(speaker), mark in own) for mark, words in WORDS.items()]


def speakers(marks: Sequence[Said]) -> list[Speaker]:
    """Everybody who says something, once: who counts in first, then hosts, then who watches, each by time."""
    found: dict[str, Speaker] = {}
    for mark, words in WORDS.items():
        for said in (each for each in marks if each.mark == mark):
            speaker = found.setdefault(said.partner or f"{said.name.url} {said.name.text}", _speaker(said))
            speaker.says.append(words.said)
    return list(found.values())


def _speaker(said: Said) -> Speaker:
    if said.partner:
        name = said.partner_name or said.name.partner_text or _("a partner not here yet")
        return Speaker(name, address("partners", said.partner, name), said.place, said.name.text, said.ts, [])
    return Speaker(said.name.text, said.name.url, "", "", said.ts, [])


def _speaks_for(actor: Actor | None) -> str:
    if actor is None:
        return ""
    return actor.partner_name if actor.partner else actor.name
