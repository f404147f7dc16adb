"""Founding a network, and joining another's."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.errors import Refused
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import open_node
from partnernet.core.ledger.tables import KnownNode, OpRow
from partnernet.network import founding
from partnernet.network.model import OWN, own_network, setting
from partnernet.nodes.card import Card
from tests.factories import actor_of, make_account, make_network, own_node

OTHER, ELSEWHERE = "a" * 51 + "q", "b" * 51 + "q"
CARD = Card(OTHER, ELSEWHERE, "Elsewhere")


def test_founding_makes_the_network_and_its_key(app: Flask, session: Session) -> None:
    node = founding.found(session, own_node(), app.config["DATA"], "Four Tides")
    commit(session)
    network = own_network(session)
    assert network is not None and network.name == "Four Tides"
    assert node.network_key is not None
    head = json.loads(session.scalars(select(OpRow.head).where(OpRow.id == network.id)).one())
    assert (head["net"], head["by"], head["log"]) == (node.network_key.public, "node", "public")
    assert open_node(app.config["DATA"]).network_key == node.network_key


def test_the_key_of_the_network_is_for_its_owner_only(app: Flask, session: Session) -> None:
    founding.found(session, own_node(), app.config["DATA"])
    assert (Path(app.config["DATA"]) / "network.key").stat().st_mode & 0o077 == 0


def test_a_second_network_is_refused(app: Flask, session: Session) -> None:
    make_network(session)
    with pytest.raises(Refused, match="has a network already"):
        founding.found(session, own_node(), app.config["DATA"])


def test_serving_founds_a_network_once(app: Flask, session: Session) -> None:
    founding.ensure(session, app)
    first, node = setting(session, OWN), own_node()
    assert first and node.network_key is not None
    founding.ensure(session, app)
    assert setting(session, OWN) == first
    assert own_node() is node


def test_joining_lets_the_other_node_in(session: Session) -> None:
    founding.join(session, own_node(), CARD)
    commit(session)
    assert setting(session, OWN) == ELSEWHERE
    node = session.get_one(KnownNode, OTHER)
    assert node.admitted and node.name == "Elsewhere" and list(node.reads) == ["public", "network"]


def test_a_fresh_server_that_has_founded_its_own_can_still_join(session: Session) -> None:
    make_network(session)
    make_account(session, role="steward")
    founding.join(session, own_node(), CARD)
    assert setting(session, OWN) == ELSEWHERE


def test_a_server_in_which_something_was_written_stays(session: Session) -> None:
    make_network(session)
    by = actor_of(session, make_account(session))
    verbs.create(session, by, "discussion", "network", {"title": "Ours", "body": "x"})
    commit(session)
    with pytest.raises(Refused, match="only a fresh one"):
        founding.join(session, own_node(), CARD)


def test_joining_twice_or_oneself_is_refused(session: Session) -> None:
    founding.join(session, own_node(), CARD)
    with pytest.raises(Refused, match="already"):
        founding.join(session, own_node(), CARD)
    with pytest.raises(Refused, match="own card"):
        founding.join(session, own_node(), replace(CARD, node=own_node().id))


def test_nobody_is_in_a_network_before_it_is_founded(session: Session) -> None:
    assert own_network(session) is None
    assert session.scalars(select(Entry)).all() == []
