"""What happens in a world: people write, change their minds, disagree, erase, and carry sticks about.

Every choice is a small number that is taken modulo what there is to choose from, so that a story is
just a list of numbers: hypothesis can draw it, shorten it and tell it again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from partnernet.core.ledger.op import Op
from tests import progress
from tests.laws.carrying import WRITING, Carrying
from tests.laws.chronicle import Chronicle
from tests.laws.governing import Charter, Governing
from tests.laws.mishaps import Mishaps
from tests.laws.place import LOGS, START, Actor, Place, place
from tests.laws.reckoning import Reckoning
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
class Story(Governing, Carrying, Mishaps, Reckoning, Chronicle):
    """A world, and what has happened in it so far."""

    world: World
    charter: Charter
    ever: dict[str, Op] = field(default_factory=dict)
    """Every op that anybody ever signed, as it was signed."""
    written: dict[str, Op] = field(default_factory=dict)
    """Those of them that somebody has; without its words, where nobody has these any more."""
    creates: list[str] = field(default_factory=list)
    seen: list[tuple[str, list[str]]] = field(default_factory=list)
    """Heads of entities, as somebody had them before them at some time."""
    words: int = 0
    threats: dict[bool, int] = field(default_factory=dict)
    backups: dict[int, Any] = field(default_factory=dict)
    cloned: set[str] = field(default_factory=set)
    called: dict[str, str] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begin(cls, size: int = 3, make: Callable[[str, int], Place] = place) -> "Story":
        world = World.of(size, make)
        story = cls(world, Charter([world.network_key]))
        story._note(world.places[0].ops().values())
        story.charter.note(story.written[world.membership], 0)
        for number, _place in enumerate(world.places):
            story.create(number, 0, number, 0)
        world.settle()
        story.say("everybody has heard of that, and is backed up")
        story.backups = {number: place.copy() for number, place in enumerate(world.places)}
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
        self.happens("somebody signed with a stamp of their own")
        self.say_written(place.name, made)

    def _par(self, place: Place, entity: Op, par: int) -> list[str]:
        """What the author had seen: most often everything, at times an older state, or another node's."""
        row = place.entry(entity.id)
        current = row["heads"] if row else [entity.id]
        self.seen.append((entity.id, current))
        older = [heads for some, heads in self.seen if some == entity.id]
        return (current, older[par % len(older)], [entity.id])[par % 3]

    def _write(self, place: Place, kind: str, log: str, body: dict[str, Any], **header: Any) -> None:
        before = place.ops().keys()
        self._under_threat(place, lambda: place.write(kind, log, body, **header), WRITING)
        made = [some for op_id, some in place.ops().items() if op_id not in before]
        self._note(made)
        for some in made:
            self.say_written(place.name, some)

    def end(self) -> None:
        """Note how often something rare has come about, and that the story is over."""
        numbers = Counter((some.node, some.h["inc"], some.log, some.h["seq"]) for some in self.written.values())
        if any(count > 1 for count in numbers.values()):
            self.happens("a number was given twice")
        progress.step()
        self.say("So far the story: now everybody hears everything, and a promise is held against it.")

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
            self.ever[some.id] = self.written[some.id] = some
            if some.is_create and some.id not in self.creates:
                self.creates.append(some.id)


def _hot(choices: Sequence[T], number: int) -> T:
    """One of a few, most often, so that people meet."""
    return _pick(choices, number) if number % 4 == 3 else _pick(choices[-3:], number)


def _pick(choices: Sequence[T], number: int) -> T:
    return choices[number % len(choices)]
