"""What is said of a server for the whole network, on its page: the list, and whose words are hidden."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from partnernet.core.db import db
from partnernet.core.ledger.node import NETWORK_KEY
from partnernet.nodes import known, network_list, revocation
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place

CARD = {"format": "partnernet-node/1", "network": "b" * 51 + "q", "name": "Four Tides", "server": "Northside Dance"}


@pytest.fixture
def here(hall: Place, steward: FlaskClient) -> str:
    """The page of a server that was let in."""
    steward.post("/exchange/servers/new", data={"text": json.dumps(CARD | {"node": hall.node.id})})
    address = f"/exchange/servers/{hall.node.id}"
    steward.post(address + "/admission")
    return address


def listed(pier: Server) -> dict[str, Any]:
    found: dict[str, Any] = pier.inside(
        lambda: network_list.listed(db.session(), pier.app.extensions["partnernet.node"])
    )
    return found


def known_as(pier: Server, hall: Place) -> tuple[str, list[str], list[str]]:
    """Who decided about the hall, what it may write and what it may read."""
    server = pier.inside(lambda: known.find(db.session(), hall.node.id))
    return server.node.origin, server.writes, server.reads


def undo(steward: FlaskClient, here: str) -> None:
    """Press the button that the next page offers to take back what was done."""
    page = steward.get(here).text
    form = re.search(r'<form[^>]*action="([^"]+)"[^>]*>((?:(?!</form>).)*Undo.*?)</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    assert steward.post(form[1], data=fields).status_code == 303


def hidden(pier: Server, hall: Place) -> str:
    own = pier.app.extensions["partnernet.node"]
    return str(pier.inside(lambda: revocation.revoked(db.session(), own, hall.node.id)))


def test_a_server_is_named_for_the_whole_network_and_struck_off(
    pier: Server, hall: Place, steward: FlaskClient, here: str
) -> None:
    assert "It is not on the network’s list" in words(steward.get(here))
    assert steward.post(here + "/listing", data={"put": "1"}).status_code == 303
    said = words(steward.get(here))
    assert "with the rights that it has here" in said and "Strike it off the list" in said
    assert listed(pier)[hall.node.id]["name"] == "Northside Dance"
    steward.post(here + "/admission", data={"writes": "public"})
    said = words(steward.get(here))
    assert "other rights than it has here" in said and "Name it with these rights" in said
    assert steward.post(here + "/listing", data={"obey": "1"}).status_code == 303
    server = pier.inside(lambda: known.find(db.session(), hall.node.id))
    assert (server.writes, server.node.origin) == (["public", "network"], "membership")
    assert "Do as the list says" not in words(steward.get(here))
    assert steward.post(here + "/listing", data={"strike": "1"}).status_code == 303
    assert hall.node.id not in pier.inside(
        lambda: network_list.listed(db.session(), pier.app.extensions["partnernet.node"])
    )


def test_undoing_a_stop_makes_a_listed_server_again_what_it_was(
    pier: Server, hall: Place, steward: FlaskClient, here: str
) -> None:
    steward.post(here + "/listing", data={"put": "1"})
    steward.post(here + "/listing", data={"obey": "1"})
    before = known_as(pier, hall)
    assert before[0] == "membership"
    steward.post(here + "/admission", data={"stop": "1"})
    assert known_as(pier, hall) == ("steward", [], [])
    undo(steward, here)
    assert known_as(pier, hall) == before


def test_undoing_a_stop_gives_a_server_back_the_rights_that_were_chosen_for_it(
    pier: Server, hall: Place, steward: FlaskClient, here: str
) -> None:
    steward.post(here + "/admission", data={"writes": "public", "reads": "everything"})
    steward.post(here + "/admission", data={"stop": "1"})
    undo(steward, here)
    assert known_as(pier, hall) == ("steward", ["public"], ["public", "network"])


def test_undoing_a_strike_puts_back_what_the_list_said(
    pier: Server, hall: Place, steward: FlaskClient, here: str
) -> None:
    steward.post(here + "/listing", data={"put": "1"})
    steward.post(here + "/admission", data={"writes": "public"})  # here it may less than the list says
    before = listed(pier)
    steward.post(here + "/listing", data={"strike": "1"})
    undo(steward, here)
    assert listed(pier) == before and known_as(pier, hall) == ("steward", ["public"], [])
    never = f"/exchange/servers/{pier.app.extensions['partnernet.node'].id}"
    assert steward.post(never + "/listing", data={"again": "1"}).status_code == 404


@pytest.mark.parametrize("hides", ["all", "later"])
def test_what_it_wrote_is_hidden_and_shown_again(
    pier: Server, hall: Place, steward: FlaskClient, here: str, hides: str
) -> None:
    pier.run("import", str(hall.export("out.pn.zip")), "--yes")
    assert steward.post(here + "/revocation", data={"hide": hides}).status_code == 303
    assert hidden(pier, hall) == hides
    said = words(steward.get(here))
    assert "Show it again" in said and "Undo" in said
    assert steward.post(here + "/revocation", data={"hide": ""}).status_code == 303
    assert hidden(pier, hall) == ""


def test_a_server_that_does_not_keep_the_key_offers_neither(
    pier: Server, hall: Place, steward: FlaskClient, here: str
) -> None:
    (pier.folder / NETWORK_KEY).unlink()
    said = words(steward.get(here))
    assert "network’s list" not in said and "in the whole network" not in said
    for act, given in (("listing", {"put": "1"}), ("revocation", {"hide": "all"})):
        answer = steward.post(f"{here}/{act}", data=given)
        assert answer.status_code in (400, 409, 422) and "not on this server" in words(answer)
    assert pier.inside(lambda: known.find(db.session(), hall.node.id)).writes == ["public", "network"]
