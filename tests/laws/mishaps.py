"""What goes wrong with machines in a story: a server is copied, or goes on from an old backup."""

from collections.abc import Callable, Iterable
from typing import Any

from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.op import Op
from tests.laws.place import Place


class Mishaps:
    """Steps of a story after which a node is not what it was."""

    world: Any
    ever: dict[str, Op]
    written: dict[str, Op]
    creates: list[str]
    charter: Any
    backups: dict[int, Any]
    cloned: set[str]

    say: Callable[[str], None]
    happens: Callable[[str], None]
    _two: Callable[[int, int], tuple[Place, Place]]
    names: Callable[[Iterable[str]], str]

    def back_up(self, who: int) -> None:
        """Keep a copy of a node's disk."""
        number = who % len(self.world.places)
        self.backups[number] = self.world.places[number].copy()
        self.say(f"{self.world.places[number].name} is backed up")

    def restore(self, who: int, whole: bool) -> None:
        """Go on from the copy: what was written since is lost where nobody else has it, and nothing erased comes up.

        Where the whole disk is put back a server cannot know it, before another one tells it.
        """
        number = who % len(self.world.places)
        place = self.world.places[number]
        before = place.ops()
        erasing = {some.id for some in before.values() if some.kind in ERASES}
        if whole:
            place.roll_back(self.backups[number])
            self.cloned.add(place.node.id)
        else:
            place.restore(self.backups[number])
            assert erasing <= place.ops().keys()
        what = "disk" if whole else "database"
        if len(place.ops()) < len(before):
            self.happens(f"a node went on from an older {what}")
        if not erasing <= self.backups[number].ids():
            self.happens(f"a node went on from an older {what} that had not heard of an erasure")
        self.say(f"{place.name} goes on from its backup: the {what} of then")
        self._lose()

    def clone(self, who: int, target: int) -> None:
        """Copy a server, key and numbers and all, in place of another one that has told it everything."""
        source, copy = self._two(who, target)
        source.receive(list(copy.ops().values()))
        copy.become(source)
        self.backups[self.world.places.index(copy)] = copy.copy()
        self.cloned.add(source.node.id)
        self.happens("a server was copied")
        self.say(f"{source.name} has heard everything from {copy.name}, which becomes a copy of it")

    def _lose(self) -> None:
        """Forget what nobody holds any more, words and all; what comes back from a backup is known again."""
        held: set[str] = set()
        worded: set[str] = set()
        for place in self.world.places:
            here = place.ops()
            held |= here.keys()
            worded |= {some.id for some in here.values() if some.body is not None}
        if lost := self.written.keys() - held:
            self.happens("what nobody else had was lost")
            self.say(f"lost, since nobody else had it: {self.names(lost)}")
        self.written = {
            some.id: some if some.id in worded else some.erased() for some in self.ever.values() if some.id in held
        }
        self.creates = [some.id for some in self.written.values() if some.is_create]
        self.charter.holds(worded)
