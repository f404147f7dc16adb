"""A world of a few nodes: what they write, what is carried between them, what each one shows."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import combinations
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import insert

from partnernet.core.ledger import bodies, log, membership, node, op, state, tables
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op
from partnernet.sync import exchange
from tests.laws.place import START, Actor, Place, digest, place

YEAR = 365 * 24 * 3600 * 1000
SKEWS = (0, -5 * YEAR, 31 * YEAR)
ROUNDS = 3
"""How often everybody has to meet everybody, at most, before all hold the same."""


@dataclass
class World:
    """Nodes who write without knowing of each other, and people who carry ops between them."""

    places: list[Place]
    network: str = ""
    membership: str = ""
    network_key: SigningKey = field(default_factory=lambda: SigningKey.from_seed(digest("key", "network")))

    @classmethod
    def of(cls, size: int = 3, make: Callable[[str, int], Place] = place) -> "World":
        """A world whose first node made the network, and named the person of the second its steward."""
        made_once = [make(f"node{n}", SKEWS[n % len(SKEWS)]) for n in range(size)]
        fix_chance()
        world = cls([somewhere.empty() for somewhere in made_once])
        first, second = world.places[:2]
        made = first.write("network", "public", {"set": {"name": "A network"}}, net=world.network_key.public)
        document = membership.document(world.network_key, made.id, 1, [(second.node.id, second.person.handle)])
        world.network = made.id
        for somewhere in world.places:
            somewhere.belong(made.id)
        world.membership = first.write("membership", "public", document, ent=made.id, par=[made.id]).id
        return world

    def settle(self) -> None:
        """Let everybody meet everybody, until nobody learns anything new.

        Each calls each: over the wire it is whoever calls that asks for texts which are missing there.
        """
        for turn in range(ROUNDS):
            if self.is_settled():
                return
            for pair in combinations(self.places, 2):
                caller, other = pair[:: -1 if turn % 2 else 1]
                caller.meet(other)
        assert self.is_settled(), f"after {ROUNDS} rounds there is still something that not everybody has heard"

    def is_settled(self) -> bool:
        """Whether everybody holds the same."""
        return len({frozenset(somewhere.lines()) for somewhere in self.places}) == 1

    def anew(
        self, source: Place, order: Callable[[list[Op]], Iterable[Op]], batch: int = 10_000, *, one_by_one: bool = False
    ) -> Place:
        """A node that was given all ops of another one, in some order and in batches.

        `one_by_one`: it reads the body of each op when it is asked for, as where there are very many of them.
        """
        fresh = place("anew").empty()
        arrivals = list(order(list(source.ops().values())))
        with bodies_one_by_one() if one_by_one else nullcontext():
            for start in range(0, len(arrivals), batch):
                fresh.receive(arrivals[start : start + batch])
        if fresh.rows_of("lacking"):  # an erasure came that counts no more: its words are asked for again
            fresh.receive(arrivals)
        return fresh


def bodies_one_by_one() -> AbstractContextManager[Any]:
    """No body is read along with its header, and none together with the next."""
    return patch.multiple(bodies, AT_ONCE=-1, SMALL=-1, AHEAD=0)


def forged(by: Actor, head: dict[str, Any], body: dict[str, Any]) -> Op:
    """An op as another program might sign it, with whatever header and body it likes."""
    whole = {"node": by.node.id, "by": by.handle, "inc": by.node.inc, "seq": 1, "kind": "edit",
             "log": "network", "ent": None, "root": None, "par": [], "ts": START, **head}  # fmt: skip
    return op.write(whole, body, by.node.key.sign)


def store_only(target: Place, some: Op) -> None:
    """Put a row into `op` without projecting it."""
    with target.engine.connect().execution_options(writes=True) as connection:
        connection.execute(insert(tables.OpRow.__table__), [log.row_of(some)])
        connection.commit()


_chance = SimpleNamespace(urandom=None, choice=None)
"""What stands in for the system's chance, in modules that use nothing else of `os` and `secrets`."""


def fix_chance() -> None:
    """Let salts and incarnations be the same in each world, so that what fails once fails again."""
    counter = iter(range(1 << 62))
    _chance.urandom = lambda size: sha256(b"chance%d" % next(counter)).digest()[:size]
    _chance.choice = lambda some: some[next(counter) % len(some)]


def _incarnation() -> str:
    return to_base32(_chance.urandom(16))


@contextmanager
def fixed_chance() -> Iterator[None]:
    """Draw from a counter instead of the system for a while."""
    fix_chance()
    with (
        patch.object(op, "os", _chance), patch.object(exchange, "secrets", _chance),
        patch.object(node, "new_incarnation", _incarnation), patch.object(state, "new_incarnation", _incarnation),
    ):  # fmt: skip
        yield
