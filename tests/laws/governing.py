"""What the keys of a network sign in a story, and what must follow from it, worked out the slow and plain way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from partnernet.core.ledger import membership
from partnernet.core.ledger.membership import KEPT
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op
from tests.laws.place import digest

VERSIONS = 4
"""How many versions there are besides the first, so that several documents want to be the same one."""


@dataclass(frozen=True)
class Signed:
    """One document, and the key that signed it."""

    op: Op
    key: int

    @property
    def doc(self) -> Mapping[str, Any]:
        """What it says."""
        assert self.op.b is not None
        doc: Mapping[str, Any] = self.op.b["doc"]
        return doc

    @property
    def version(self) -> int:
        return int(self.doc["version"])


@dataclass
class Charter:
    """The keys of a network, and everything that was signed with any of them."""

    keys: list[SigningKey]
    signed: list[Signed] = field(default_factory=list)
    ever: list[Signed] = field(default_factory=list)
    """What nobody has any more included."""

    def new_key(self) -> SigningKey:
        """One more key, that somebody will hand the network over to."""
        self.keys.append(SigningKey.from_seed(digest("network", str(len(self.keys)))))
        return self.keys[-1]

    def note(self, op: Op, key: int) -> None:
        self.ever.append(Signed(op, key % len(self.keys)))
        self.signed.append(self.ever[-1])

    def holds(self, ids: Collection[str]) -> None:
        """Forget what nobody has any more, and know again what somebody has again."""
        self.signed = [some for some in self.ever if some.op.id in ids]

    def valid(self) -> list[Signed]:
        """The documents that were signed by the key that was the network's at their version."""
        return [some for some in self.signed if some.key == self._key_at(some.version)]

    def _key_at(self, version: int) -> int:
        handovers = [
            some for some in self.signed
            if some.op.kind == "membership" and "key" in some.doc and some.version < version
            and some.key == self._key_at(some.version)
        ]  # fmt: skip
        if not handovers:
            return 0
        last = min(handovers, key=lambda some: (-some.version, some.op.id))
        return next(n for n, key in enumerate(self.keys) if key.public == last.doc["key"])

    def memberships(self) -> list[Op]:
        """Every membership op that anybody could rely on."""
        return [some.op for some in self.signed if some.op.kind == "membership"]

    def stewards(self, mem: object) -> Sequence[Sequence[str]]:
        """Whom a membership names, where it is a good one."""
        named = [some.doc["stewards"] for some in self.valid() if some.op.id == mem and some.op.kind == "membership"]
        return named[0] if named else []

    def is_revoked(self, op: Op) -> bool:
        """Whether the network has revoked the node of an op, and does not keep it."""
        about = [some for some in self.valid() if some.op.kind == "revoke" and some.doc["node"] == op.node]
        newest = [some.doc for some in about if some.version == max(other.version for other in about)]
        return (
            bool(newest)
            and all(doc["revoked"] for doc in newest)
            and not any(op.id[:KEPT] in doc["keep"] for doc in newest)
        )


class Governing:
    """Steps of a story in which somebody signs with a key of the network: an old one, at times."""

    world: Any
    written: dict[str, Op]
    charter: Charter

    def appoint(self, who: int, steward: int, version: int, key: int) -> None:
        """Name another steward, and one node with its rights."""
        named = self._place(steward)
        node = {"node": named.node.id, "name": named.name, "reads": ["public"], "writes": ["public"]}
        pair = (named.node.id, named.person.handle)
        self._sign(who, version, key, lambda *given: membership.document(*given, [pair], [node]))

    def hand_over(self, who: int, version: int, key: int) -> None:
        """Let a new key sign from the next version on."""
        signer, spare = self._key(key), self.charter.new_key()
        body = membership.document(signer, self.world.network, _version(version), [], (), spare.public)
        self._say(who, "membership", body, self.charter.keys.index(signer))

    def revoke(self, who: int, target: int, version: int, share: int, revoked: bool) -> None:
        """Let what a node wrote count no more, but for some of it; or take that back."""
        node = self._place(target).node.id
        held = [op_id for op_id, op in sorted(self.written.items()) if op.node == node]
        keep = [op_id for n, op_id in enumerate(held) if (n + share) % 3]
        for body in membership.revocations(
            self._key(share), self.world.network, _version(version), node, revoked=revoked, keep=keep
        ):
            self._say(who, "revoke", body, share)

    def _key(self, number: int) -> SigningKey:
        return self.charter.keys[number % len(self.charter.keys)]

    def _sign(self, who: int, version: int, key: int, make: Any) -> None:
        self._say(who, "membership", make(self._key(key), self.world.network, _version(version)), key)

    def _say(self, who: int, kind: str, body: dict[str, Any], key: int) -> None:
        place = self._place(who)
        network = self.world.network
        before = len(self.written)
        self._write(place, kind, "public", body, ent=network, par=[network])
        if len(self.written) > before:  # the power may have gone
            self.charter.note(list(self.written.values())[-1], key)

    def _place(self, who: int) -> Any:
        raise NotImplementedError

    def _write(self, *given: Any, **header: Any) -> None:
        raise NotImplementedError


def _version(number: int) -> int:
    return 2 + number % VERSIONS
