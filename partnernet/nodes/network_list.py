"""The network's own list: who signs for it, which servers belong to it, and following what it says.

A document that the network's key has signed counts whoever brings it: its list of servers is followed here,
but for what a steward of this server has decided by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, write
from partnernet.core.entry import Membership
from partnernet.core.errors import NotFound, Refused
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.node import Node, NodeItself
from partnernet.core.ledger.op import Op, read
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.core.policy import PUBLIC
from partnernet.core.words import _
from partnernet.network.model import OWN, own_network, setting, settle
from partnernet.nodes import alarms, known
from partnernet.nodes.admit import MEMBERSHIP, SEEN, SHARED, STEWARD

FOLLOWED = "followed"
"""The setting that holds the version that was followed last."""
FORKED = "forked"
"""The setting that holds the last version of which there were two."""

LISTED = 2_000
"""Servers that a list may name; of a longer one those that come first are followed."""

Listed = Mapping[str, Any]


def signs_here(session: Session, node: Node) -> bool:
    """Whether this server keeps the key that signs for its network now."""
    if node.network_key is None:
        return False
    network = network_of(session, node)
    return bool(network) and membership.current_key(session, network) == node.network_key.public


def network_of(session: Session, node: Node) -> str:
    """The network that this node belongs to; empty before there is one."""
    return node.network or setting(session, OWN)


def listed(session: Session, node: Node) -> dict[str, Listed]:
    """What the newest list of this network says of each server: its name, and what it may read and write."""
    newest = membership.latest(session, network_of(session, node))
    return {entry["node"]: entry for entry in newest.nodes} if newest else {}


def publish(
    session: Session,
    node: Node,
    *,
    stewards: Sequence[tuple[str, str]] | None = None,
    nodes: Sequence[Listed] | None = None,
    new_key: str = "",
) -> Op | None:
    """Sign a newer document; what is not given stays as the one before says. None where nothing would change.

    Raises Refused where the key is not here.
    """
    write(session)
    lock_ledger(session)
    network = own_network(session)
    if network is None or node.network_key is None or not signs_here(session, node):
        raise Refused(_("The key of the network is not on this server: ask the stewards of the one that keeps it."))
    before = membership.latest(session, network.id)
    former = [(pair[0], pair[1]) for pair in before.stewards] if before else []
    now = sorted(former if stewards is None else stewards)
    names = list((before.nodes if before else ()) if nodes is None else nodes)
    if before and not new_key and now == sorted(former) and names == list(before.nodes):
        return None
    version = membership.latest_version(session, network.id) + 1
    body = membership.document(node.network_key, network.id, version, now, names, new_key)
    par = [before.op] if before else []
    op = log.append(session, NodeItself(node), "membership", PUBLIC, body, ent=network.id, par=par)
    settle(session, FOLLOWED, str(version))  # what is decided here need not be followed here
    return op


def put(session: Session, node: Node, server: known.Server) -> None:
    """Name a server in the network's list, with the rights that it has here."""
    entry = {
        "node": server.key, "name": server.called[: membership.NAME_LIMIT], "reads": list(server.reads),
        "writes": list(server.writes),
    }  # fmt: skip
    before = listed(session, node)
    if node.id not in before:
        before[node.id] = _itself(session, node)
    if len(before) >= LISTED and server.key not in before:
        raise Refused(_("The network’s list is full: strike off servers that are not there any more first."))
    publish(session, node, nodes=_sorted({**before, server.key: entry}))


def take_off(session: Session, node: Node, key: str) -> None:
    """Strike a server off the network's list."""
    publish(session, node, nodes=_sorted({name: entry for name, entry in listed(session, node).items() if name != key}))


def put_back(session: Session, node: Node, key: str) -> None:
    """Name a server again that was struck off, with the rights that the list gave it then; raises NotFound."""
    lists = select(Membership.nodes).where(Membership.network == network_of(session, node))
    for nodes in session.scalars(lists.order_by(Membership.version.desc(), Membership.op)):
        if entry := next((entry for entry in nodes if entry["node"] == key), None):
            publish(session, node, nodes=_sorted({**listed(session, node), key: entry}))
            return
    raise NotFound(str(known.NEVER))


