"""How words go from node to node in a story, by stick or by wire, and the power that may go meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from partnernet.core.ledger import op
from partnernet.core.ledger.membership import KEPT
from partnernet.core.ledger.op import Op
from tests.laws.place import LOGS, Place, Trouble

WRITING, STICK, EXCHANGE = "a writing", "a stick", "an exchange"


class Carrying:
    """Steps of a story in which nodes hear of each other."""

    world: Any
    written: dict[str, Op]
    threats: dict[bool, int]
    """Whether it is hearing or writing that will lose power, and when on the way."""
    say: Callable[[str], None]
    happens: Callable[[str], None]

    def carry(self, source: int, target: int, share: int, seed: int) -> None:
        """Take a part of a node's ops to another: in any order, some twice, some without their bodies.

        One stick of three holds nothing of what is erased by what it holds.
        """
        giver, taker = self._two(source, target)
        random = Random(seed)
        stick = [some for some in giver.ops().values() if random.randrange(8) < 1 + share % 8]
        if seed % 3 == 2:
            erased = {some.entity for some in stick if some.kind == "redact"}
            stick = [some for some in stick if some.id not in erased]
        stick += [some for some in stick if random.randrange(4) == 0]
        stick = [some.erased() if random.randrange(6) == 0 else some for some in stick]
        random.shuffle(stick)
        lines, before = [some.line for some in stick], taker.ops()
        bare = len({some.id for some in stick if some.body is None})
        self.say(f"a stick goes from {giver.name} to {taker.name}: {len(stick)} lines, {bare} of them without words")
        has_news = any(some.id not in before for some in stick)
        self._under_threat(taker, lambda: taker.receive([op.read(line) for line in lines]), STICK, has_news)
        self._heard(taker, before, stick)

    def call_up(self, source: int, target: int, cut: int, most: int, shut: int) -> None:
        """Let two nodes exchange everything, over a wire that may be cut after some requests, in pages of some size.

        In one of four the wire holds, and a steward closes a log to the other server meanwhile.
        """
        caller, other = self._two(source, target)
        if caller.node.id == other.node.id:
            return
        before = {id(place): place.ops() for place in (caller, other)}
        is_shut = shut % 4 == 3
        after = cut % 12 if cut % 3 and not is_shut else None
        how = "" if after is None else f", and the wire is cut after {after // 2} requests"
        trouble = Trouble(after, 1 + most // 12)
        if is_shut:
            trouble = replace(trouble, shut_after=2 + shut // 4 % 3, shut=LOGS[shut // 12 % 2], by_caller=shut % 8 > 3)
            whose = caller if trouble.by_caller else other
            how += f", and {whose.name} closes the {trouble.shut} log to the other after {trouble.shut_after} requests"
        self.say(f"{caller.name} exchanges with {other.name}, {trouble.most} statements at a time{how}")
        outcome: list[str] = []
        self._under_threat(caller, lambda: outcome.append(caller.meet(other, trouble)), EXCHANGE)
        for what in filter(None, outcome):
            self.happens(what)
            self.say(what)
        for place in (caller, other):
            now = place.ops()
            self._heard(place, before[id(place)], [some for some in now.values() if some.id not in before[id(place)]])

    def threaten(self, when: int, hearing: bool) -> None:
        """Let a node lose power the next time that something is heard, or that something is written."""
        self.threats[hearing] = when

    def _under_threat(self, place: Place, work: Callable[[], Any], what: str, has_news: bool = True) -> None:
        """Do something that may lose power: then it has happened, or it has not, and nothing lies between."""
        if (is_hearing := what != WRITING) not in self.threats or not has_news:
            work()
            return
        statements = self.threats.pop(is_hearing) * place.statements[is_hearing] // 60
        before, here = place.everything(), place.ops().keys()
        if not place.crashing(statements, work):
            self.happens(f"the power went too late for {what}")
            return
        came = len(place.ops().keys() - here)
        is_before = place.everything() == before
        self.happens(f"the power went in {what}: {'before' if is_before else 'after'} it happened")
        self.say(f"the power goes at {place.name} in its statement {statements}: {came} statements have come")
        if is_before:
            return
        if what == STICK:
            after = place.everything()
            work()
            assert place.everything() == after, "a crash left a stick half taken in"
        assert what != WRITING or came == 1, "a crash left half of what was written"
        assert place.shown() == self.world.anew(place, list).shown(), "a crash left something half done"

    def _heard(self, taker: Place, before: Mapping[str, Op], came: Sequence[Op]) -> None:
        """Note what is rare about what came to a node."""
        now = taker.ops()
        new = {some.id: some for some in came if some.id not in before and some.id in now}
        for some in new.values():
            if some.kind == "redact" and some.entity not in before and some.entity not in new:
                self.happens("an erasure came before what it erases")
            elif some.kind == "membership" and any(known.h.get("mem") == some.id for known in before.values()):
                self.happens("a membership came after what relies on it")
            elif some.kind == "revoke" and some.b and _is_void(some.b["doc"], before.values()):
                self.happens("a revocation came after what it voids")
        for known in before.values():
            if known.body is None and known.id in now and now[known.id].body is not None:
                self.happens("words came late")
                break
        if any(some.body and some.id in before and not now[some.id].body for some in came if some.id in now):
            self.happens("what is erased came again")

    def _two(self, source: int, target: int) -> tuple[Place, Place]:
        """Two different places."""
        count = len(self.world.places)
        first = source % count
        return self._place(first), self._place(first + 1 + target % (count - 1))

    def _place(self, who: int) -> Place:
        raise NotImplementedError


def _is_void(doc: Mapping[str, Any], known: Any) -> bool:
    return any(some.node == doc["node"] and some.id[:KEPT] not in doc["keep"] for some in known)
