"""What stands for each parameter of an address. A name that is not here fails the matrix: think of it first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from werkzeug.routing import Rule

from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import NETWORK, PUBLIC, Actor
from partnernet.web.static import fingerprint
from tests.matrix.cast import Cast

MISSING_ID = "a" * SHORT_ID
OF_LISTED = ("tags", "links", "related")
"""What can be done to entries that stand in lists, and to replies, alone; or asked of them."""
MISSING_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Case:
    """One value: of a thing, of something that is not there, or of nothing that the policy knows."""

    value: str
    thing: Any = None
    is_missing: bool = False
    owner: str = ""
    """The handle of the only person for whom it is there; empty where it is for all alike."""

    def is_there_for(self, actor: Actor | None) -> bool:
        """Whether somebody can find it at all."""
        return not self.is_missing and (not self.owner or (actor is not None and actor.handle == self.owner))


Maker = Callable[[Cast, Rule], Sequence[Case]]


def refs(cast: Cast, rule: Rule) -> list[Case]:
    """Every entity that the address is for, two that it is not for, and some that are not there."""
    things = cast.distinct()
    fitting = [thing for thing in things if _fits(thing, rule.rule)]
    others = [thing for thing in things if thing not in fitting and not thing.redacted]
    some = [next((thing for thing in others if thing.log == log), None) for log in (PUBLIC, NETWORK)]
    values = [MISSING_ID, "x", "%00", *(thing.short for thing in some if thing is not None)]
    cases = [Case(f"{thing.short}-some-words", thing) for thing in fitting]
    return cases + [Case(value, is_missing=True) for value in values]


def _fits(thing: Entry, address: str) -> bool:
    """Whether an entity of its kind can stand in an address at all."""
    kind = KINDS[thing.kind]
    words = address.strip("/").split("/")
    if words[-1] == "versions" or words[:2] == ["exchange", "erasures"]:
        return True
    if words[0] == "entries":
        is_small = len(words) == 2 or (kind.has_acts and words[2] not in OF_LISTED)
        return is_small or kind.is_listed or kind.name == "reply"
    if address == "/replies/to/<ref>":
        return kind.has_thread or kind.name == "reply"
    return words[0] == kind.plural


def hashes(cast: Cast, rule: Rule) -> list[Case]:
    """Every file, by the entity that may show it."""
    odd = (MISSING_HASH, "0", "..", "A" * 64)
    return [Case(sha256, thing) for sha256, thing in cast.files.items()] + [Case(x, is_missing=True) for x in odd]


def accounts(cast: Cast, rule: Rule) -> list[Case]:
    """Every account, by its number."""
    return [Case(str(number)) for number in cast.accounts.values()] + [Case("987654321", is_missing=True)]


def tokens(cast: Cast, rule: Rule) -> list[Case]:
    """Links that work and one that does not; whoever holds one may use it."""
    return [Case(token) for token in (*cast.tokens.values(), "never-made")]


MAKERS: dict[str, Maker] = {
    "ref": refs,
    "sha256": hashes,
    "account": accounts,
    "token": tokens,
    "search": lambda cast, rule: [
        Case(str(cast.search), owner=cast.handle("author")),
        Case("987654321", is_missing=True),
    ],
    "link": lambda cast, rule: [Case(str(cast.invitation)), Case("987654321")],
    "slug": lambda cast, rule: [Case("charter"), Case("privacy"), Case("nonsense", is_missing=True)],
    "batch": lambda cast, rule: [Case(cast.batch), Case("never-brought", is_missing=True)],
    "key": lambda cast, rule: [Case(cast.neighbour), Case("b" * 52, is_missing=True)],
    "made": lambda cast, rule: [Case("never-made", is_missing=True), Case("a" * 16, is_missing=True)],
    "part": lambda cast, rule: [Case("1"), Case("0")],
    "form": lambda cast, rule: [Case("new-idea"), Case("reply-" + MISSING_ID)],
    "given": lambda cast, rule: [Case(fingerprint()), Case("older")],
    "name": lambda cast, rule: [Case("js/app.js"), Case("nothing.js", is_missing=True)],
}


def addresses(cast: Cast, rule: Rule) -> Iterator[tuple[str, Case]]:
    """Every address of a rule, with the case that the outcome depends on."""
    unknown = rule.arguments - MAKERS.keys()
    assert not unknown, f"{rule} has parameters that the matrix knows nothing of: {sorted(unknown)}"
    names = sorted(rule.arguments)
    for cases in product(*(MAKERS[name](cast, rule) for name in names)):
        telling = [case for case in cases if case.is_missing]
        telling = telling or [case for case in cases if case.thing is not None or case.owner]
        address = rule.rule
        for name, case in zip(names, cases, strict=True):
            address = _filled(address, name, case.value)
        yield address, telling[0] if telling else Case("")


def _filled(address: str, name: str, value: str) -> str:
    """The address with one parameter in its place, whatever its converter."""
    start = next(start for start in (f"<{name}>", f":{name}>") if start in address)
    before, _, after = address.partition(start)
    return before.rpartition("<")[0] + value + after if start.startswith(":") else before + value + after
