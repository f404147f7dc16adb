"""What must hold in a story, worked out the slow and plain way from everything that was ever written in it."""

from collections.abc import Callable
from typing import Any

from partnernet.core.ledger.fold import CHANGES, SIGNED_BY_NETWORK
from partnernet.core.ledger.op import Op
from tests.laws.place import Place


class Reckoning:
    """What follows from a story."""

    world: Any
    written: dict[str, Op]
    charter: Any

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
