"""What a bad network does: each exchange ends in a sentence, and the next one goes on."""

import gzip
import random
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from partnernet.core.db import commit, db
from partnernet.core.errors import Refused, StorageFull
from partnernet.core.lock import FileLock
from partnernet.core.time import DAY, now_ms
from partnernet.exchange.model import StagedOp
from partnernet.nodes.model import Alarm
from partnernet.sync import entrance, protocol, running, schedule
from partnernet.sync.connection import Connection, Unreachable
from partnernet.sync.model import Peer
from tests.postgres import ON_POSTGRES
from tests.sync.impostor import HASTY, PEER, Impostor, Visit, facing, well_known
from tests.sync.proxy import PAGE, Passed, Proxy
from tests.sync.stations import QUICK, Station, introduce, serving

Pair = tuple[Station, Station]
YEARS = 366 * DAY


@pytest.fixture
def proxy(pair: Pair) -> Iterator[Proxy]:
    """A proxy before the barge, which is called through it."""
    hall, barge = pair
    proxy = Proxy(barge)
    hall.know(barge, address=proxy.address)
    yield proxy
    proxy.close()


def test_names_of_headers_in_other_letters_and_small_answers_packed_on_the_way_are_borne(
    pair: Pair, proxy: Proxy
) -> None:
    hall, barge = pair
    packed = []

    def pack(visit: Visit, answer: Passed) -> None:
        if "content_encoding" not in answer.headers:
            answer.headers |= {"content_encoding": "gzip", "vary": "Accept-Encoding"}
            answer.body = gzip.compress(answer.body)
            packed.append(visit.path)

    proxy.change = pack
    barge.write(barge.person(), "By the barge")
    report = hall.sync(barge)
    assert report.came == 2 and hall.ids() == barge.ids()
    assert protocol.WELL_KNOWN in packed and protocol.HAVE in packed


def test_what_was_changed_on_the_way_is_not_taken_in(pair: Pair, proxy: Proxy) -> None:
    hall, barge = pair

    def change(visit: Visit, answer: Passed) -> None:
        if visit.path == protocol.HAVE:
            answer.headers["content_encoding"] = "gzip"
            answer.body = gzip.compress(b'{"have":{},"want":{}}')

    proxy.change = change
    with pytest.raises(Refused, match="something stands between"):
        hall.sync(barge)


@pytest.mark.parametrize("at", range(4))
def test_the_page_of_a_hotel_in_the_place_of_an_answer_is_no_alarm(pair: Pair, proxy: Proxy, at: int) -> None:
    hall, barge = pair
    barge.write(barge.person(), "By the barge")
    visits: list[str] = []

    def sign_in_first(visit: Visit) -> bool:
        visits.append(visit.path)
        if len(visits) == at + 1:
            visit.answer(PAGE, content_type="text/html")
        return len(visits) == at + 1

    proxy.instead = sign_in_first
    with pytest.raises(Unreachable) as refused:
        hall.sync(barge)
    assert refused.value.sentence.endswith((".", "no PartnerNet server.")) and not hall.count(Alarm)
    hall.sync(barge)
    assert hall.ids() == barge.ids() and not hall.count(Alarm)


