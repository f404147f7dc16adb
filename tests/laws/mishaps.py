"""What goes wrong with machines in a story: a server is copied, or goes on from an old backup."""

from typing import Any

from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.op import Op


class Mishaps:
    """Steps of a story after which a node is not what it was."""

    world: Any
    written: dict[str, Op]
    creates: list[str]
    charter: Any
    backups: dict[int, Any]
    cloned: set[str]

    def back_up(self, who: int) -> None:
        """Keep a copy of a node's database."""
        number = who % len(self.world.places)
        self.backups[number] = self.world.places[number].copy()

    def restore(self, who: int) -> None:
        """Go on from the copy: what was written since is lost where nobody else has it, and nothing erased comes up."""
        number = who % len(self.world.places)
        place = self.world.places[number]
        if number not in self.backups:
            return
        erasing = {some.id for some in place.ops().values() if some.kind in ERASES}
        place.restore(self.backups[number])
        assert erasing <= place.ops().keys()
        self._lose()

    def clone(self, who: int, target: int) -> None:
        """Copy a server, key and numbers and all, in place of another one that has told it everything."""
        source, copy = (self.world.places[number % len(self.world.places)] for number in (who, target))
        if source is copy:
            return
        source.receive(list(copy.ops().values()))
        copy.become(source)
        self.backups.pop(target % len(self.world.places), None)
        self.cloned.add(source.node.id)

    def _lose(self) -> None:
        """Forget what nobody holds any more."""
        held: set[str] = set()
        for place in self.world.places:
            held |= place.ops().keys()
        for op_id in self.written.keys() - held:
            del self.written[op_id]
        self.creates[:] = [create for create in self.creates if create in held]
        self.charter.lose(self.written)
