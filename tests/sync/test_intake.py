"""What comes in over the wire: by itself from those who may bring it, and held where a person has to look."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select, update

from partnernet.core.db import commit, db, insert_missing, write
from partnernet.core.errors import Refused
from partnernet.core.ledger.tables import Lacking, OpRow, Quarantined
from partnernet.exchange.incoming import stage
from partnernet.exchange.model import ImportBatch
from partnernet.nodes import known, quarantine, quotas
from partnernet.nodes.model import Alarm
from partnernet.sync import exchange, intake, wants
from tests.exchange.nodes import words
from tests.exchange.places import Somebody
from tests.sync.stations import Station, browser, introduce

Pair = tuple[Station, Station]


def say(one: Station, by: Somebody, count: int) -> list[str]:
    return [one.write(by, f"To be erased {n}", body="The canary sings.").id for n in range(count)]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that is soon reached."""
    monkeypatch.setattr(intake, "ERASURES_LIMIT", 3)


def texts(one: Station, ids: list[str]) -> int:
    return one.count(OpRow, OpRow.id.in_(ids), OpRow.body.is_not(None))


@pytest.mark.parametrize("caller", ["giver", "taker"])
def test_many_erasures_wait_for_a_person_whoever_calls(pair: Pair, few: None, caller: str) -> None:
    hall, barge = pair
    wren, said = _tried_to_erase(hall, barge)
    later = barge.write(wren, "Said afterwards")

    report = hall.sync(barge) if caller == "taker" else barge.sync(hall)

    assert texts(hall, said) == 4 and later.id not in hall.ids()
    if caller == "taker":
        assert report.held and not report.refused
    else:
        assert "a steward has to decide" in report.refused
    (batch,) = hall.rows(select(ImportBatch).where(ImportBatch.state == "waiting"))
    assert batch.way == "wire" and batch.sender == barge.key and "4 entries" in batch.hold
    assert [(row.kind, row.node, row.detail["count"]) for row in hall.rows(select(Alarm))] == [
        ("erasures", barge.key, 4)
    ]

    again = hall.sync(barge)
    assert again.held and hall.count(ImportBatch, ImportBatch.state == "waiting") == 1

    client = browser(hall)
    page = client.get(f"/exchange/imports/{batch.id}")
    assert "It would erase 4 entries" in words(page) and "Over the internet" in words(page)
    assert client.post(f"/exchange/imports/{batch.id}/apply").status_code == 303
    assert later.id in hall.ids()
    assert hall.sync(barge).came == 0 and hall.have() == barge.have()


def test_erasures_are_counted_over_a_day_however_small_the_pages(pair: Pair, few: None) -> None:
    hall, barge = pair
    wren = barge.person()
    said = say(hall, hall.person(), 5)
    hall.sync(barge)
    for number, each in enumerate(said):
        barge.try_to_erase(wren, each)
        assert hall.sync(barge).held == (number >= 3)
    assert hall.count(OpRow, OpRow.kind == "redact") == 3


def test_whoever_erases_what_was_written_at_home_may_erase_any_number(pair: Pair, few: None) -> None:
    hall, barge = pair
    wren = barge.person()
    said = say(barge, wren, 5)
    hall.sync(barge)
    for each in said:
        barge.redact(wren, each)
    assert not hall.sync(barge).held and texts(hall, said) == 0


def test_what_was_set_aside_waits_again_and_is_never_taken_in_by_itself(pair: Pair, few: None) -> None:
    hall, barge = pair
    wren = barge.person()
    said = say(hall, hall.person(), 4)
    hall.sync(barge)
    for each in said:
        barge.try_to_erase(wren, each)
    hall.sync(barge)

    def aside() -> None:
        write()
        stage.set_aside(db.session(), db.session.scalars(select(ImportBatch).where(ImportBatch.hold != "")).one())
        commit()

    hall.inside(aside)
    assert hall.sync(barge).held and texts(hall, said) == 4


def test_only_what_a_server_may_write_is_taken_from_it(pair: Pair) -> None:
    hall, barge = pair
    hall.know(barge, writes=["public"])
    wren = barge.person()
    public, network = barge.write(wren, "To all", "public"), barge.write(wren, "To the network")
    for one, other in ((hall, barge), (barge, hall)):
        one.sync(other)
    assert public.id in hall.ids() and network.id not in hall.ids()


def test_what_others_wrote_comes_in_from_a_server_that_may_not_be_given_it(
    pair: Pair, station: Callable[[str], Station]
) -> None:
    hall, barge = pair
    pier = station("pier")
    introduce(barge, pier)
    hall.know(pier)
    mine, others = barge.write(barge.person(), "By the barge"), pier.write(pier.person(), "By the pier")
    barge.sync(pier)
    hall.know(barge, reads=["public"])
    barge.know(hall, reads=["public", "network"])
    assert hall.sync(barge).came == 4 and {mine.id, others.id} <= hall.ids()
    assert hall.sync(barge).came == 0
    hall.know(barge, reads=["public", "network"])
    assert hall.sync(barge).trips == 2


