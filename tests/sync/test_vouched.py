"""What the network's key has signed is found wherever it stands in the log of a server that nobody has let in."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from partnernet.core.db import commit, db
from partnernet.core.entry import Membership
from partnernet.core.ledger.tables import OpRow
from partnernet.network.founding import found
from partnernet.network.model import OWN, settle
from partnernet.nodes import network_list
from partnernet.sync import vouched, wants
from partnernet.sync.report import Report
from tests.sync.callers import calling, known
from tests.sync.stations import BOTH, Station, introduce

Three = tuple[Station, Station, Station]
WAYS = ["the one that has it calls", "the one that lacks it calls"]


@pytest.fixture
def three(station: Callable[[str], Station], monkeypatch: pytest.MonkeyPatch) -> Three:
    """The mill keeps the network's key. The hall lets it in; the barge knows the hall alone."""
    monkeypatch.setattr(wants, "SAMPLE", 3)
    mill, hall, barge = station("mill"), station("hall"), station("barge")

    def begin() -> None:
        mill.app.extensions["partnernet.node"] = found(db.session(), mill.node, mill.folder, "Four Tides")
        commit()

    mill.inside(begin)
    for one in (hall, barge):
        belong(one, str(mill.node.network))
    introduce(mill, hall)
    introduce(hall, barge)
    mill.write_many(mill.person(), 6, "Words", "public")
    return mill, hall, barge


def belong(one: Station, network: str) -> None:
    def join() -> None:
        settle(db.session(), OWN, network)
        commit()

    one.inside(join)
    one.app.extensions["partnernet.node"] = replace(one.node, network=network)


def publish(mill: Station, names: Sequence[str] = ()) -> str:
    """Sign a newer list; the op that holds it."""

    def sign() -> str:
        nodes = [{"node": name, "name": "Named", "reads": list(BOTH), "writes": list(BOTH)} for name in names]
        stewards = [(mill.key, "p" + "abcdefgh"[len(lists(mill))] * 26)]
        op = network_list.publish(db.session(), mill.node, stewards=stewards, nodes=nodes)
        commit()
        assert op is not None
        return op.id

    return mill.inside(sign)


def lists(one: Station) -> list[str]:
    return [str(op) for op in one.rows(select(Membership.op).order_by(Membership.version))]


def exchange(hall: Station, barge: Station, way: str) -> Report:
    return hall.sync(barge) if way == WAYS[0] else barge.sync(hall)


@pytest.mark.parametrize("way", WAYS)
def test_a_list_far_down_in_the_log_of_a_stranger_is_found_and_followed(three: Three, way: str) -> None:
    mill, hall, barge = three
    signed = publish(mill)
    hall.sync(mill)
    exchange(hall, barge, way)
    assert lists(barge) == [signed]
    assert barge.count(OpRow, OpRow.node == mill.key) == 2  # what began the network, and its list
    again = exchange(hall, barge, way)
    assert (again.went, again.came, again.trips) == (0, 0, 2), "it goes once"

    mill.write_many(mill.person("Bo Lindqvist"), 3, "More words", "public")
    signed_later = publish(mill, [mill.key])
    hall.sync(mill)
    exchange(hall, barge, way)
    assert lists(barge) == [signed, signed_later], "though something of the mill waits outside already"
    exchange(hall, barge, way)
    assert hall.ids() == barge.ids() and mill.ids() <= barge.ids()


def test_who_may_not_read_it_is_not_told_of_it(three: Three) -> None:
    mill, _hall, _barge = three
    publish(mill)
    known(mill, reads=["public"])
    assert calling(mill).have({})["signed"] == {f"{mill.key}/{mill.node.inc}/public": "1,8"}
    known(mill, reads=["network"])
    assert "signed" not in calling(mill).have({})


def test_servers_of_another_network_are_not_bothered_with_it(three: Three, station: Callable[[str], Station]) -> None:
    mill, hall, _barge = three
    publish(mill)
    hall.sync(mill)
    other = station("other")
    belong(other, "a" * 52)
    introduce(hall, other)
    for one, another in ((hall, other), (other, hall)):
        one.sync(another)
    assert not other.count(OpRow, OpRow.kind == "membership")


def test_no_more_than_some_are_asked_for_at_once_and_the_rest_the_next_time(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    mill, hall, barge = three
    signed = [publish(mill) for _ in range(3)]
    hall.sync(mill)
    monkeypatch.setattr(vouched, "TOLD", 2)
    for count in (1, 3, 3):  # what made the network goes first
        barge.sync(hall)
        assert lists(barge) == signed[:count]
