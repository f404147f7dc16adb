"""What a server may be given and what it may bring are two rights, and each holds without the other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from partnernet.core.db import db
from partnernet.core.errors import Refused
from partnernet.core.ledger.op import join
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import KnownNode, OpRow, Quarantined
from partnernet.exchange.log.handovers import confirmed
from partnernet.exchange.model import Handover, StagedOp
from partnernet.nodes import quotas
from partnernet.nodes.model import Alarm
from partnernet.sync import brought
from partnernet.sync.client import Client
from tests.exchange.nodes import words
from tests.sync.callers import calling
from tests.sync.stations import BOTH, Station, browser, introduce
from tests.sync.test_unread import of_a_later_format

Three = tuple[Station, Station, Station]
Pair = tuple[Station, Station]
Logs = tuple[str, ...]
WAYS = ["the one that gives calls", "the one that takes calls"]


@pytest.fixture
def three(station: Callable[[str], Station]) -> Three:
    """The hall gives to the barge and takes nothing from it; both know the pier, which gives them what it writes."""
    hall, barge, pier = station("hall"), station("barge"), station("pier")
    hall.know(barge, reads=BOTH, writes=(), admitted=False)
    barge.know(hall, reads=(), writes=BOTH)
    for one in (hall, barge):
        introduce(one, pier)
    return hall, barge, pier


def exchange(hall: Station, barge: Station, way: str) -> Any:
    return hall.sync(barge) if way == WAYS[0] else barge.sync(hall)


@pytest.mark.parametrize("way", WAYS)
def test_one_gives_and_the_other_takes_whoever_calls(three: Three, way: str) -> None:
    hall, barge, pier = three
    josie, wren = hall.person(), pier.person()
    pier.write(wren, "By the pier", files=[poster := pier.attach(b"a poster")])
    hall.sync(pier)
    said = hall.write(josie, "By the hall", files=[film := hall.attach(b"what was filmed")])
    kept = barge.write(barge.person(), "By the barge", files=[barge.attach(b"another film")])

    report = exchange(hall, barge, way)

    assert not report.refused and hall.ids() <= barge.ids() and said.id in barge.ids()
    assert kept.id not in hall.ids()
    assert barge.has_file(poster["sha256"]) and barge.has_file(film["sha256"])
    assert (report.came, report.went) == ((0, 4) if way == WAYS[0] else (4, 0))
    assert (report.files, report.given) == ((0, 2) if way == WAYS[0] else (2, 0))
    for one in (hall, barge):
        assert not one.count(Alarm)


@pytest.mark.parametrize("way", WAYS)
def test_what_came_once_does_not_come_again_and_is_confirmed(three: Three, way: str) -> None:
    hall, barge, pier = three
    pier.write_many(pier.person(), 9)
    for one in (hall, barge):
        one.sync(pier)
    hall.write_many(hall.person(), 19)
    exchange(hall, barge, way)
    (given,) = hall.rows(select(Handover).where(Handover.to == barge.key))
    assert given.counts == {"ops": 30}, "of what the barge has from others it does not say that it has it"
    assert confirmations(hall) == {given.id: 30}

    again = exchange(hall, barge, way)

    assert (again.came, again.went, again.trips) == (0, 0, 2) and again.received < 3_000
    hall.write(hall.person("Bea Thorne"), "Once more")
    more = exchange(hall, barge, way)
    assert max(more.came, more.went) == 2 and hall.ids() <= barge.ids()
    assert confirmations(hall) == {given.id: 32}


def test_whoever_may_not_be_given_anything_is_told_nothing_of_what_is_here(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge, pier = three
    wren = pier.person()
    both, alone = pier.write(wren, "To both"), barge.write(barge.person(), "Here alone", files=[barge.attach(b"x")])
    lost = pier.write(wren, "With a file", files=[film := pier.attach(b"y")])
    for one in (hall, barge):
        one.sync(pier)
    for one in (barge, hall):
        one.app.extensions["partnernet.files"].path(film["sha256"]).unlink()
    said: list[Any] = []
    have, ops = Client.have, Client.ops
    monkeypatch.setattr(Client, "have", lambda client, mine: said.append(mine) or have(client, mine))
    monkeypatch.setattr(Client, "ops", lambda client, page: said.append(page) or ops(client, page))

    barge.sync(hall)

    first, page, *_ = said
    assert first == {} and f"{pier.key}/{pier.node.inc}/network".encode() in page, "asked for as if it were not here"
    for secret in (alone.id, barge.key):
        assert not any(secret in str(each) for each in said)
    assert any(lost.id in str(each) for each in said[2:]), "of what the hall gave it may know what is missing"
    assert both.id in barge.ids()


def test_of_files_of_what_a_server_may_not_know_it_hears_nothing(three: Three, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge, _pier = three
    barge.know(hall)
    hall.know(barge)
    secret = "circle:" + "c" * 52
    there = [barge.attach(each) for each in (b"a film of the circle", b"a film for all")]
    for one, log in zip(there, (secret, "public"), strict=True):
        barge.write(barge.person(log[:6]), "With a film", log, files=[one])
        barge.app.extensions["partnernet.files"].path(one["sha256"]).unlink()
    said: list[bytes] = []
    ops = Client.ops
    monkeypatch.setattr(Client, "ops", lambda client, page: said.append(page) or ops(client, page))
    barge.sync(hall)
    assert [one["sha256"].encode() in b"".join(said) for one in there] == [False, True]


def confirmations(one: Station) -> dict[str, int]:
    return one.inside(lambda: confirmed(db.session(), db.session.scalars(select(Handover)).all()))


def test_pages_say_which_way_things_go(three: Three) -> None:
    hall, barge, _pier = three
    hall.know(barge, reads=["public"], writes=(), admitted=False)
    barge.sync(hall)
    hall.sync(barge)
    page = words(browser(barge).get(f"/exchange/servers/{hall.key}/now"))
    for said in ("Nothing: only bundles", "Nothing new came or went.", "They let nothing of this server in."):
        assert said in page
    assert "hold the same" not in page and "They give this server nothing." not in page
    steward = browser(hall)
    page = words(steward.get(f"/exchange/servers/{barge.key}/now"))
    for said in ("Only what is public", "Nothing: it waits outside", "They give this server nothing.", "Exchange now"):
        assert said in page
    assert "Exchange with it now" in words(steward.get(f"/exchange/servers/{barge.key}"))
    assert "Only given things." in words(steward.get("/exchange/servers"))


def test_a_server_that_is_let_in_is_given_as_much_as_before(three: Three) -> None:
    hall, barge, _pier = three
    hall.know(barge, reads=["public"], writes=(), admitted=False)
    assert browser(hall).post(f"/exchange/servers/{barge.key}/admission").status_code == 303
    (node,) = hall.rows(select(KnownNode).where(KnownNode.key == barge.key))
    assert (node.reads, node.writes, node.admitted) == (["public"], list(BOTH), True)


def test_of_a_server_that_only_reads_nothing_waits_outside_whatever_it_sends(three: Three) -> None:
    hall, barge, pier = three
    lines = [*of_a_later_format(barge, [7]), *_lines(barge, barge.write(barge.person(), "By the barge").id)]
    client = calling(hall, barge.node)
    said = client.ops(b"\n".join([b'{"sync":{}}', *lines, b""]))
    assert b'"push":{"ops":0,"late":0,"waiting":0,"held":false}' in said
    assert not hall.count(Quarantined) and not hall.count(StagedOp) and not hall.ids() & barge.ids()
    assert client.have({f"{pier.key}/{pier.node.inc}/network": {"r": "1-9", "x": "0" * 16}})["want"] == {}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("line", [b"no JSON", b"[]", b'{"h":1,"id":2}'])
def test_of_a_server_that_only_reads_nothing_is_looked_at(
    three: Three, monkeypatch: pytest.MonkeyPatch, way: str, line: bytes
) -> None:
    hall, barge, _pier = three
    said, ops = hall.write(hall.person(), "By the hall"), Client.ops
    if way == WAYS[0]:
        monkeypatch.setattr(Client, "ops", lambda client, page: ops(client, page) + line + b"\n")
    else:
        monkeypatch.setattr(Client, "ops", lambda client, page: ops(client, page + line + b"\n"))

    report = exchange(hall, barge, way)

    assert said.id in barge.ids() and not report.refused


def test_whoever_may_not_be_given_anything_cannot_find_out_by_a_file_what_is_here(three: Three) -> None:
    hall, barge, pier = three
    film = pier.attach(b"a film")
    said = pier.write(pier.person(), "With a film", files=[film])
    hall.sync(pier)
    hall.know(barge, reads=(), writes=BOTH)
    hall.app.extensions["partnernet.files"].path(film["sha256"]).unlink()
    client = calling(hall, barge.node)
    with pytest.raises(Refused, match="not asked for"):
        client.give(film["sha256"], said.id, 0, 6, b"a film")
    client.ops(b"\n".join([b'{"sync":{}}', *_lines(hall, said.id), b""]))
    assert client.give(film["sha256"], said.id, 0, 6, b"a film") == {"whole": True}


def _lines(one: Station, op: str) -> list[bytes]:
    (row,) = one.rows(select(OpRow).where(OpRow.id == op))
    return [join(row.id, row.head, row.body, row.sig)]


OVERLAPS = [
    ((), ("public",), BOTH, BOTH), (("public",), ("network",), ("network",), ("network",)),
    (BOTH, (), ("public",), BOTH), (("network",), BOTH, (), ("public",)),
]  # fmt: skip


@pytest.mark.parametrize(("gives", "takes", "is_given", "brings"), OVERLAPS)
def test_what_goes_is_what_one_gives_and_the_other_takes(
    pair: Pair, gives: Logs, takes: Logs, is_given: Logs, brings: Logs
) -> None:
    """`gives` and `takes` of the hall; the barge is ready to give `is_given`, and to take `brings`."""
    hall, barge = pair
    hall.know(barge, reads=gives, writes=takes, admitted=bool(takes))
    barge.know(hall, reads=is_given, writes=brings, admitted=bool(brings))
    by_hall, by_barge = ([one.write(one.person(), f"In {log}", log).id for log in BOTH] for one in pair)
    for one, other in ((hall, barge), (barge, hall), (hall, barge)):
        one.sync(other)
    for one, said, ways in (
        (barge, by_hall, set(gives) & set(brings)), (hall, by_barge, set(is_given) & set(takes)),
    ):  # fmt: skip
        assert [op in one.ids() for op in said] == [log in ways for log in BOTH]
        assert not one.count(Alarm)


def test_what_was_brought_and_waits_outside_is_not_said_to_be_here(three: Three) -> None:
    hall, barge, pier = three
    hall.write(hall.person(), "By the hall")
    said = pier.write(pier.person(), "By the pier")
    hall.sync(pier)
    barge.know(pier, quota={quotas.OPS_A_DAY: 1})
    barge.sync(hall)
    parts = barge.inside(lambda: brought.of(db.session(), hall.key).parts)
    held = {place: Ranges.read(value["r"]) for place, value in parts.items()}
    assert [len(held[f"{one.key}/{one.node.inc}/network"]) for one in (hall, pier)] == [2, 1]
    assert said.id not in barge.ids() and parts.keys() <= barge.have().keys()
    for place, value in parts.items():
        assert value == barge.have()[place], "in the form, and with the digest, that every server has it"
