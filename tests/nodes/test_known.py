"""Other servers: their names, their rights, and how they come to be known."""

import pytest

from partnernet.core.db import commit
from partnernet.core.errors import NotFound
from partnernet.core.ledger.tables import KnownNode
from partnernet.nodes import known
from partnernet.nodes.admit import let_in
from partnernet.nodes.card import Card
from partnernet.nodes.sentences import state_beside
from tests.exchange.places import Place

NETWORK = "b" * 51 + "q"


def card_of(place: Place, server: str = "", address: str = "") -> Card:
    return Card(place.node.id, NETWORK, "Four Tides", server, address)


def test_a_card_makes_a_server_known_and_lets_nothing_in(hall: Place, barge: Place) -> None:
    known.meet(barge.session, card_of(hall, "Northside Dance", "https://north.example"))
    commit(barge.session)
    (server,) = known.servers(barge.session)
    assert (server.called, server.node.address, server.node.origin) == (
        "Northside Dance",
        "https://north.example",
        "seen",
    )
    assert not server.node.admitted and not server.writes and not server.reads and not server.node.paired
    barge.take(hall.export("out.pn.zip"), admitting=())
    assert barge.titles() == [] and known.find(barge.session, hall.node.id).waiting == 9


def test_nobody_is_called_as_another_server_is(hall: Place, barge: Place) -> None:
    key = "c" * 51 + "a"
    known.meet(barge.session, card_of(hall, "Northside Dance"))
    known.meet(barge.session, Card(key, NETWORK, "", "NORTHSIDE \u200bdance\u202e"))
    commit(barge.session)
    assert known.find(barge.session, key).called == "NORTHSIDE dance (cccc cccc)"
    known.meet(barge.session, card_of(hall, "Northside Dance"))
    assert known.find(barge.session, hall.node.id).called == "Northside Dance"


