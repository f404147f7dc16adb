"""A connection that breaks off costs a page: nothing is lost by it, nothing comes twice, and files go on from there."""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from partnernet.core.db import db
from partnernet.core.errors import Refused
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.model import ImportBatch, StagedOp
from partnernet.sync import attachments, protocol
from partnernet.sync.attachments import part_of
from partnernet.sync.client import Client
from partnernet.sync.connection import Unreachable
from partnernet.sync.model import Peer
from partnernet.sync.schedule import FIRST_WAIT, JITTER
from tests.sync.callers import calling
from tests.sync.relay import Relay
from tests.sync.stations import QUICK, Station

CUTS = 24
Pair = tuple[Station, Station]


@pytest.fixture
def relay(pair: Pair) -> Iterator[Relay]:
    """A wire between the two that can be cut."""
    hall, barge = pair
    relay = Relay(barge.port)
    hall.know(barge, address=f"http://127.0.0.1:{relay.port}")
    yield relay
    relay.close()


def test_cut_at_random_places_both_come_to_hold_the_same(pair: Pair, relay: Relay) -> None:
    hall, barge = pair
    chance = random.Random(7)
    josie, wren = hall.person(), barge.person()
    hall.write(josie, "With a poster", files=[poster := hall.attach(chance.randbytes(60_000))])
    barge.write(wren, "With another", files=[banner := barge.attach(chance.randbytes(60_000))])
    for number in range(CUTS):
        if number % 8 == 0:
            hall.write_many(josie, 5)
            barge.write_many(wren, 5)
        relay.cut_after = chance.randrange(200, 30_000)
        try:
            hall.sync_in_pages(barge, 7)
        except Refused as refused:
            assert refused.sentence.endswith(".")
    assert relay.cuts > CUTS // 3
    relay.cut_after = 1 << 40
    hall.sync_in_pages(barge, 7)

    assert hall.have() == barge.have()
    assert hall.ids() == barge.ids()
    assert len(hall.ids()) == 2 + 2 + 2 * 5 * (CUTS // 8)
    for one in pair:
        assert one.count(OpRow) == len(one.ids())
        assert one.has_file(poster["sha256"]) and one.has_file(banner["sha256"])
        assert not one.count(StagedOp)
        assert one.rows(select(ImportBatch.state)) == ["applied"]


def test_a_file_goes_on_where_it_broke_off(pair: Pair, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    monkeypatch.setattr(protocol, "PIECE", 10_000)
    content = random.Random(3).randbytes(95_000)
    barge.write(barge.person(), "A film", files=[film := barge.attach(content)])
    relay.cut_after = 60_000
    with pytest.raises(Refused):
        hall.sync(barge)
    part = hall.inside(lambda: part_of(film["sha256"]))
    half = part.stat().st_size
    assert 10_000 <= half < len(content) and half % 10_000 == 0
    relay.cut_after = 1 << 40
    report = hall.sync(barge)
    assert report.files == 1 and hall.has_file(film["sha256"]) and not part.exists()
    assert report.received < len(content) - half + 20_000, "what was here did not come again"


def test_a_file_that_is_not_what_its_name_says_is_thrown_away(pair: Pair) -> None:
    hall, barge = pair
    barge.write(barge.person(), "A film", files=[film := barge.attach(b"what was filmed")])
    path = barge.app.extensions["partnernet.files"].path(film["sha256"])
    path.write_bytes(b"something else!")
    report = hall.sync(barge)
    assert (report.came, report.files) == (2, 0)
    assert not hall.has_file(film["sha256"])
    assert not list((hall.folder / "sync").glob("*.part"))
    path.write_bytes(b"what was filmed")
    assert hall.sync(barge).files == 1


def test_a_file_that_is_sent_goes_on_where_it_broke_off(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    monkeypatch.setattr(protocol, "PIECE", 10_000)
    content = random.Random(3).randbytes(95_000)
    hall.write(hall.person(), "A film", files=[film := hall.attach(content), empty := hall.attach(b"")])
    pieces = []

    def break_off(client: Client, sha256: str, op: str, first: int, *more: Any) -> Any:
        pieces.append(first)
        if first == 40_000:
            raise Unreachable("The connection broke off.")
        return give(client, sha256, op, first, *more)

    give = Client.give
    monkeypatch.setattr(Client, "give", break_off)
    with pytest.raises(Refused):
        hall.sync(barge)
    assert barge.inside(lambda: part_of(film["sha256"])).stat().st_size == 40_000
    monkeypatch.setattr(Client, "give", give)
    report = hall.sync(barge)
    assert barge.has_file(film["sha256"]) and barge.has_file(empty["sha256"])
    assert 55_000 <= report.sent < 65_000, "what was there did not go again"
    assert hall.sync(barge).given == 0


def test_what_nobody_asked_for_is_not_taken(pair: Pair) -> None:
    hall, barge = pair
    named = hall.write(hall.person(), "A film", "network", files=[film := hall.attach(b"what was filmed")])
    barge.know(hall, writes=["public"])
    hall.sync(barge)
    client = calling(barge, hall.node)
    for op in (named.id, "a" * 52, ""):
        with pytest.raises(Refused, match="not asked for"):
            client.give(film["sha256"], op, 0, 15, b"what was filmed")
    barge.know(hall)
    hall.sync(barge)
    assert barge.has_file(film["sha256"])
    assert client.give(film["sha256"], named.id, 0, 15, b"what was filmed") == {"whole": True}
    barge.app.extensions["partnernet.files"].path(film["sha256"]).unlink()
    for first, size, piece in ((5, 15, b"was filmed"), (0, 3, b"what"), (0, 1 << 40, b"what"), (0, 15, b"")):
        assert client.give(film["sha256"], named.id, first, size, piece) == {"at": 0}
    assert client.give(film["sha256"], named.id, 0, 15, b"something else!") == {"at": 0}
    assert not barge.has_file(film["sha256"]) and not list((barge.folder / "sync").glob("*.part"))


def test_parts_of_what_is_not_wanted_any_more_go(pair: Pair) -> None:
    hall, _barge = pair
    with hall.app.app_context():
        old, fresh = part_of("a" * 64), part_of("b" * 64)
        old.parent.mkdir(exist_ok=True)
        for part in (old, fresh):
            part.write_bytes(b"half of a secret")
        os.utime(old, (0, time.time() - 2 * attachments.BEGUN))
        attachments.sweep_parts(db.session())
        assert fresh.exists() and not old.exists()


def test_what_failed_is_tried_again_later_and_later(pair: Pair, relay: Relay) -> None:
    hall, barge = pair
    relay.cut_after = 0
    waits = []
    for number in range(1, 4):
        with pytest.raises(Refused):
            hall.sync(barge, QUICK)
        (peer,) = hall.rows(select(Peer))
        assert peer.failures == number and peer.error.endswith(".") and peer.reached is None
        waits.append((peer.next_at - peer.tried) / FIRST_WAIT)
    for number, wait in enumerate(waits):
        assert 2**number * (1 - JITTER) <= wait <= 2**number * (1 + JITTER) + 1
    relay.cut_after = 1 << 40
    hall.sync(barge)
    (peer,) = hall.rows(select(Peer))
    assert (peer.failures, peer.error, peer.next_at) == (0, "", None)


def test_a_crash_between_two_pages_costs_no_more_than_that(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    barge.write_many(barge.person(), 29)
    pages = []

    def fall_over(*arguments: object, **more: object) -> None:
        pages.append(1)
        if len(pages) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("partnernet.sync.exchange.named_files", lambda line: fall_over() or [])
    with pytest.raises(KeyboardInterrupt):
        hall.sync_in_pages(barge, 10)
    assert len(hall.ids()) == 10
    monkeypatch.undo()
    hall.inside(lambda: db.session.rollback())
    report = hall.sync(barge)
    assert report.came == 20 and hall.ids() == barge.ids()
