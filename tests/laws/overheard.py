"""What goes over a wire is listened to: nobody is given, or told of, what it may not have at that moment."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from partnernet.core.ledger.node import Node
from partnernet.core.ledger.ranges import Ranges
from partnernet.sync import protocol

LIMIT = 1 << 30


class Ear(defaultdict[str, dict[str, set[int]]]):
    """By the key of whoever brought it: the numbers that came over the wire of each place, `node/inc/log`."""

    def __init__(self, of: Mapping[str, Mapping[str, set[int]]] | None = None) -> None:
        super().__init__(dict)
        for key, places in (of or {}).items():
            self[key] = {place: set(numbers) for place, numbers in places.items()}


class Talker(Protocol):
    """One end of a wire."""

    node: Node
    came: Ear

    def lets_read(self, other: "Talker") -> list[str]:
        """The logs that another server may be given, by what was decided last."""


def said(giver: Talker, taker: Talker, target: str, body: bytes, encoding: str) -> None:
    """One server says something to another; an AssertionError where the other may not have all of it."""
    if target == protocol.OPS:
        first, *lines = protocol.unpack(body, encoding, LIMIT).split(b"\n")[:-1]
        head = orjson.loads(first)["sync"]
    elif target == protocol.HAVE:
        head, lines = orjson.loads(protocol.unpack(body, encoding, LIMIT)), []
    else:
        return
    open_to_it = giver.lets_read(taker)
    for op in map(orjson.loads, lines):
        assert op["h"]["log"] in open_to_it, "a statement was given to a server that may not read it"
        place = f"{op['h']['node']}/{op['h']['inc']}/{op['h']['log']}"
        taker.came[giver.node.id].setdefault(place, set()).add(op["h"]["seq"])
    _is_told(giver, taker, head.get("have", {}), open_to_it)


def _is_told(giver: Talker, taker: Talker, have: Mapping[str, Any], open_to_it: list[str]) -> None:
    """Of what is hidden from it, a server is told of nothing but what it brought itself."""
    brought = giver.came[taker.node.id]
    for place, held in have.items():
        if place.split("/", 2)[2] not in open_to_it:
            left = Ranges.read(held["r"]).minus(Ranges().add(*brought.get(place, ())))
            assert not left, "a server was told of statements that it may not read and did not bring"