def test_of_a_server_that_is_not_let_in_a_little_waits_outside_once(
    pair: Pair, station: Callable[[str], Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    pier = station("pier")
    introduce(barge, pier)
    pier.write_many(pier.person(), 20)
    barge.sync(pier)
    monkeypatch.setattr(wants, "SAMPLE", 5)

    first, second = hall.sync(barge), hall.sync(barge)

    assert (first.waiting, second.waiting) == (5, 0)
    assert hall.count(Quarantined) == 5 and not hall.ids() & pier.ids()
    assert second.received < 3_000, "what is not taken in does not come again and again"

    def let_in() -> None:
        known.grant(db.session(), pier.key, reads=(), writes=("public", "network"))
        commit()

    hall.inside(let_in)
    hall.sync(barge)
    assert pier.ids() <= hall.ids() and not hall.count(Quarantined)


def test_of_a_server_no_more_is_asked_for_than_it_may_send(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    hall.know(barge, quota={quotas.OPS_A_DAY: 30})
    monkeypatch.setattr(wants, "SAMPLE", 5)
    barge.write_many(barge.person(), 99)

    came = [hall.sync(barge) for _ in range(4)]

    assert [(report.came, report.waiting) for report in came] == [(30, 0), (0, 5), (0, 0), (0, 0)]
    assert came[-1].received < 3_000, "what may not come in today does not come again and again"
    assert [alarm.kind for alarm in hall.rows(select(Alarm))] == ["quota"]
    hall.know(barge, quota={})
    hall.inside(lambda: (quarantine.take_what_waits(db.session()), commit()))
    assert hall.sync(barge).came == 65 and hall.have() == barge.have()


def lose(hall: Station, ids: list[str]) -> None:
    """Have statements without their texts, as where somebody gave them so."""

    def take_away() -> None:
        write()
        db.session.execute(update(OpRow).where(OpRow.id.in_(ids)).values(body=None))
        insert_missing(db.session(), Lacking.__table__, [{"op": each, "log": "network"} for each in ids])
        commit()

    hall.inside(take_away)


def test_texts_that_are_missing_here_are_asked_for_at_once(pair: Pair) -> None:
    hall, barge = pair
    said = say(barge, barge.person(), 12)
    hall.sync(barge)

    lose(hall, said)
    report = hall.sync(barge)
    assert (report.late, report.came) == (12, 0)
    assert texts(hall, said) == 12
    assert hall.sync(barge).late == 0


def test_a_page_that_nobody_asked_for_gives_no_rights(pair: Pair, station: Callable[[str], Station]) -> None:
    """Whoever brings lines of a log that they may not write gets none of them in, whoever signed them."""
    hall, barge = pair
    pier = station("pier")
    hall.know(pier)
    others = pier.write(pier.person(), "By the pier, in the network")
    hall.know(barge, writes=["public"])
    lines = [row.line for row in _ops(pier)]
    guest = intake.Guest(barge.key, "Barge", "", True, ("public",), ("public",))

    def bring() -> object:
        return intake.take_in(db.session(), hall.node, hall.app.extensions["partnernet.files"], guest, lines)

    assert hall.inside(bring) == intake.Taken()
    assert others.id not in hall.ids() and not hall.count(Quarantined) and not hall.count(ImportBatch)


def test_an_exchange_that_cannot_be_says_why(pair: Pair) -> None:
    hall, barge = pair
    for change, said in (
        ({"paired": None}, "six words"), ({"address": ""}, "give its address"),
        ({"reads": (), "writes": ()}, "six words"),
        ({"private": False}, "network of its own"), ({"address": "http://127.1:80"}, "not the address of a server"),
    ):  # fmt: skip
        hall.know(barge, **change)
        with pytest.raises(Refused, match=said):
            hall.sync(barge)
    hall.know(barge)
    with suppress(Refused):
        hall.sync(barge)
    assert hall.sync(barge).trips == 2


def _tried_to_erase(hall: Station, barge: Station) -> tuple[Somebody, list[str]]:
    """Somebody of the one server who tried to erase four texts of the other, and those."""
    wren = barge.person("Wren Achebe")
    said = say(hall, hall.person(), 4)
    hall.sync(barge)
    for each in said:
        barge.try_to_erase(wren, each)
    return wren, said


def _ops(one: Station) -> list[object]:
    from partnernet.core.ledger.op import from_parts

    return [from_parts(row.id, row.head, row.body, row.sig) for row in one.rows(select(OpRow))]


def test_what_waits_for_a_person_ends_an_exchange_of_many_pages_without_an_error(pair: Pair, few: None) -> None:
    hall, barge = pair
    wren, said = _tried_to_erase(hall, barge)
    barge.write_many(wren, 20)
    report = hall.sync_in_pages(barge, 5)
    assert report.held and texts(hall, said) == 4


def test_texts_that_are_missing_keep_nothing_else_out_where_pages_are_small(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    monkeypatch.setattr(exchange, "_BASE32", "2")  # from the first of them on, not from one by chance
    wren = barge.person()
    said = [barge.write(wren, f"Words {n}", body="I do.").id for n in range(8)]
    hall.sync(barge)
    lose(hall, said)
    barge.write_many(wren, 8)
    report = hall.sync_in_pages(barge, 5)
    assert (report.late, report.came) == (5, 8) and hall.ids() == barge.ids()
    assert hall.sync(barge).late == 3