def test_strangers_do_not_crowd_out_those_that_are_let_in(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    known.hear_of(barge.session, [f"{n:052}" for n in range(3)])
    known.meet(barge.session, card_of(hall, "Northside Dance"))
    known.hear_of(barge.session, ["c" * 52])
    known.grant(barge.session, "c" * 52, reads=[], writes=["public"])
    commit(barge.session)
    monkeypatch.setattr(known, "SHOWN", 2)
    assert [server.key for server in known.servers(barge.session)] == ["c" * 52, hall.node.id]


def test_the_name_of_its_network_gives_way_to_one_of_its_own(hall: Place, barge: Place) -> None:
    known.meet(barge.session, card_of(hall))
    assert known.find(barge.session, hall.node.id).called == "Four Tides"
    known.meet(barge.session, card_of(hall, "Northside Dance"))
    assert known.find(barge.session, hall.node.id).called == "Northside Dance"
    known.meet(barge.session, card_of(hall, "Another Name"))
    assert known.find(barge.session, hall.node.id).called == "Northside Dance"


def test_a_card_does_not_rename_what_people_here_know_by_a_name(hall: Place, barge: Place) -> None:
    known.meet(barge.session, card_of(hall, "Northside Dance"))
    known.describe(barge.session, hall.node.id, name="The hall", address="https://hall.example", private=True)
    known.meet(barge.session, card_of(hall, "Somebody else"))
    commit(barge.session)
    node = known.find(barge.session, hall.node.id).node
    assert (node.name, node.address, node.private) == ("The hall", "https://hall.example", True)


@pytest.mark.parametrize(
    "name", ["N\u043erthside Dance", "\u039d\u039fRTHSIDE DANCE", "\uff2eorthside Dance", "S\u0430lt House"]
)
def test_a_name_that_passes_for_another_by_its_letters_gets_the_start_of_its_key(
    name: str, hall: Place, barge: Place
) -> None:
    key = "c" * 52
    known.meet(barge.session, card_of(hall, "Northside Dance"))
    known.meet(barge.session, Card(key, "n", name))
    commit(barge.session)
    assert known.find(barge.session, key).called == f"{name} (cccc cccc)"
    known.meet(barge.session, Card("d" * 52, "n", "Театр на Подолі"))
    assert known.find(barge.session, "d" * 52).called == "Театр на Подолі"


def test_a_server_without_a_name_is_called_by_its_network_else_by_its_key(hall: Place, barge: Place) -> None:
    known.hear_of(barge.session, [hall.node.id])
    commit(barge.session)
    called = known.names(barge.session, [hall.node.id, "c" * 52])
    assert called == {hall.node.id: known.unnamed(hall.node.id), "c" * 52: "cccc cccc cccc cccc (no name yet)"}
    hall.append(hall.person("Josie"), "network", {"set": {"name": "Four Tides"}}, "public")
    barge.take(hall.export("out.pn.zip"))
    assert known.names(barge.session, [hall.node.id]) == {hall.node.id: "Four Tides"}


def test_what_a_server_may_write_is_let_in_log_by_log(hall: Place, barge: Place) -> None:
    known.hear_of(barge.session, [hall.node.id])
    assert known.grant(barge.session, hall.node.id, reads=["public"], writes=["public"]) == 0
    commit(barge.session)
    welcome = let_in(barge.session, barge.node)
    assert [welcome.takes(hall.node.id, log) for log in ("public", "network")] == [True, False]
    assert welcome.takes(barge.node.id, "circle:x") and not welcome.takes("c" * 52, "public")
    barge.take(hall.export("out.pn.zip"), admitting=())
    assert barge.titles() == ["Open to all"]
    assert known.grant(barge.session, hall.node.id, reads=[], writes=["public", "network"]) == 8
    commit(barge.session)
    assert barge.titles() == hall.titles() and barge.have() == hall.have()
    assert known.rights(barge.session, hall.node.id) == []


def test_a_server_that_is_stopped_while_an_import_waits_stays_outside(hall: Place, barge: Place) -> None:
    known.hear_of(barge.session, [hall.node.id])
    known.grant(barge.session, hall.node.id, reads=[], writes=["public", "network"])
    commit(barge.session)
    batch = barge.stage(hall.export("out.pn.zip"))
    known.grant(barge.session, hall.node.id, reads=[], writes=[])
    commit(barge.session)
    receipt = barge.apply(batch.id)
    assert receipt["ops"] == 0 and receipt["waiting"] == 9 and barge.titles() == []


def test_pairing_says_when_with_whom_and_by_whom(hall: Place, barge: Place) -> None:
    known.meet(barge.session, card_of(hall))
    known.pair(barge.session, hall.node.id, met="Josie", by="p" + "a" * 26)
    commit(barge.session)
    node = barge.session.get_one(KnownNode, hall.node.id)
    assert node.paired and (node.met, node.paired_by) == ("Josie", "p" + "a" * 26) and not node.admitted


def test_that_a_server_is_let_in_is_said_once(hall: Place, barge: Place) -> None:
    known.hear_of(barge.session, [hall.node.id])
    assert state_beside(known.find(barge.session, hall.node.id)) == "Not let in."
    known.grant(barge.session, hall.node.id, reads=["public", "network"], writes=["public"])
    assert state_beside(known.find(barge.session, hall.node.id)) == "Let in for what is public."
    known.grant(barge.session, hall.node.id, reads=["public", "network"], writes=["public", "network"])
    assert state_beside(known.find(barge.session, hall.node.id)) == ""
    known.pair(barge.session, hall.node.id, met="Josie", by="p" + "a" * 26)
    assert state_beside(known.find(barge.session, hall.node.id)) == "Let in."
    commit(barge.session)


def test_nobody_decides_about_a_server_that_was_never_heard_of(barge: Place) -> None:
    with pytest.raises(NotFound, match="never been heard of"):
        known.find(barge.session, "c" * 52)
    with pytest.raises(NotFound):
        known.grant(barge.session, "c" * 52, reads=[], writes=["public"])
    assert known.rights(barge.session, "c" * 52) == []
