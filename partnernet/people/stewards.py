"""Stewards: always at least one who can sign in, and the network's own list of them kept up to date."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, write
from partnernet.core.errors import Refused
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.node import Node, NodeItself
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
    if membership.current_key(session, network.id) != node.network_key.public:
        return  # the network is another's, or was handed over: the key that is kept here signs for it no more
    latest = membership.latest(session, network.id)
    before = {(pair[0], pair[1]) for pair in latest.stewards} if latest else set()
    active = session.scalars(select(Account.handle).where(Account.role == STEWARD, ~Account.suspended))
    now = {pair for pair in before if pair[0] != node.id} | {(node.id, handle) for handle in active}
    if now == before:
        return
    version, nodes = membership.latest_version(session, network.id) + 1, latest.nodes if latest else ()
    body = membership.document(node.network_key, network.id, version, sorted(now), nodes)
    par = [latest.op] if latest else []
    log.append(session, NodeItself(node), "membership", PUBLIC, body, ent=network.id, par=par)
