"""Stewards: always at least one who can sign in, and the network's own list of them kept up to date."""

import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, write
from partnernet.core.errors import Refused
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.node import Node, NodeItself
from partnernet.core.ledger.tables import OpRow
from partnernet.core.policy import PUBLIC, STEWARD
from partnernet.core.words import lazy
from partnernet.network.model import own_network
from partnernet.people.model import Account

LAST = lazy("This is the last steward who can sign in: make somebody else a steward first.")


def keep_one(session: Session, without: Account) -> None:
    """Raise Refused where no steward would be left without this account."""
    write(session)
    lock_ledger(session)
    others = (Account.role == STEWARD, ~Account.suspended, Account.password != "", Account.id != without.id)
    if session.scalar(select(func.count()).select_from(Account).where(*others)) == 0:
        raise Refused(str(LAST))


def renew(session: Session, node: Node) -> None:
    """Write a new version of who looks after the network, where this node signs for it and it has changed.

    Stewards of other nodes stay as the version before named them.
    """
    network = own_network(session)
    if node.network_key is None or network is None:
        return
    write(session)
    lock_ledger(session)
    head = session.scalars(select(OpRow.head).where(OpRow.id == network.id)).one()
    if json.loads(head).get("net") != node.network_key.public:
        return  # the network is another's: this node has joined it, and its own key is not the network's
    latest = membership.latest(session, network.id)
    before = {(pair[0], pair[1]) for pair in latest.stewards} if latest else set()
    active = session.scalars(select(Account.handle).where(Account.role == STEWARD, ~Account.suspended))
    now = {pair for pair in before if pair[0] != node.id} | {(node.id, handle) for handle in active}
    if now == before:
        return
    body = membership.document(node.network_key, network.id, latest.version + 1 if latest else 1, sorted(now))
    par = [latest.op] if latest else []
    log.append(session, NodeItself(node), "membership", PUBLIC, body, ent=network.id, par=par)
