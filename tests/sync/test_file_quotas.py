"""Files that come over the wire are counted for whoever wrote what names them, and end where their quota ends."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select

from partnernet.core.db import commit, db
from partnernet.core.ledger.tables import Intake
from partnernet.nodes import alarms, known
from partnernet.sync import attachments
from partnernet.sync.client import Client
from partnernet.sync.connection import Unreachable
from tests.sync.stations import BOTH, Station, introduce

Pair = tuple[Station, Station]
SIZE = 1_000


def limited(hall: Station, barge: Station, **quota: int) -> None:
    def limit() -> None:
        known.limit(db.session(), barge.key, quota)
        commit()

    hall.inside(limit)


def counted(hall: Station, barge: Station) -> set[int]:
    return hall.inside(lambda: set(db.session.scalars(select(Intake.files).where(Intake.node == barge.key))))


def here(hall: Station, names: list[str]) -> int:
    return sum(hall.app.extensions["partnernet.files"].has(name) for name in names)


@pytest.fixture
def films(pair: Pair) -> list[str]:
    """Three files of one size at the barge, and entries that name them."""
    _hall, barge = pair
    wren = barge.person()
    files = [barge.attach(bytes([n]) * SIZE) for n in range(3)]
    for n, file in enumerate(files):
        barge.write(wren, f"Film {n}", files=[file])
    return [file["sha256"] for file in files]


@pytest.mark.parametrize("calls", ["hall", "barge"])
def test_no_more_than_its_quota_comes_and_the_rest_when_it_may(pair: Pair, films: list[str], calls: str) -> None:
    hall, barge = pair
    exchange = (lambda: hall.sync(barge)) if calls == "hall" else (lambda: barge.sync(hall))
    limited(hall, barge, files_a_day=2 * SIZE)
    for _ in range(2):
        exchange()
        assert here(hall, films) == 2 and counted(hall, barge) == {2 * SIZE}
    (told,) = hall.inside(lambda: alarms.unseen(db.session()))
    assert told.node == barge.key and "More files came" in told.what
    limited(hall, barge)
    exchange()
    assert here(hall, films) == 3 and counted(hall, barge) == {3 * SIZE}
    assert counted(barge, hall) <= {0}


def test_files_of_what_waits_outside_are_not_brought(pair: Pair, station: Callable[[str], Station]) -> None:
    hall, barge = pair
    pier = station("pier")
    introduce(barge, pier)
    film = pier.attach(b"a film")
    pier.write(pier.person(), "From the pier", files=[film])
    barge.sync(pier)
    hall.sync(barge)
    assert here(barge, [film["sha256"]]) == 1 and here(hall, [film["sha256"]]) == 0

    def let_in() -> None:
        known.grant(db.session(), pier.key, reads=(), writes=BOTH)
        commit()

    hall.inside(let_in)
    hall.sync(barge)
    assert here(hall, [film["sha256"]]) == 1 and counted(hall, pier) == {len(b"a film")}


def test_what_may_not_come_in_is_not_sent_in_vain_again_and_again(
    pair: Pair, films: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    limited(hall, barge, files_a_day=2 * SIZE + SIZE // 2)
    sent, give = [], Client.give
    monkeypatch.setattr(Client, "give", lambda client, *file: sent.append(file[0]) or give(client, *file))
    for count in (3, 3):
        barge.sync(hall)
        assert len(sent) == count and here(hall, films) == 2


@pytest.mark.parametrize("calls", ["hall", "barge"])
def test_what_breaks_off_counts_too_and_the_rest_of_it_may_come(
    pair: Pair, films: list[str], monkeypatch: pytest.MonkeyPatch, calls: str
) -> None:
    hall, barge = pair
    exchange = (lambda: hall.sync(barge)) if calls == "hall" else (lambda: barge.sync(hall))
    limited(hall, barge, files_a_day=2 * SIZE)
    half, give, piece = SIZE // 2, Client.give, Client.piece

    def bring(client: Client, name: str, op: str, at: int) -> tuple[bytes, int]:
        if at:
            raise Unreachable("It broke off.")
        return piece(client, name, op, at)[0][:half], SIZE

    with monkeypatch.context() as broken:
        broken.setattr(Client, "piece", bring)
        broken.setattr(Client, "give", lambda client, *file: give(client, *file[:-1], file[-1][: half - file[2]]))
        for _ in range(3):
            with suppress(Unreachable):
                exchange()
        parts = list((hall.folder / attachments.PARTS).glob("*.part"))
        assert parts and {part.stat().st_size for part in parts} == {half} and here(hall, films) == 0
        assert counted(hall, barge) == {len(parts) * half}
    exchange()
    assert here(hall, films) and counted(hall, barge) == {2 * SIZE}
