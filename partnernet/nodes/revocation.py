"""Revoking a server for the whole network: what it wrote counts no more, but for what is kept."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, write
from partnernet.core.entry import Revocation
from partnernet.core.errors import Refused
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.node import Node, NodeItself
from partnernet.core.ledger.tables import OpRow
from partnernet.core.policy import PUBLIC
from partnernet.core.words import _
from partnernet.nodes import network_list

ALL, LATER = "all", "later"
"""What is hidden of a revoked server: all that it wrote, or what comes later than the revocation."""


def revoked(session: Session, node: Node, key: str) -> str:
    """What this node's network hides of a server: `all`, `later`, or nothing (empty)."""
    keeps = membership.revoked_nodes(session, [key]).get((key, network_list.network_of(session, node)))
    return "" if keeps is None else LATER if keeps else ALL


def revoke(session: Session, node: Node, key: str, *, keep_known: bool) -> None:
    """Say for the whole network that what a server wrote counts no more; what is here now can go on counting.

    Raises Refused where this server does not sign for the network.
    """
    if key == node.id:
        raise Refused(_("This is this very server: it cannot be hidden from here."))
    known = session.scalars(select(OpRow.id).where(OpRow.node == key)).all() if keep_known else []
    _sign(session, node, key, revoked=True, keep=list(known))


def take_back(session: Session, node: Node, key: str) -> None:
    """Say that what a server wrote counts again, all of it."""
    _sign(session, node, key, revoked=False, keep=[])


def _sign(session: Session, node: Node, key: str, *, revoked: bool, keep: list[str]) -> None:
    write(session)
    lock_ledger(session)
    if node.network_key is None or not network_list.signs_here(session, node):
        raise Refused(_("The key of the network is not on this server: ask the stewards of the one that keeps it."))
    network = network_list.network_of(session, node)
    version = membership.latest_version(session, network) + 1
    par = session.scalars(
        select(Revocation.op).where(Revocation.network == network, Revocation.node == key)
        .order_by(Revocation.version.desc()).limit(1)
    ).all()  # fmt: skip
    for body in membership.revocations(node.network_key, network, version, key, revoked=revoked, keep=keep):
        log.append(session, NodeItself(node), "revoke", PUBLIC, body, ent=network, par=par)
