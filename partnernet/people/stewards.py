"""Stewards: always at least one who can sign in, and the network's own list of them kept up to date."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, write
from partnernet.core.errors import Refused
from partnernet.core.ledger import membership
from partnernet.core.ledger.node import Node
from partnernet.core.policy import STEWARD
from partnernet.core.words import lazy
from partnernet.network.model import OWN, own_network, setting
from partnernet.nodes import network_list
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

    Stewards of other nodes, and the list of nodes, stay as the version before has them.
    """
    write(session)
    lock_ledger(session)
    if own_network(session) is None or not network_list.signs_here(session, node):
        return  # the network is another's, or was handed over: the key that is kept here signs for it no more
    latest = membership.latest(session, setting(session, OWN))
    others = {(pair[0], pair[1]) for pair in latest.stewards if pair[0] != node.id} if latest else set()
    active = session.scalars(select(Account.handle).where(Account.role == STEWARD, ~Account.suspended))
    stewards = sorted(others | {(node.id, handle) for handle in active})
    if stewards or latest:
        network_list.publish(session, node, stewards=stewards)
