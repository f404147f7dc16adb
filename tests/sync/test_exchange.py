"""Two servers exchange over the wire what both may have, and agree."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from partnernet.core.db import db
from partnernet.core.entry import Entry
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.log import book as logbook
from partnernet.exchange.model import Handover, ImportBatch, PeerHave, StagedOp
from partnernet.sync.model import Peer
from tests.sync.stations import Station, introduce

Pair = tuple[Station, Station]


def test_both_hold_the_same_after_one_exchange(pair: Pair) -> None:
    hall, barge = pair
    josie, wren = hall.person("Josie Calder"), barge.person("Wren Achebe")
    hall.write_many(josie, 30, "From the hall")
    barge.write_many(wren, 20, "From the barge", "public")

    report = hall.sync(barge)

    assert (report.came, report.went, report.refused) == (21, 31, "")
    assert hall.ids() == barge.ids() and len(hall.ids()) == 52
    assert hall.have() == barge.have()
    assert report.trips == 4
    assert barge.count(Entry, Entry.kind == "discussion") == 50


def test_an_exchange_of_nothing_new_changes_nothing(pair: Pair) -> None:
    hall, barge = pair
    hall.write_many(hall.person(), 3)
    hall.sync(barge)
    before = hall.ids(), barge.ids(), hall.count(ImportBatch), barge.count(ImportBatch)
    again = hall.sync(barge)
    assert (again.came, again.went, again.trips) == (0, 0, 2)
    assert before == (hall.ids(), barge.ids(), hall.count(ImportBatch), barge.count(ImportBatch))
    assert not hall.count(StagedOp) and not barge.count(StagedOp)


def test_more_than_a_page_goes_in_pages(pair: Pair) -> None:
    hall, barge = pair
    hall.write_many(hall.person(), 41)
    barge.write_many(barge.person(), 25)
    report = barge.sync_in_pages(hall, 20)
    assert (report.came, report.went) == (42, 26)
    assert hall.ids() == barge.ids()
    assert report.trips == 6
    assert barge.count(ImportBatch) == 1, "what comes in on one day is one line of the log"


def test_what_went_out_and_what_they_confirm_is_written_down(pair: Pair) -> None:
    hall, barge = pair
    hall.write_many(hall.person(), 5)
    hall.sync(barge)
    (given,) = hall.rows(select(Handover))
    assert (given.to, given.way, given.counts) == (barge.key, "wire", {"ops": 6})
    (heard,) = hall.rows(select(PeerHave))
    assert (heard.node, heard.way, dict(heard.have)) == (barge.key, "wire", barge.have())
    (peer,) = hall.rows(select(Peer))
    assert peer.reached and not peer.error and peer.progress["went"] == 6


@pytest.mark.parametrize("others", [False, True], ids=["one way", "both ways"])
def test_right_after_an_exchange_each_knows_what_the_other_has_of_what_it_gave(pair: Pair, others: bool) -> None:
    hall, barge = pair
    hall.write_many(hall.person(), 40)
    if others:
        barge.write_many(barge.person(), 37)
    for _again in range(2):
        report = hall.sync(barge)
        assert report.trips <= 4
        for one, count in ((hall, 41), *([(barge, 38)] if others else [])):
            other = barge if one is hall else hall
            assert sent(one) == [f"Sent to {other.folder.name}: {count} things. They have confirmed all of it."]
    barge.write_many(barge.person("Bea Thorne"), 2)
    hall.sync(barge)
    assert sent(barge)[-1].endswith("They have confirmed all of it.")


def test_a_third_hand_passes_on_what_it_did_not_write(station: Callable[[str], Station]) -> None:
    hall, barge, pier = station("hall"), station("barge"), station("pier")
    introduce(hall, barge)
    introduce(barge, pier)
    pier.know(hall)
    said = hall.write(hall.person(), "Who brings the lantern?")
    hall.sync(barge)
    pier.sync(barge)
    assert said.id in pier.ids()


def test_what_was_erased_is_erased_everywhere_and_stays_so(pair: Pair) -> None:
    hall, barge = pair
    josie = hall.person()
    said = hall.write(josie, "A secret", body="The canary sings.")
    barge.sync(hall)
    hall.redact(josie, said.id)
    barge.sync(hall)
    hall.sync(barge)
    for one in pair:
        assert one.rows(select(OpRow.body).where(OpRow.id == said.id)) == [None]


def sent(one: Station) -> list[str]:
    """What the log says of what went out."""
    found = one.inside(lambda: logbook.lines(db.session(), one.node, None))[0]
    return [line.said for line in found if line.made]
