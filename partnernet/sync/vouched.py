"""What the network's key has signed is told of by its number: it counts whoever wrote it, so it is found wherever
it stands in the log of a server that nobody has let in."""

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from partnernet.core.entry import Membership, Revocation
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.header import Have
from partnernet.network.model import OWN, setting
from partnernet.sync import brought
from partnernet.sync.peers import Guest
from partnernet.sync.wants import Wants, read_wants

TOLD = 500
"""Lists and revocations that are told of, or asked for, in one exchange; the oldest first, since one may be signed
with a key that an older one names."""


def lacked(session: Session, guest: Guest, theirs: Have) -> dict[str, Ranges]:
    """The numbers of what this network's key has signed and another server, by what it says it holds, has not.

    So is what made the network, by which its key is known.
    """
    network = setting(session, OWN)
    signed = union_all(
        select(literal(network).label("op"), literal(0).label("version")),
        *(select(model.op, model.version).where(model.network == network) for model in (Membership, Revocation)),
    ).subquery()
    rows = session.execute(
        select(OpRow.node, OpRow.inc, OpRow.log, OpRow.seq)
        .join(signed, signed.c.op == OpRow.id)
        .where(OpRow.log.in_(guest.reads))
        .order_by(signed.c.version, OpRow.id)
    ).all()
    stand = [(f"{row.node}/{row.inc}/{row.log}", row.seq) for row in rows]
    held = {place: Ranges.read(theirs[place]["r"]) for place, _seq in stand if place in theirs}
    found: dict[str, list[int]] = {}
    for place, seq in [each for each in stand if each[1] not in held.get(each[0], Ranges())][:TOLD]:
        found.setdefault(place, []).append(seq)
    return {place: Ranges().add(*numbers) for place, numbers in found.items()}


def wanted(session: Session, node: Node, guest: Guest, said: object, mine: Have) -> dict[str, Ranges]:
    """Of what another server says that the network's key has signed: what it has not brought, or is not here."""
    memory, room = brought.of(session, guest.key), TOLD
    found: dict[str, Ranges] = {}
    for place, numbers in sorted(read_wants(said, guest.writes).items()):
        writer, _inc, log = place.split("/", 2)
        is_open = log in guest.reads
        if not is_open and writer == node.id:
            continue
        here = (mine if is_open else memory.parts).get(place)
        missing = numbers.minus(Ranges.read(here["r"]) if here else Ranges())
        if missing := missing.minus(memory.unread.get(place, Ranges())).first(room):
            found[place], room = missing, room - len(missing)
    return found


def together(some: Wants, more: Wants) -> dict[str, Ranges]:
    """The numbers that are in either."""
    return {place: some.get(place, Ranges()).union(more.get(place, Ranges())) for place in {**some, **more}}
