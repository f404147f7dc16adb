"""What another server brought, where that is remembered of each: who gave what is told to nobody else.

In a log that it may not be given, it is asked for all that it did not bring itself, whatever is here, and told of
nothing but what it brought. And what came from it in a format that this program cannot read does not come again,
until another version of the program runs here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet import __version__
from partnernet.core.db import chunks, commit, table_of, upsert, write
from partnernet.core.ledger import log
from partnernet.core.ledger.canonical import INTEGER_LIMIT
from partnernet.core.ledger.op import VERSION
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.header import Have, is_place
from partnernet.sync.model import Brought
from partnernet.sync.peers import Guest

Known = Callable[[str, int], bool]

PROGRAM = f"{__version__}/{VERSION}"
"""What reads here: this program, and the format of ops that it knows."""
UNREAD_LIMIT = 100_000
"""Characters of numbers that are remembered as unreadable of one server; what is beyond them comes again."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one server."""

    parts: Have = field(default_factory=dict)
    """Of logs that it may not be given: what it brought and is here."""
    unread: Mapping[str, Ranges] = field(default_factory=dict)
    """Numbers under which it brought what cannot be read here."""


def of(session: Session, key: str) -> Memory:
    """What is remembered of a server; what another version of the program could not read is not."""
    row = session.get(Brought, key, populate_existing=True)
    if row is None:
        return Memory()
    unread = row.unread if row.program == PROGRAM else {}
    return Memory(row.parts, {place: Ranges.read(text) for place, text in unread.items()})


def told(session: Session, guest: Guest, mine: Have) -> dict[str, dict[str, str]]:
    """What a server is told of what is here: of logs that it may be given everything, of others what it brought."""
    open_to_it = {place: dict(held) for place, held in mine.items() if _log(place) in guest.reads}
    parts = of(session, guest.key).parts
    return open_to_it | {place: dict(held) for place, held in parts.items() if _log(place) in _hidden(guest)}


def known_to(session: Session, guest: Guest) -> Known:
    """Tell of an op, by its place and number, whether a server may know that it is here."""
    parts = {place: Ranges.read(held["r"]) for place, held in of(session, guest.key).parts.items()}
    return lambda place, number: _log(place) in guest.reads or number in parts.get(place, Ranges())


def note(session: Session, guest: Guest, lines: Sequence[bytes]) -> None:
    """Remember what came in a page, once it is taken in; commits where there is anything to remember."""
    if not guest.writes:  # nothing is taken of it, so nobody has looked at what it sent
        return
    heads = [(op["id"], op["h"]) for op in map(orjson.loads, lines)]
    before = of(session, guest.key)
    parts = _parts(session, guest, before.parts, heads)
    unread = _unread(before.unread, [head for _id, head in heads])
    if (parts, unread) == (before.parts, before.unread):
        session.rollback()
        return
    write(session)
    said = {place: str(numbers) for place, numbers in unread.items()}
    row = {"node": guest.key, "parts": parts, "unread": said, "program": PROGRAM}
    upsert(session, table_of(Brought), [row])
    commit(session)


def _parts(session: Session, guest: Guest, before: Have, heads: Iterable[tuple[str, Mapping[str, Any]]]) -> Have:
    """What is here of what it brought in logs that it may not be given, with what just came."""
    hidden = _hidden(guest)
    came = [(place, head["seq"], op) for op, head in heads if (place := _place(head)) and _log(place) in hidden]
    if not came:
        return before
    here: set[str] = set()
    for some in chunks(op for _place, _number, op in came):
        here.update(session.scalars(select(OpRow.id).where(OpRow.id.in_(some))))
    parts = {place: (Ranges.read(held["r"]), int(held["x"], 16)) for place, held in before.items()}
    for place, number, op in came:
        numbers, digest = parts.get(place, (Ranges(), 0))
        if op in here and number not in numbers:
            parts[place] = numbers.add(number), digest ^ log.short_hash(op)
    return {place: {"r": str(numbers), "x": f"{digest:016x}"} for place, (numbers, digest) in parts.items()}


def _unread(before: Mapping[str, Ranges], heads: Iterable[Mapping[str, Any]]) -> dict[str, Ranges]:
    """The numbers of what cannot be read, with those that just came, as many as are remembered."""
    unread = dict(before)
    for head in heads:
        place, version = _place(head), head.get("v")
        if place and type(version) is int and version > VERSION:
            unread[place] = unread.get(place, Ranges()).add(head["seq"])
    size = sum(len(place) + len(str(numbers)) for place, numbers in unread.items())
    return unread if size <= UNREAD_LIMIT else dict(before)


def _place(head: Mapping[str, Any]) -> str:
    """Where a number belongs, as `node/inc/log`; empty where this is none of a form that is known."""
    place, number = f"{head.get('node')}/{head.get('inc')}/{head.get('log')}", head.get("seq")
    return place if is_place(place) and type(number) is int and 1 <= number < INTEGER_LIMIT else ""


def _hidden(guest: Guest) -> list[str]:
    return [name for name in guest.writes if name not in guest.reads]


def _log(place: str) -> str:
    return place.split("/", 2)[2]