def test_a_proxy_that_takes_little_at_once_is_named_and_it_goes_on_in_smaller_pieces(
    pair: Pair, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    monkeypatch.setattr(protocol, "PIECE", 400_000)
    film = hall.attach(random.Random(5).randbytes(300_000))
    hall.write(hall.person(), "A film", files=[film])

    def too_much(visit: Visit) -> bool:
        if len(visit.request) > 200_000:
            visit.answer(PAGE, "413 Request Entity Too Large", content_type="text/html")
        return len(visit.request) > 200_000

    proxy.instead = too_much
    with pytest.raises(Refused, match="takes less at once than an exchange needs"):
        hall.sync(barge)
    assert hall.sync(barge).given == 1 and barge.has_file(film["sha256"])


def test_who_answers_before_it_has_heard_all_and_hangs_up_is_heard() -> None:
    def hang_up(visit: Visit) -> None:
        visit.sock.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        visit.sock.close()

    impostor = Impostor(hang_up, reads=65_536)
    connection = Connection(impostor.place(), None, HASTY)
    try:
        assert connection.ask("POST", "/", {}, bytes(16 << 20), 0).status == 413
    finally:
        connection.close()
        impostor.close()


def test_a_connection_that_is_closed_in_the_middle_of_a_request_is_opened_anew() -> None:
    visits: list[str] = []

    def close_the_second(visit: Visit) -> None:
        visits.append(visit.path)
        if len(visits) == 2:
            visit.sock.close()
        elif visit.path == protocol.WELL_KNOWN:
            visit.answer(well_known())
        else:
            visit.signed(PEER.key, b'{"have":{}}')

    with facing(close_the_second) as (client, _impostor):
        client.hello()
        assert client.have({}) == {"have": {}}
        assert visits == [protocol.WELL_KNOWN, protocol.HAVE, protocol.HAVE]


@pytest.mark.parametrize("skew", [-5 * YEARS, 31 * YEARS])
def test_clocks_that_differ_by_years_are_not_compared(pair: Pair, skew: int, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    barge.write(barge.person(), "By the barge")
    monkeypatch.setattr(entrance, "now_ms", lambda: now_ms() + skew)
    assert hall.sync(barge).trips == 4 and hall.ids() == barge.ids()


@pytest.mark.parametrize("jump", [-5 * YEARS, 31 * YEARS])
def test_a_clock_that_is_put_right_in_the_middle_costs_a_question(
    pair: Pair, jump: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    barge.write(barge.person(), "By the barge")
    asked: list[int] = []

    def put_right() -> int:
        asked.append(1)
        return now_ms() + (jump if len(asked) > 2 else 0)

    monkeypatch.setattr(entrance, "now_ms", put_right)
    assert hall.sync(barge).trips == 5 and hall.ids() == barge.ids()


def has_newer_addresses() -> bool:
    """Whether this machine has a loopback address of IPv6."""
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


@pytest.mark.skipif(not has_newer_addresses(), reason="this machine has no addresses of IPv6")
def test_servers_at_addresses_of_the_newer_sort_exchange(pair: Pair, tmp_path: Path) -> None:
    hall, _barge = pair
    with serving(tmp_path / "pier", "::1") as pier:
        assert pier.address.startswith("http://[::1]:")
        introduce(hall, pier)
        said = pier.write(pier.person(), "By the pier")
        hall.sync(pier)
        assert said.id in hall.ids()


@pytest.mark.skipif(ON_POSTGRES, reason="a full disk is made by a limit that SQLite alone has")
def test_a_disk_that_is_full_in_the_middle_is_said_and_no_page_is_half_there(pair: Pair) -> None:
    hall, barge = pair
    barge.write_many(barge.person(), 99)
    hall.sync_in_pages(barge, 20)
    barge.write_many(barge.person("Bea Thorne"), 399)
    pages: list[int] = []

    def fill_up(connection: Any) -> None:
        pages.append(connection.exec_driver_sql("pragma page_count").scalar())
        connection.exec_driver_sql(f"pragma max_page_count={pages[0] + 30}")

    engine = hall.inside(lambda: db.engine)
    event.listen(engine, "begin", fill_up)
    try:
        with pytest.raises(StorageFull, match="disk of this server is full"):
            hall.inside(lambda: exchange_in_pages(barge))
    finally:
        event.remove(engine, "begin", fill_up)
    assert 100 <= len(hall.ids()) < 500 and not hall.count(StagedOp)
    engine.dispose()
    hall.sync(barge)
    assert hall.ids() == barge.ids()


def exchange_in_pages(barge: Station) -> None:
    schedule.begin(db.session(), barge.key)
    running._noted(db.session(), barge.key, QUICK, 50)


def test_an_exchange_whose_process_was_stopped_goes_on_soon(pair: Pair) -> None:
    hall, barge = pair
    barge.write(barge.person(), "By the barge")
    hall.inside(lambda: schedule.begin(db.session(), barge.key))
    exchanging = running.Exchanging(hall.app, lambda: True)

    lock = FileLock(hall.folder / "sync" / f"{barge.key}.lock")
    assert lock.acquire()
    hall.inside(exchanging._begin_due)
    assert not hall.rows(select(Peer.error).where(Peer.error != "")), "it is going on"
    lock.release()
    hall.inside(exchanging._begin_due)

    (peer,) = hall.rows(select(Peer))
    assert "broke off" in peer.error and peer.failures == 1
    assert peer.next_at - now_ms() <= 2 * schedule.FIRST_WAIT
    hall.inside(exchanging._begin_due)
    assert hall.rows(select(Peer.failures)) == [1]
    hall.sync(barge)
    hall.inside(exchanging._begin_due)
    assert hall.rows(select(Peer.error)) == [""] and hall.ids() == barge.ids()


def test_a_new_address_is_no_exchange_that_broke_off(pair: Pair) -> None:
    hall, barge = pair
    hall.know(barge, address="http://127.0.0.1:1")
    with pytest.raises(Refused):
        hall.sync(barge)

    def move() -> None:
        schedule.begin_anew(db.session(), barge.key)
        commit()

    hall.inside(move)
    hall.inside(lambda: running.pick_up(db.session()))
    assert hall.rows(select(Peer.error)) == [""]
