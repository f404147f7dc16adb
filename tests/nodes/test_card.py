"""The card of a node: what it says, and what is taken for one."""

import json

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.errors import Invalid, Refused
from partnernet.network.model import OWN, setting, settle
from partnernet.nodes.card import SERVER, Card, own_card, own_words, read_card
from tests.factories import make_network, own_node

OTHER, ELSEWHERE = "a" * 51 + "q", "b" * 51 + "q"
CARD = {"format": "partnernet-node/1", "node": OTHER, "network": ELSEWHERE, "name": "Elsewhere"}


def test_a_card_says_who_where_and_of_which_network(session: Session) -> None:
    with pytest.raises(Refused, match="partnernet init"):
        own_card(session, own_node())
    make_network(session)
    card = own_card(session, own_node(), "https://network.example")
    assert read_card(card.text()) == card == read_card(card.text().encode())
    assert card == Card(own_node().id, setting(session, OWN), "PartnerNet", "", "https://network.example")


def test_a_server_is_called_as_its_stewards_say_else_as_its_network(session: Session) -> None:
    make_network(session)
    assert own_words(session).called == "PartnerNet"
    settle(session, SERVER, "Salt House")
    commit(session)
    assert own_words(session).called == "Salt House" == own_card(session, own_node()).called


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 60_000, b" " * 70_000, json.dumps(CARD | {"format": "x"}).encode(),
     json.dumps(CARD | {"node": "short"}).encode(), json.dumps(CARD | {"network": ""}).encode(),
     json.dumps(CARD | {"network": 7}).encode(), json.dumps({**CARD, "node": None}).encode(),
     json.dumps(CARD | {"node": ["x"] * 52}).encode(), b'{"format":' + b"9" * 5_000 + b"}",
     json.dumps(CARD | {"name": "\ud800"}).encode(), json.dumps(CARD | {"server": "\0"}).encode(),
     json.dumps(CARD).encode().replace(b'"name"', b'"node": "", "name"')],
)  # fmt: skip
def test_what_is_no_card_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="not the card of a server"):
        read_card(content)


@pytest.mark.parametrize("name", [7, None, ["x"], "x" * 101, "two\nlines", "a\tb"])
def test_a_name_that_is_none_is_left_out(name: object) -> None:
    assert read_card(json.dumps(CARD | {"server": name, "name": name})).called == ""


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a b", 7, "/etc/passwd", "https://" + "x" * 3_000])
def test_an_address_that_is_none_is_left_out(address: object) -> None:
    assert read_card(json.dumps(CARD | {"address": address})).address == ""


def test_what_a_later_version_adds_is_let_be() -> None:
    assert read_card(json.dumps(CARD | {"cheese": {"a": 1}})).called == "Elsewhere"
