"""Reading stored ops without holding all their bodies: one entry may have thousands of long versions.

Headers decide what counts, what is erased and who had seen whom. Of many megabytes of bodies each is read
when somebody asks for it, and few are kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self, cast

import orjson
from sqlalchemy import ColumnElement, Select, Table, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.handful import BYTES
from partnernet.core.ledger.op import Op, from_parts

AT_ONCE = BYTES
"""Bytes of bodies in all that are read along with their headers."""
SMALL = 4 << 10
"""Bytes of a body that is read along however many there are: not much more than its header."""
AHEAD = 256 << 10
"""Bytes of bodies that are read together, and then kept, while they are asked for in the order of the table."""


class Reading(NamedTuple):
    """How some ops of a table are read: the statement that finds them, and the one for bodies by their ids."""

    ops: Select[Any]
    bodies: Select[Any]


def reading(table: Table, *where: ColumnElement[bool]) -> Reading:
    """How the ops of a table, for which something holds, are read by `stored`; the table has an op's columns."""
    op = table.c
    size = func.length(op.body)
    in_all = select(func.sum(size)).where(*where).correlate(None).scalar_subquery()
    near = or_(size <= bindparam("small"), in_all <= bindparam("at_once"))
    return Reading(
        select(op.thing, op.id, op.head, case((near, op.body)).label("body"), op.sig, size.label("size")).where(*where),
        select(op.id, op.body).where(*where, among(op.id, "ids")),
    )


def stored(session: Session, how: Reading, **given: Any) -> Iterator[tuple[str, Op]]:
    """The ops that are found so, each with its thing; `given` are the parameters of the statement."""
    bodies = _Bodies(session, how.bodies, given)
    rows = session.execute(how.ops, {**given, "small": SMALL, "at_once": AT_ONCE})
    for thing, op_id, head, body, sig, size in rows:
        if body is None and size is not None:
            bodies.sizes[op_id] = size
            yield thing, Far.of(op_id, head, sig, bodies)
        else:
            yield thing, from_parts(op_id, head, body, sig)


class Far(Op):
    """An op whose body is read from the database each time that somebody asks for it."""

    __slots__ = ()

    @classmethod
    def of(cls, op_id: str, head: bytes, sig: bytes, bodies: "_Bodies") -> Self:
        """An op whose body is among some."""
        return cls(op_id, head, cast(bytes, bodies), sig, orjson.loads(head), None)

    @property
    def body(self) -> bytes | None:
        return self._bodies.read(self.id)

    @property
    def b(self) -> Mapping[str, Any] | None:
        return self._bodies.said(self.id)

    @property
    def is_bare(self) -> bool:
        return False

    @property
    def size(self) -> int:
        return self._bodies.sizes[self.id]

    def erased(self) -> Op:
        return Op(self.id, self.head, None, self.sig, self.h, None)

    @property
    def _bodies(self) -> "_Bodies":
        return cast(_Bodies, self[2])


class _Bodies:
    """The bodies of some ops: what was asked for last, and the next ones in the order in which they were found.

    What is asked for in another order, as by time, is read alone: most of what stands beside it would be read in vain.
    """

    def __init__(self, session: Session, wanted: Select[Any], given: Mapping[str, Any]) -> None:
        self.sizes: dict[str, int] = {}
        self._session, self._wanted, self._given = session, wanted, given
        self._order: list[str] = []
        self._places: dict[str, int] = {}
        self._next = 0
        self._kept: dict[str, bytes | None] = {}
        self._said: tuple[str, Mapping[str, Any] | None] = ("", None)

    def read(self, op_id: str) -> bytes | None:
        """The body of an op; None where it was erased since."""
        if op_id not in self._kept:
            ids = list(self._from(op_id))
            self._kept = dict.fromkeys(ids)
            self._kept |= dict(self._session.execute(self._wanted, {**self._given, "ids": ids}).all())
        return self._kept[op_id]

    def said(self, op_id: str) -> Mapping[str, Any] | None:
        """What the body of an op says."""
        if self._said[0] != op_id:
            body = self.read(op_id)
            self._said = (op_id, orjson.loads(body) if body else None)
        return self._said[1]

    def _from(self, op_id: str) -> Iterator[str]:
        """An op, and those after it that are read with it, where it is the next one."""
        if len(self._order) < len(self.sizes):
            self._order = list(self.sizes)
            self._places = {each: n for n, each in enumerate(self._order)}
        first, size = self._places[op_id], 0
        last = len(self._order) if first == self._next else first + 1
        for place in range(first, last):
            size += self.sizes[self._order[place]]
            if size > AHEAD and place > first:
                return
            yield self._order[place]
            self._next = place + 1
