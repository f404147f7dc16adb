"""The network's list: signed where its key is, followed everywhere else, but for what stewards decided by hand."""

from collections.abc import Callable

import pytest

from partnernet.core.db import commit
from partnernet.core.errors import Refused
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.node import NodeItself
from partnernet.nodes import alarms, known, network_list
from partnernet.nodes.network_key import rotate
from tests.exchange.places import Place, lines_of, write_lines
from tests.nodes.networks import founded, joined, named, paired

BOTH = ["public", "network"]


@pytest.fixture
def mill(place: Callable[[str], Place]) -> Place:
    """A third server."""
    return place("mill")


def bring(source: Place, target: Place, name: str = "out.pn.zip") -> None:
    """Carry everything over, without answering any question."""
    target.take(source.export(name), admitting=())


def test_only_where_the_key_is_can_a_list_be_signed(hall: Place, barge: Place) -> None:
    joined(barge, founded(hall))
    paired(barge, hall)
    assert network_list.signs_here(hall.session, hall.node) and not network_list.signs_here(barge.session, barge.node)
    with pytest.raises(Refused, match="not on this server"):
        named(barge, hall)


def test_a_list_names_servers_with_their_rights_and_keeps_the_stewards(hall: Place, barge: Place) -> None:
    network = founded(hall)
    network_list.publish(hall.session, hall.node, stewards=[(hall.node.id, "p" + "a" * 26)])
    paired(hall, barge, "The barge")
    named(hall, barge)
    said = network_list.listed(hall.session, hall.node)
    assert said[barge.node.id] == {"node": barge.node.id, "name": "The barge", "reads": BOTH, "writes": BOTH}
    assert hall.node.id in said
    newest = membership.latest(hall.session, network)
    assert newest and newest.version == 2 and newest.stewards == [[hall.node.id, "p" + "a" * 26]]
    assert network_list.publish(hall.session, hall.node, stewards=[(hall.node.id, "p" + "a" * 26)]) is None
    network_list.take_off(hall.session, hall.node, barge.node.id)
    assert set(network_list.listed(hall.session, hall.node)) == {hall.node.id}


def test_a_fresh_server_learns_from_the_list_whom_to_let_in(hall: Place, barge: Place, mill: Place) -> None:
    network = founded(hall)
    paired(hall, mill, "The mill")
    named(hall, mill)
    mill_ids = mill.write(mill.person("Bo Lindqvist"), "From the mill")
    bring(mill, hall)
    joined(barge, network)
    bring(hall, barge)
    assert "From the mill" in barge.titles() and set(hall.titles()) == set(barge.titles())
    server = known.find(barge.session, mill.node.id)
    assert (server.called, server.node.origin, server.writes, server.reads) == ("The mill", "membership", BOTH, BOTH)
    assert server.node.paired is None and barge.find(mill_ids.id) is not None
    before = barge.dump()
    assert network_list.follow(barge.session, barge.node) == network_list.Followed(0)
    assert barge.dump() == before


def test_the_list_counts_though_a_stranger_wrote_and_another_brings_it(hall: Place, barge: Place, mill: Place) -> None:
    """The mill lets in what the hall signs for the network; the barge has never heard of the hall."""
    network = founded(hall)
    paired(hall, barge, "The barge")
    named(hall, barge)
    joined(mill, network)
    paired(mill, hall)
    bring(hall, mill)
    joined(barge, network)
    paired(barge, mill)
    bring(mill, barge)
    assert known.find(barge.session, hall.node.id).writes == BOTH and set(barge.titles()) == set(hall.titles())


