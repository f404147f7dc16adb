"""What happens in a world: people write, change their minds, disagree, erase, and carry sticks about.

Every choice is a small number that is taken modulo what there is to choose from, so that a story is
just a list of numbers: hypothesis can draw it, shorten it and tell it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from partnernet.core.ledger import op
from partnernet.core.ledger.fold import CHANGES, SIGNED_BY_NETWORK
from partnernet.core.ledger.op import Op
from tests.laws.governing import Charter, Governing
from tests.laws.mishaps import Mishaps
from tests.laws.place import LOGS, START, Actor, Place, place
from tests.laws.world import World, forged

T = TypeVar("T")

KINDS = ("testpage", "testunknown", "testpage", "testreply", "testpage", "testpage", "testreply")
FILE = {"sha256": "a" * 64, "name": "a.png", "type": "image/png", "size": 3}
PLAIN = ("title", "body", "summary")
EDITED = (*PLAIN, "summary")
OTHERS: Sequence[tuple[str, Any]] = (
    ("points", ["one", "two"]), ("points", "not a list"), ("count", 7), ("count", "seven"), ("count", True),
    ("files", [FILE]), ("files", []), ("files", [FILE, FILE]), ("picture", FILE), ("picture", None),
    ("title", 3), ("title", "two\nlines"), ("body", None), ("unknown", {"deep": [1]}), ("date", 5),
    ("date", "x"), ("credit", "Poster 1"), ("lang", "de"), ("lang", "much too long a language"),
    ("copied_from", "nonsense"),
    ("deleted", True), ("summary", ""),
)  # fmt: skip
TAGS = ("music", "places to go", "Not A Tag", "")


@dataclass
class Story(Governing, Mishaps):
    """A world, and what has happened in it so far."""

    world: World
    charter: Charter
    written: dict[str, Op] = field(default_factory=dict)
    """Every op that anybody ever signed, as it was signed."""
    creates: list[str] = field(default_factory=list)
    seen: list[tuple[str, list[str]]] = field(default_factory=list)
    """Heads of entities, as somebody had them before them at some time."""
    words: int = 0
    crash_next: int | None = None
    backups: dict[int, Any] = field(default_factory=dict)
    cloned: set[str] = field(default_factory=set)

    @classmethod
    def begin(cls, size: int = 3, make: Callable[[str, int], Place] = place) -> "Story":
        world = World.of(size, make)
        story = cls(world, Charter([world.network_key]))
        story._note(world.places[0].ops().values())
        story.charter.note(story.written[world.membership], 0)
        return story

    # -- writing -----------------------------------------------------------------------------------

    def create(self, who: int, kind: int, log: int, target: int) -> None:
        """Write something new; a reply lies under something that its author has, and in its log."""
        place = self._place(who)
        name, header = _pick(KINDS, kind), {}
        where = _pick(LOGS, log)
        known = self._known(place)
        if name == "testreply" and known:
            root = _hot(known, target)
            where, header = root.log, {"root": root.root or root.id, "re": root.id}
        self._write(place, name, where, {"set": {"title": self._text("title"), "body": self._text("body")}}, **header)

    def copy(self, who: int, target: int) -> None:
        """Show something in the other log too."""
        place = self._place(who)
        if known := self._known(place):
            source = _hot(known, target)
            where = LOGS[1 - LOGS.index(source.log)]
            self._write(place, "testpage", where, {"set": {"title": self._text("copy"), "copied_from": source.id}})

    def edit(self, who: int, target: int, what: int, par: int, mem: bool) -> None:
        """Change a field: a text, or something that may not be as it should."""
        plain = {_pick(EDITED, what // 3): self._text("edit")}
        values = plain if what % 4 else dict([_pick(OTHERS, what // 3)])
        self._change(who, target, "edit", {"set": values}, par, mem)

    def delete(self, who: int, target: int, deleted: bool, par: int, mem: bool) -> None:
        self._change(who, target, "delete", {"set": {"deleted": deleted}}, par, mem)

    def redact(self, who: int, target: int, single: int, mem: bool) -> None:
        """Erase an entity, or single ops under it, some of which may not have come here yet."""
        place = self._place(who)
        known = self._known(place)
        if not known:
            return
        entity = _hot(known, target)
        named = {}
        if single % 3:
            under = sorted(some.id for some in self.written.values() if some.entity == entity.id)
            named = {"ops": sorted({_pick(under, single), _pick(under, single // 7)})}
        self._change(who, target, "redact", {"why": "because"}, 0, mem, **named)

    def mark(self, who: int, target: int, subject: int, on: bool, for_partner: bool) -> None:
        """Tag something, or take the tag back; or vote for a partner."""
        place = self._place(who)
        known = self._known(place)
        if not known:
            return
        entity = _hot(known, target)
        body: dict[str, Any] = {"mark": "tag", "subject": _pick(TAGS, subject), "value": on}
        by = place.person
        if for_partner:
            by = Actor(place.node, place.person.handle, self.world.network)
            body = {"mark": "testvote", "value": "yes" if on else "no", "words": self._text("vote")}
        heads = [row["heads"] for row in place.rows_of("mark") if row["entry"] == entity.id]
        par = heads[subject % len(heads)] if heads and subject % 2 else []
        log = _pick(LOGS, subject) if subject % 5 == 4 else entity.log
        self._write(place, "mark", log, body, by=by, ent=entity.id, par=par)

    def _change(self, who: int, target: int, kind: str, body: Any, par: int, mem: bool, **header: Any) -> None:
        place = self._place(who)
        if known := self._known(place):
            entity = _hot(known, target)
            relied = {"mem": _pick(self.charter.memberships(), target).id} if mem else {}
            log = LOGS[1 - LOGS.index(entity.log)] if par % 11 == 10 else entity.log
            heads = self._par(place, entity, par)
            if par % 4 == 3:
                self._misdate(place, kind, log, body, {"ent": entity.id, "par": heads, **relied, **header})
                return
            self._write(place, kind, log, body, ent=entity.id, root=entity.root, par=heads, **relied, **header)

    def _misdate(self, place: Place, kind: str, log: str, body: Any, head: dict[str, Any]) -> None:
        """Write with a stamp older than what the author had seen, as no honest node would."""
        self.words += 1
        stamp = max(0, START - self.words)
        made = forged(place.person, {"kind": kind, "log": log, "seq": 100 + self.words, "ts": stamp, **head}, body)
        self._note([made])
        place.receive([made])

    def _par(self, place: Place, entity: Op, par: int) -> list[str]:
        """What the author had seen: most often everything, at times an older state, or another node's."""
        row = place.entry(entity.id)
        current = row["heads"] if row else [entity.id]
        self.seen.append((entity.id, current))
        older = [heads for some, heads in self.seen if some == entity.id]
        return (current, older[par % len(older)], [entity.id])[par % 3]

    def _write(self, place: Place, kind: str, log: str, body: dict[str, Any], **header: Any) -> None:
        def work() -> None:
            made = place.write(kind, log, body, **header)
            self._note([made])

        self._under_threat(place, work)

    # -- carrying ----------------------------------------------------------------------------------

    def carry(self, source: int, target: int, share: int, seed: int) -> None:
        """Take a part of a node's ops to another: in any order, some twice, some without their bodies."""
        giver, taker = self._place(source), self._place(target)
        random = Random(seed)
        stick = [some for some in giver.ops().values() if random.randrange(8) < 1 + share % 8]
        stick += [some for some in stick if random.randrange(4) == 0]
        stick = [some.erased() if random.randrange(6) == 0 else some for some in stick]
        random.shuffle(stick)
        lines = [some.line for some in stick]
        self._under_threat(taker, lambda: taker.receive([op.read(line) for line in lines]))

    def threaten(self, statements: int) -> None:
        """Let the next thing that is written or received lose power on the way."""
        self.crash_next = statements % 12

    def _under_threat(self, place: Place, work: Any) -> None:
        if self.crash_next is None:
            work()
            return
        before = place.everything()
        if place.crashing(self.crash_next, work):
            assert place.everything() == before, "a crash left something behind"
        self.crash_next = None

    # -- choosing ----------------------------------------------------------------------------------

    def _place(self, who: int) -> Place:
        return _pick(self.world.places, who)

    def _known(self, place: Place) -> list[Op]:
        here = place.ops()
        return [here[create] for create in self.creates if create in here]

    def _text(self, word: str) -> str:
        self.words += 1
        return f"{word}-{self.words}-canary"

    def _note(self, ops: Any) -> None:
        for some in ops:
            self.written[some.id] = some
            if some.is_create and some.id not in self.creates:
                self.creates.append(some.id)

    # -- what must hold, worked out the slow and plain way -----------------------------------------

    def gone(self) -> set[str]:
        """The ops whose bodies must be gone once everything has come everywhere."""
        return self._gone(lambda redact, create: self.vouches(redact, create) and not self.is_revoked(redact, create))

    def perhaps_gone(self) -> set[str]:
        """The ops that something may have erased before it turned out that it does not count."""
        return self._gone(lambda redact, create: True)

    def bare(self, somewhere: Place) -> set[str]:
        """Those of them whose bodies are nowhere any more, although nothing that counts erases them."""
        here = somewhere.ops()
        return {op_id for op_id in self.perhaps_gone() - self.gone() if op_id in here and here[op_id].body is None}

    def _gone(self, erases: Callable[[Op, Op], bool]) -> set[str]:
        gone = set()
        for redact in self.written.values():
            create = self.written.get(redact.entity)
            if redact.kind != "redact" or create is None or redact.log != create.log or not erases(redact, create):
                continue
            for some in self.written.values():
                if some.entity != create.id or some.kind in ("redact", *SIGNED_BY_NETWORK):
                    continue
                if some.id in redact.h.get("ops", ()) or ("ops" not in redact.h and some.kind != "mark"):
                    gone.add(some.id)
        return gone

    def standing(self, entity: str, name: str, gone: set[str]) -> list[Op]:
        """The ops that set a plain text of a page with effect, and that no other of them had seen."""
        create = self.written[entity]
        setting = [
            some for some in self.written.values()
            if some.entity == entity and some.id not in gone and some.log == create.log
            and (some.is_create or some.kind in CHANGES) and isinstance(some.set.get(name), str)
            and "\n" not in some.set[name]
            and (name == "summary" or self.vouches(some, create))
            and (some is create or not self.is_revoked(some, create))
        ]  # fmt: skip
        return [some for some in setting if not any(self.saw(other, some) for other in setting)]

    def saw(self, later: Op, earlier: Op) -> bool:
        """Whether the author of an op had seen another one."""
        if later is earlier:
            return False
        reached, ahead = set(), list(later.par)
        while ahead:
            current = ahead.pop()
            if current == earlier.id:
                return True
            if current in self.written and current not in reached:
                reached.add(current)
                ahead += self.written[current].par
        return False

    def vouches(self, some: Op, create: Op) -> bool:
        """Whether an op is by the entity's own node, or by a steward."""
        named = [node_by for node_by in self.charter.stewards(some.h.get("mem")) if node_by == [some.node, some.by]]
        return some.node == create.node or (bool(named) and create.network == self.world.network)

    def is_revoked(self, some: Op, create: Op) -> bool:
        """Whether the network of an entity has revoked the node of an op, and does not keep it."""
        return create.network == self.world.network and self.charter.is_revoked(some)


def _hot(choices: Sequence[T], number: int) -> T:
    """One of a few, most often, so that people meet."""
    return _pick(choices, number) if number % 4 == 3 else _pick(choices[-3:], number)


def _pick(choices: Sequence[T], number: int) -> T:
    return choices[number % len(choices)]
