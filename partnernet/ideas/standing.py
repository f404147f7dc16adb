"""Who is in: what partners and people say of an idea, as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from partnernet.core.policy import Actor
from partnernet.core.words import _, lazy
from partnernet.entries.thread import Said, Thread
from partnernet.ideas.model import CAN_HOST, COUNT_IN, STAGES, WATCHING
from partnernet.people.names import address

WORDS: Mapping[str, tuple[str, str, str]] = {
    COUNT_IN.name: (lazy("Counts in"), lazy("Count us in"), lazy("We are not in any more")),
    CAN_HOST.name: (lazy("Can host"), lazy("We can host"), lazy("We cannot host any more")),
    WATCHING.name: (lazy("Watching"), lazy("Watch this"), lazy("Stop watching")),
}
"""For each: the heading over those who say it, the button to say it, and the one to take it back."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A partner, or a person who has none, who says something of an idea."""

    name: str
    url: str
    by: str
    """Who said it for the partner; empty for a person of their own."""
    ts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that can be said: who says it, and the reader's own button for it."""

    mark: str
    title: str
    button: str
    is_own: bool
    speakers: Sequence[Speaker]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the cycle: `state` is done, now or ahead."""

    label: str
    state: str
    text: str = ""


def context(actor: Actor | None, thread: Thread) -> dict[str, Any]:
    """What the page of an idea shows beside the text: who is in, and where it is in the cycle."""
    return {"standings": standings(thread.marks), "stages": stages(thread.post.stage), "speaks_for": _speaks_for(actor)}


def standings(marks: Sequence[Said]) -> list[Standing]:
    """Who says what, in the order in which it was said."""
    found = []
    for mark in (COUNT_IN.name, CAN_HOST.name, WATCHING.name):
        said = [each for each in marks if each.mark == mark]
        title, say, unsay = WORDS[mark]
        is_own = any(each.is_own for each in said)
        found.append(Standing(mark, title, unsay if is_own else say, is_own, [_speaker(each) for each in said]))
    return found


def stages(now: str) -> list[Stage]:
    """The five stages, and how an idea stands to each."""
    order = list(STAGES)
    here = order.index(now) if now in order else 0
    return [
        Stage(label, "now" if n == here else "done" if n < here else "ahead") for n, label in enumerate(STAGES.values())
    ]


def _speaker(said: Said) -> Speaker:
    if said.partner:
        name = said.partner_name or said.name.partner_text or _("a partner not here yet")
        return Speaker(name, address("partners", said.partner, name), said.name.text, said.ts)
    return Speaker(said.name.text, said.name.url, "", said.ts)


def _speaks_for(actor: Actor | None) -> str:
    if actor is None:
        return ""
    return actor.partner_name if actor.partner else actor.name
