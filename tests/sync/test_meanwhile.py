"""What happens while an exchange goes on: other exchanges, and stewards who decide."""

import random
from typing import Any

import pytest

from partnernet.core.ledger.tables import OpRow
from partnernet.nodes.model import Alarm
from partnernet.sync import attachments, protocol
from partnernet.sync.attachments import part_of
from partnernet.sync.client import Client
from tests.sync.stations import Station

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
