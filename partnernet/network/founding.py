"""Founding a network of one's own, or joining another's by the card of one of its nodes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, upsert, write
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, Refused
from partnernet.core.ledger import verbs
from partnernet.core.ledger.canonical import from_base32
from partnernet.core.ledger.kinds import reference
from partnernet.core.ledger.node import Node, NodeItself, make_network_key
from partnernet.core.ledger.tables import KnownNode
from partnernet.core.policy import PUBLIC
from partnernet.core.time import now_ms
from partnernet.network.model import DEFAULT_NAME, OWN, own_network, setting, settle

FORMAT = "partnernet-node/1"
CARD_LIMIT = 64 << 10
BEGINNINGS = ("network", "partner", "person", "page")
"""Kinds that may be here before a node joins a network; anything else was written for the one it has."""

NOT_A_CARD = "This is not the card of a node: ask a steward of the other server to run `partnernet card`."


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


def card(session: Session, node: Node, address: str = "") -> dict[str, Any]:
    """What another node needs to know to join this node's network."""
    network = setting(session, OWN)
    if not network:
        raise Refused("This server has no network yet: run `partnernet init` first.")
    named = own_network(session)
    given = {"format": FORMAT, "node": node.id, "network": network, "name": named.name if named else ""}
    return given | ({"address": address} if address else {})


def read_card(content: bytes) -> dict[str, Any]:
    """The card in a file; raises Invalid for anything else."""
    if len(content) > CARD_LIMIT:
        raise Invalid(NOT_A_CARD)
    try:
        given = json.loads(content)
        good = given["format"] == FORMAT and reference(given["network"]) and bool(given["network"])
        from_base32(given["node"], 32)
    except (ValueError, KeyError, TypeError, RecursionError, Invalid) as error:
        raise Invalid(NOT_A_CARD) from error
    if not good:
        raise Invalid(NOT_A_CARD)
    return given  # type: ignore[no-any-return] # checked above


def join(session: Session, node: Node, given: dict[str, Any]) -> None:
    """Belong to the network of a card, and let in what its node writes."""
    network = str(given["network"])
    if given["node"] == node.id:
        raise Refused("This is this server's own card: take it to the server that is to join.")
    present = setting(session, OWN)
    if present == network:
        raise Refused("This server belongs to that network already.")
    if present and _has_begun(session, node):
        raise Refused("This server has a network, and something was written in it: only a fresh one can join another.")
    settle(session, OWN, network)
    upsert(session, KnownNode.__table__, [{"key": given["node"], "admitted": True, "since": now_ms()}])


def _has_begun(session: Session, node: Node) -> bool:
    own = (Entry.node == node.id, Entry.kind.not_in(BEGINNINGS))
    return bool(session.scalar(select(func.count()).select_from(Entry).where(*own)))