def _itself(session: Session, node: Node) -> Listed:
    from partnernet.nodes.card import own_words

    logs = list(SHARED)
    return {"node": node.id, "name": own_words(session).called[: membership.NAME_LIMIT], "reads": logs, "writes": logs}


def _sorted(entries: Mapping[str, Listed]) -> list[Listed]:
    return [entries[key] for key in sorted(entries)]


# -- following ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of following a list."""

    version: int
    """0 where there was nothing to follow."""
    released: int = 0
    """How many statements came in that had waited."""


def follow(session: Session, node: Node) -> Followed:
    """Do what the newest list says of servers that nobody here has decided about; twice changes nothing.

    Two lists of one version raise an alarm, and nothing is changed by either.
    """
    write(session)
    lock_ledger(session)
    rows = _newest(session)
    version = rows[0].version if rows else 0
    if any((row.stewards, row.nodes, row.key) != (rows[0].stewards, rows[0].nodes, rows[0].key) for row in rows):
        _tell_of_fork(session, version)
        return Followed(0)
    if version <= int(setting(session, FOLLOWED) or 0):
        return Followed(0)
    entries = {entry["node"]: entry for entry in rows[0].nodes[:LISTED] if entry["node"] != node.id}
    known.hear_of(session, list(entries))
    found = {row.key: row for row in session.scalars(select(KnownNode).execution_options(populate_existing=True))}
    released = sum(_heed(session, found[key], entry) for key, entry in sorted(entries.items()))
    for key, row in sorted(found.items()):
        if row.origin == MEMBERSHIP and key not in entries:
            known.grant(session, key, reads=(), writes=(), origin=SEEN)
    settle(session, FOLLOWED, str(version))
    return Followed(version, released)


def obey(session: Session, node: Node, key: str) -> int:
    """Do of one server what the list says, though a steward here had decided otherwise; how many ops came in."""
    entry = listed(session, node).get(key)
    if entry is None:
        raise Refused(_("This server is not on the network’s list any more: decide about it here."))
    row = session.get_one(KnownNode, key)
    row.origin = MEMBERSHIP
    return _heed(session, row, entry)


def _tell_of_fork(session: Session, version: int) -> None:
    """Once for each version, also where it was seen already."""
    if setting(session, FORKED) != str(version):
        alarms.raise_alarm(session, alarms.FORK, version=version)
        settle(session, FORKED, str(version))


def _heed(session: Session, row: KnownNode, entry: Listed) -> int:
    row.name = row.name or known.unlike_others(session, row.key, entry["name"])
    if row.origin == STEWARD:
        return 0
    rights = {name: [log for log in SHARED if log in entry[name]] for name in ("reads", "writes")}
    return known.grant(session, row.key, reads=rights["reads"], writes=rights["writes"], origin=MEMBERSHIP)


def _newest(session: Session) -> Sequence[Membership]:
    """The documents of the highest version: one, unless somebody signed two."""
    rows = session.scalars(
        select(Membership).where(Membership.network == setting(session, OWN))
        .order_by(Membership.version.desc(), Membership.op).limit(20)
    ).all()  # fmt: skip
    return [row for row in rows if row.version == rows[0].version]


def take_signed(session: Session) -> int:
    """Let in what the network itself vouches for, though the server that wrote it is not let in; how many ops.

    The network's own beginning is known by its id, and what its key has signed by that signature: whichever came
    first, the document or the handover to the key that signed it.
    """
    network = setting(session, OWN)
    lines = session.scalars(select(Quarantined.line).where(Quarantined.network == network)).all() if network else []
    waiting = [read(line) for line in lines]
    here = ops_of(session, [network]).get(network, []) if waiting else []
    create = next((op for op in (*here, *waiting) if op.id == network), None)
    if create is None:
        return 0
    signed = {op.id for op, _doc in membership.valid(create, [*here, *waiting])}
    vouched = [op for op in waiting if op.id == network or op.id in signed]
    new = log.receive(session, vouched)
    session.execute(delete(Quarantined).where(Quarantined.id.in_([op.id for op in vouched])))
    return new