def test_no_more_than_so_many_servers_are_listed_and_followed(
    hall: Place, barge: Place, mill: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = founded(hall)
    paired(hall, mill, "The mill")
    named(hall, mill)
    monkeypatch.setattr(network_list, "LISTED", 2)
    paired(hall, barge, "The barge")
    with pytest.raises(Refused, match="list is full"):
        named(hall, barge)
    named(hall, mill)  # which is on it
    monkeypatch.setattr(network_list, "LISTED", 0)
    joined(barge, network)
    bring(hall, barge)
    assert mill.node.id not in {server.key for server in known.servers(barge.session)}


def test_a_list_that_came_before_the_handover_to_its_key_counts_when_that_comes(
    hall: Place, barge: Place, mill: Place
) -> None:
    """Neither is let in: the barge has never heard of the hall."""
    network = founded(hall)
    before = hall.export("before.pn.jsonl")
    hall.node = rotate(hall.session, hall.node, hall.folder)
    paired(hall, mill, "The mill")
    named(hall, mill)
    documents = [line for line in lines_of(hall.export("all.pn.jsonl")) if b'"kind":"membership"' in line]
    handover, newest = sorted(documents, key=lambda line: b'"nodes":' in line)
    joined(barge, network)
    barge.take(before, admitting=())
    barge.take(write_lines(barge.folder / "list.pn.jsonl", [newest]), admitting=())
    assert mill.node.id not in {server.key for server in known.servers(barge.session)}
    barge.take(write_lines(barge.folder / "handover.pn.jsonl", [handover]), admitting=())
    assert known.find(barge.session, mill.node.id).writes == BOTH
    assert network_list.listed(barge.session, barge.node)[mill.node.id]["name"] == "The mill"


def test_a_stranger_without_the_key_names_nobody(hall: Place, barge: Place, mill: Place) -> None:
    network = founded(hall)
    bring(hall, mill)
    paired(mill, hall)
    thief = mill.node.key
    entry = {"node": mill.node.id, "name": "The mill", "reads": BOTH, "writes": BOTH}
    log.append(mill.session, NodeItself(mill.node), "membership", "public",
               membership.document(thief, network, 9, [], [entry]), ent=network)  # fmt: skip
    commit(mill.session)
    joined(barge, network)
    bring(hall, barge)
    bring(mill, barge)
    assert known.find(barge.session, mill.node.id).writes == [] and alarms.unseen(barge.session) == []


def test_a_server_that_is_struck_off_waits_outside_again(hall: Place, barge: Place, mill: Place) -> None:
    network = founded(hall)
    paired(hall, mill, "The mill")
    named(hall, mill)
    joined(barge, network)
    bring(hall, barge)
    network_list.take_off(hall.session, hall.node, mill.node.id)
    commit(hall.session)
    bring(hall, barge, "newer.pn.zip")
    server = known.find(barge.session, mill.node.id)
    assert (server.writes, server.reads, server.node.origin) == ([], [], "seen")
    mill.write(mill.person("Bo Lindqvist"), "From the mill")
    bring(mill, barge)
    assert "From the mill" not in barge.titles() and known.find(barge.session, mill.node.id).waiting == 2


def test_what_a_steward_decided_by_hand_holds(hall: Place, barge: Place, mill: Place) -> None:
    network = founded(hall)
    paired(hall, mill, "The mill")
    named(hall, mill)
    joined(barge, network)
    known.hear_of(barge.session, [mill.node.id])
    known.grant(barge.session, mill.node.id, reads=[], writes=["public"])
    commit(barge.session)
    bring(hall, barge)
    server = known.find(barge.session, mill.node.id)
    assert (server.writes, server.reads, server.node.origin) == (["public"], [], "steward")
    network_list.take_off(hall.session, hall.node, mill.node.id)
    commit(hall.session)
    bring(hall, barge, "newer.pn.zip")
    assert known.find(barge.session, mill.node.id).writes == ["public"]


def test_an_older_list_that_comes_late_changes_nothing(hall: Place, barge: Place, mill: Place) -> None:
    network = founded(hall)
    paired(hall, mill, "The mill")
    named(hall, mill)
    old = hall.export("old.pn.zip")
    network_list.take_off(hall.session, hall.node, mill.node.id)
    commit(hall.session)
    joined(barge, network)
    bring(hall, barge, "newer.pn.zip")
    barge.take(old, admitting=())
    assert mill.node.id not in {server.key for server in known.servers(barge.session)}


def test_two_lists_of_one_number_raise_an_alarm_and_neither_is_followed(hall: Place, barge: Place, mill: Place) -> None:
    network = founded(hall)
    assert hall.node.network_key is not None
    for name in ("One", "Other"):
        entry = {"node": mill.node.id, "name": name, "reads": BOTH, "writes": BOTH}
        log.append(hall.session, NodeItself(hall.node), "membership", "public",
                   membership.document(hall.node.network_key, network, 1, [], [entry]), ent=network)  # fmt: skip
    commit(hall.session)
    joined(barge, network)
    bring(hall, barge)
    (told,) = alarms.unseen(barge.session)
    assert "number 1" in told.what and mill.node.id not in {server.key for server in known.servers(barge.session)}
    alarms.see(barge.session, [told.id])
    network_list.follow(barge.session, barge.node)
    assert alarms.unseen(barge.session) == []
    paired(hall, mill, "The mill")
    named(hall, mill)
    bring(hall, barge, "newer.pn.zip")
    assert known.find(barge.session, mill.node.id).writes == BOTH
