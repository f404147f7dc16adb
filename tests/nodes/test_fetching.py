"""The card of a server is fetched from its address, through the guarded connection alone."""

import json
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from partnernet.core.db import commit, db
from partnernet.core.errors import Refused
from partnernet.core.policy import STEWARD
from partnernet.network.founding import ensure
from partnernet.network.model import settle
from partnernet.nodes import fetching, known
from partnernet.nodes.card import SERVER
from partnernet.nodes.fetching import _said, fetch
from partnernet.sync.connection import Patience
from tests.exchange.nodes import Server, words
from tests.sync.stations import Station, station

__all__ = ("station",)


@pytest.fixture
def north(station: Callable[[str], Station]) -> Station:
    """A server that answers at an address."""
    north = station("north")

    def found() -> None:
        ensure(db.session(), north.app)
        settle(db.session(), SERVER, "Northside Dance")
        commit()

    north.inside(found)
    return north


def test_the_card_says_who_answers_there(north: Station) -> None:
    card = fetch(north.address + "/", private=True)
    assert (card.node, card.server, card.name, card.address) == (
        north.key, "Northside Dance", "PartnerNet", north.address,
    )  # fmt: skip


def test_an_address_in_a_network_of_its_own_has_to_be_meant(north: Station) -> None:
    with pytest.raises(Refused, match="network of its own"):
        fetch(north.address, private=False)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "http://127.0.0.1:1/path", "http://127.0.0.1:1?x", "http://"]
)
def test_what_cannot_be_reached_is_said(address: str) -> None:
    with pytest.raises(Refused):
        fetch(address, private=True)


def test_a_page_waits_for_nobody_who_takes_his_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and says nothing."""
    monkeypatch.setattr(fetching, "HURRY", replace(fetching.HURRY, idle=0.05))
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Refused, match="does not answer"):
        fetch(f"http://127.0.0.1:{silent.getsockname()[1]}", private=True)
    assert fetching.HURRY.total < Patience().total


@pytest.mark.parametrize(
    "answer",
    [{}, [], {"format": "partnernet-sync/1"}, {"format": "partnernet-node/1", "node": "a"}, {"format": 7}],
)
def test_what_is_no_server_of_ours_has_no_card(answer: object) -> None:
    from partnernet.core.errors import Invalid
    from partnernet.nodes.card import card_of

    with pytest.raises(Invalid):
        card_of(_said(json.dumps(answer).encode()))


def test_the_form_fetches_it(north: Station, server: Callable[[str], Server]) -> None:
    pier = server("pier")
    pier.inside(lambda: ensure(db.session(), pier.app))
    steward = pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)
    refused = steward.post("/exchange/servers/new", data={"address": north.address})
    assert refused.status_code == 422 and "network of its own" in words(refused) and north.address in refused.text
    answer = steward.post("/exchange/servers/new", data={"address": north.address, "private": "y"})
    assert answer.location == f"/exchange/servers/{north.key}/words"
    node = pier.inside(lambda: known.find(db.session(), north.key)).node
    assert (node.name, node.address, node.private, node.admitted) == ("Northside Dance", north.address, True, False)
