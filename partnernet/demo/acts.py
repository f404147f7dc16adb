"""What somebody in the invented network does at some time: the plan that is written into the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from partnernet.core.ledger.canonical import to_base32
from partnernet.demo.cast import PARTNERS, PEOPLE, Organisation, Somebody

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

PARTNER_OF = {partner.key: partner for partner in PARTNERS}
PERSON = {person.name: person for person in PEOPLE}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done. `key` names what it makes or changes; `under` what a reply answers."""

    at: int
    who: str
    verb: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    visibility: str = "network"
    under: str = ""
    beside: bool = False
    """Whether its author had not seen the edit before it, so that the two stand beside each other."""
    picture: str = ""
    """The seed of the picture that leads it."""


@dataclass(slots=True)
class Entry:
    """An entry of the plan, and what is to grow around it."""

    key: str
    kind: str
    who: str
    title: str
    body: str
    tags: Sequence[str] = ()
    values: dict[str, Any] = field(default_factory=dict)
    visibility: str = "network"
    answers: Sequence[str] = ()
    summary: str = ""
    stage: str = ""
    at: int = 0
    picture: str = ""
    is_whole: bool = False
    """Whether it was written out in full, and not put together from parts."""


def handle(seed: int, name: str) -> str:
    """The handle of a person, the same for the same seed."""
    return "p" + to_base32(sha256(f"{seed} {name}".encode()).digest()[:16])


def organisation(who: str) -> Organisation:
    """The partner of a person."""
    return PARTNER_OF[PERSON[who].partner]


def somebody(dice: Random, *but: str) -> Somebody:
    """Anybody, but for some."""
    return dice.choice([person for person in PEOPLE if person.name not in but])


def at_a_likely_hour(dice: Random, milliseconds: int) -> int:
    """A time on the same day at which people write."""
    hour = dice.choices(range(7, 23), weights=(1, 3, 5, 6, 6, 4, 4, 5, 5, 5, 4, 3, 4, 5, 4, 2))[0]
    return milliseconds // DAY * DAY + hour * HOUR + dice.randrange(60) * MINUTE + dice.randrange(MINUTE)
