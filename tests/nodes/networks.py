"""Servers of one network: the one that keeps its key, and others that have joined it."""

from dataclasses import replace

from partnernet.core.db import commit
from partnernet.network.founding import found
from partnernet.network.model import OWN, setting, settle
from partnernet.nodes import known, network_list
from partnernet.nodes.card import Card
from tests.exchange.places import Place


def founded(place: Place) -> str:
    """Have a place found a network, whose key it keeps; the id of the network."""
    place.node = found(place.session, place.node, place.folder, "Four Tides")
    commit(place.session)
    return setting(place.session, OWN)


def joined(place: Place, network: str) -> None:
    """Have a place belong to a network of which it has nothing yet."""
    settle(place.session, OWN, network)
    commit(place.session)
    place.node = replace(place.node, network=network)


def paired(place: Place, other: Place, name: str = "") -> known.Server:
    """Have the steward of a place let another one in, as after comparing words."""
    known.meet(place.session, Card(other.node.id, "n", name))
    known.grant(place.session, other.node.id, reads=["public", "network"], writes=["public", "network"])
    commit(place.session)
    return known.find(place.session, other.node.id)


def named(place: Place, other: Place) -> None:
    """Have the place that keeps the key name another one in the network's list."""
    network_list.put(place.session, place.node, known.find(place.session, other.node.id))
    commit(place.session)
