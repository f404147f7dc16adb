"""Founding a network of one's own, or joining another's by the card of one of its nodes."""

from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.entry import Entry
from partnernet.core.errors import Refused
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import Node, NodeItself, make_network_key
from partnernet.core.policy import PUBLIC
from partnernet.network.model import DEFAULT_NAME, OWN, setting, settle
from partnernet.nodes import known
from partnernet.nodes.admit import SHARED
from partnernet.nodes.card import Card

BEGINNINGS = ("network", "partner", "person", "page")
"""Kinds that may be here before a node joins a network; anything else was written for the one it has."""


def found(session: Session, node: Node, folder: Path, name: str = DEFAULT_NAME) -> Node:
    """Found a network; the node, which now keeps its key. Raises Refused where there is one already."""
    if setting(session, OWN):
        raise Refused("This server has a network already: its stewards can change the name at /about/edit.")
    key = make_network_key(folder)
    write(session)
    op = verbs.create(session, NodeItself(node), "network", PUBLIC, {"name": name}, net=key.public)
    settle(session, OWN, op.id)
    return replace(node, network_key=key, network=op.id)


def ensure(session: Session, app: Flask) -> None:
    """Found a network of the default name where this node has none."""
    if setting(session, OWN):
        return
    node = found(session, app.extensions["partnernet.node"], app.config["DATA"])
    commit(session)
    app.extensions["partnernet.node"] = node


def join(session: Session, node: Node, given: Card) -> None:
    """Belong to the network of a card, and let in what its node writes."""
    network = given.network
    if given.node == node.id:
        raise Refused("This is this server's own card: take it to the server that is to join.")
    present = setting(session, OWN)
    if present == network:
        raise Refused("This server belongs to that network already.")
    if present and _has_begun(session, node):
        raise Refused("This server has a network, and something was written in it: only a fresh one can join another.")
    settle(session, OWN, network)
    known.meet(session, given)
    known.grant(session, given.node, reads=SHARED, writes=SHARED)


def _has_begun(session: Session, node: Node) -> bool:
    own = (Entry.node == node.id, Entry.kind.not_in(BEGINNINGS))
    return bool(session.scalar(select(func.count()).select_from(Entry).where(*own)))
