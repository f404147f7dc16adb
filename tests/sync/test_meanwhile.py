"""What happens while an exchange goes on: other exchanges, and stewards who decide."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from partnernet.core.db import db
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.model import StagedOp
from partnernet.nodes.model import Alarm
from partnernet.sync import attachments, protocol
from partnernet.sync.attachments import part_of
from partnernet.sync.client import Client
from partnernet.sync.peers import Guest
from partnernet.sync.report import Report
from tests.sync.stations import BOTH, Station

Pair = tuple[Station, Station]


def test_what_another_exchange_brought_there_meanwhile_is_no_sign_of_a_copy(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    josie, have, calls = hall.person(), Client.have, []

    def slowly(client: Client, mine: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            hall.write(josie, "Written while the question was on its way")
            barge.sync(hall)
        return have(client, mine)

    monkeypatch.setattr(Client, "have", slowly)
    before = hall.node.inc
    hall.sync(barge)
    assert len(calls) == 3 and hall.ids() == barge.ids()
    assert not hall.count(Alarm) and hall.node.inc == before


def test_rights_that_are_taken_away_in_the_middle_are_gone_from_the_next_page_on(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    josie, ops, pages = hall.person(), Client.ops, []
    hall.write_many(josie, 19)

    def decide(client: Client, page: bytes) -> bytes:
        pages.append(1)
        if len(pages) == 2:
            hall.know(barge, reads=["public"])
        return ops(client, page)

    monkeypatch.setattr(Client, "ops", decide)
    hall.sync_in_pages(barge, 5)
    assert barge.count(OpRow) == 10


def test_no_file_comes_after_the_right_to_bring_it_was_taken_away(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    wren, piece, asked = barge.person(), Client.piece, []
    for n in range(3):
        barge.write(wren, f"Film {n}", files=[barge.attach(f"film {n}".encode())])

    def decide(client: Client, *given: Any) -> Any:
        asked.append(1)
        hall.know(barge, writes=["public"])
        return piece(client, *given)

    monkeypatch.setattr(Client, "piece", decide)
    report = hall.sync(barge)
    assert (report.came, report.files, len(asked)) == (4, 1, 1)


def test_two_exchanges_that_bring_one_file_do_not_spoil_it(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    monkeypatch.setattr(protocol, "PIECE", 10_000)
    content = random.Random(3).randbytes(35_000)
    barge.write(barge.person(), "A film", files=[film := barge.attach(content)])
    piece, asked = Client.piece, []

    def beside(client: Client, sha256: str, op: str, first: int) -> tuple[bytes, int]:
        asked.append(first)
        found = piece(client, sha256, op, first)
        if first == 10_000:  # the other exchange is faster by one piece
            with part_of(sha256).open("ab") as part:
                part.write(content[10_000:20_000])
        if first == 30_000:  # and by the last one
            store, part = hall.app.extensions["partnernet.files"], part_of(sha256)
            part.unlink()
            with barge.app.extensions["partnernet.files"].open(sha256) as whole:
                store.store(whole, attachments.BLOB_LIMIT)
        return found

    monkeypatch.setattr(Client, "piece", beside)
    report = hall.sync(barge)
    assert asked == [0, 10_000, 20_000, 30_000] and report.files == 1
    assert hall.has_file(film["sha256"]) and not hall.inside(lambda: part_of(film["sha256"])).exists()


def test_two_servers_that_call_each_other_at_once_agree(pair: Pair) -> None:
    hall, barge = pair
    for one in pair:
        files = [one.attach(f"a film of {one.key}".encode())]
        one.write(one.person(), "With a film", files=files)
        one.write_many(one.person("Bea Thorne"), 20)
    begin = threading.Barrier(2)

    def call(one: Station, other: Station) -> Report:
        begin.wait(60)
        return one.sync_in_pages(other, 7)

    with ThreadPoolExecutor(2) as both:
        reports = [each.result(300) for each in (both.submit(call, hall, barge), both.submit(call, barge, hall))]

    assert not any(report.refused or report.held for report in reports)
    assert hall.ids() == barge.ids() and hall.have() == barge.have() and len(hall.ids()) == 46
    for one in pair:
        assert not one.count(StagedOp) and not one.count(Alarm)
        assert not one.inside(lambda one=one: list(missing_files(one)))  # type: ignore[misc]


def missing_files(one: Station) -> Any:
    anybody = Guest("a" * 52, "Anybody", "", False, BOTH, BOTH)
    return attachments.missing(db.session(), one.app.extensions["partnernet.files"], anybody)
