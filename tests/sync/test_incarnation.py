"""Servers that were restored from a backup, or copied: nothing is lost, numbers are not given twice, and it is said."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.ledger.tables import OpRow
from partnernet.nodes import alarms as alarms_of
from partnernet.nodes.model import Alarm
from partnernet.sync.client import Client
from tests.sync.callers import calling, known
from tests.sync.stations import Station, introduce

Pair = tuple[Station, Station]
ON_FILES = pytest.mark.skipif("PARTNERNET_TEST_DATABASE_URL" in os.environ, reason="it puts a file back")


def put_back(hall: Station, old: str) -> None:
    """Put an old copy of the database back by hand, under a server that knows nothing of it."""
    hall.inside(lambda: db.engine.dispose())
    for end in ("", "-wal", "-shm"):
        (hall.folder / f"partnernet.db{end}").unlink(missing_ok=True)
    shutil.copyfile(hall.folder / old, hall.folder / "partnernet.db")


def keep(hall: Station, name: str) -> None:
    def copy() -> None:
        db.session.rollback()
        connection = db.engine.raw_connection()
        connection.execute(f"vacuum into '{hall.folder / name}'")  # type: ignore[attr-defined]
        connection.close()

    hall.inside(copy)


def alarms(one: Station) -> set[tuple[str, str | None]]:
    return {(row.kind, row.node) for row in one.rows(select(Alarm))}


def look(hall: Station) -> None:
    """A steward marks all alarms as seen."""

    def mark() -> None:
        alarms_of.see(db.session(), db.session.scalars(select(Alarm.id)).all())
        commit()

    hall.inside(mark)


@ON_FILES
def test_a_server_that_was_put_back_takes_a_new_incarnation_and_gets_its_own_words_again(pair: Pair) -> None:
    hall, barge = pair
    josie = hall.person()
    hall.write(josie, "Before the backup")
    keep(hall, "old.db")
    lost = [hall.write(josie, f"After the backup {n}").id for n in range(3)]
    gone = hall.write(josie, "A secret", body="The canary sings.")
    hall.sync(barge)
    before = hall.node.inc
    put_back(hall, "old.db")
    assert not set(lost) & hall.ids()

    report = hall.sync(barge)

    assert report.came == 4 and {*lost, gone.id} <= hall.ids()
    assert hall.node.inc != before
    assert alarms(hall) == {("restored", None)}
    fresh = hall.write(josie, "Written since")
    assert (fresh.h["inc"], fresh.h["seq"]) == (hall.node.inc, 1)
    hall.sync(barge)
    assert hall.have() == barge.have() and not alarms(barge)


@ON_FILES
def test_it_is_found_out_as_well_by_whoever_is_called(pair: Pair) -> None:
    hall, barge = pair
    josie = hall.person()
    keep(hall, "old.db")
    lost = hall.write(josie, "After the backup")
    hall.sync(barge)
    before = hall.node.inc
    put_back(hall, "old.db")
    barge.sync(hall)
    assert hall.node.inc != before and lost.id in hall.ids()
    assert alarms(hall) == {("restored", None)}


@ON_FILES
@pytest.mark.parametrize("caller", ["restored", "other"])
def test_numbers_that_were_given_twice_are_sorted_out_by_ids(pair: Pair, caller: str) -> None:
    hall, barge = pair
    josie = hall.person()
    keep(hall, "old.db")
    first = hall.write(josie, "Number two, the first time")
    hall.sync(barge)
    put_back(hall, "old.db")
    second = hall.write(josie, "Number two, the second time")
    assert first.h["seq"] == second.h["seq"] and first.h["inc"] == second.h["inc"]

    hall.sync(barge) if caller == "restored" else barge.sync(hall)

    assert {first.id, second.id} <= hall.ids() & barge.ids()
    assert hall.have() == barge.have()
    assert hall.node.inc != second.h["inc"]
    assert ("restored", None) in alarms(hall) and ("copied", hall.key) in alarms(barge)
    titles = {row.title for row in barge.rows(select(Entry).where(Entry.kind == "discussion"))}
    assert titles == {"Number two, the first time", "Number two, the second time"}
    again = barge.sync(hall)
    assert (again.came, again.went) == (0, 0)


@ON_FILES
def test_rights_that_are_taken_away_while_ids_are_compared_hold_at_once(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    josie, ids = hall.person(), Client.ids
    keep(hall, "old.db")
    hall.write(josie, "Number two, the first time")
    hall.sync(barge)
    put_back(hall, "old.db")
    second = hall.write(josie, "Number two, the second time")

    def decide(client: Client, *given: Any) -> Any:
        hall.know(barge, reads=["public"])
        return ids(client, *given)

    monkeypatch.setattr(Client, "ids", decide)
    hall.sync(barge)
    assert second.id not in barge.ids()


@ON_FILES
def test_a_server_that_runs_twice_loses_nothing_and_both_begin_anew(
    pair: Pair, station: Callable[[str], Station]
) -> None:
    hall, barge = pair
    josie = hall.person()
    hall.write(josie, "Before the copy")
    hall.sync(barge)
    keep(hall, "copy.db")
    (hall.folder.parent / "twin").mkdir()
    for name in ("node.key", "node-state.json"):
        shutil.copyfile(hall.folder / name, hall.folder.parent / "twin" / name)
    shutil.copyfile(hall.folder / "copy.db", hall.folder.parent / "twin" / "partnernet.db")
    twin = station("twin")
    # Where both run at the same place of two machines that are alike, neither sees that it was copied.
    twin.app.extensions["partnernet.node"] = replace(twin.node, inc=hall.node.inc)
    introduce(twin, barge)
    here = [hall.write(josie, f"Said here {n}").id for n in range(3)]
    there = [twin.write(josie, f"Said there {n}").id for n in range(3)]

    for one in (hall, twin, hall, twin):
        one.sync(barge)

    assert {*here, *there} <= hall.ids() & twin.ids() & barge.ids()
    assert hall.ids() == twin.ids() == barge.ids()
    assert len({hall.node.inc, twin.node.inc, barge.node.inc}) == 3
    assert ("copied", hall.key) in alarms(barge)
    for one in (hall, twin):
        assert ("restored", None) in alarms(one)
        written = one.write(josie, "Since then")
        assert written.h["seq"] == 1
    for one in (hall, twin, hall):
        one.sync(barge)
    assert hall.have() == twin.have() == barge.have()


@pytest.mark.parametrize("is_more", [True, False])
def test_what_is_made_up_is_believed_once_until_somebody_has_looked(pair: Pair, is_more: bool) -> None:
    """Numbers that this server never gave, or other statements under those that it gave."""
    hall, _barge = pair
    known(hall)
    client, seen = calling(hall), [hall.node.inc]

    def make_up() -> None:
        place = f"{hall.key}/{hall.node.inc}/public"
        client.have({place: {"r": "1-500" if is_more else hall.have()[place]["r"], "x": "f" * 16}})
        seen.append(hall.node.inc)

    for _turn in range(3):
        hall.write(hall.person(), "Words", "public")
        make_up()
    assert seen[0] != seen[1] == seen[2] == seen[3]
    assert hall.count(Alarm) == 1

    look(hall)
    make_up()
    assert seen[3] != seen[4] and hall.count(Alarm) == 2


@ON_FILES
@pytest.mark.parametrize("caller", ["restored", "other"])
@pytest.mark.parametrize("twice", [False, True])
def test_what_it_signed_itself_is_believed_whatever_was_made_up_before(pair: Pair, caller: str, twice: bool) -> None:
    hall, barge = pair
    josie = hall.person()
    hall.inside(lambda: (alarms_of.raise_alarm(db.session(), alarms_of.RESTORED), commit()))
    keep(hall, "old.db")
    lost = hall.write(josie, "After the backup")
    hall.sync(barge)
    before = hall.node.inc
    put_back(hall, "old.db")
    if twice:
        assert hall.write(josie, "Under the same number").h["seq"] == lost.h["seq"]

    hall.sync(barge) if caller == "restored" else barge.sync(hall)

    assert lost.id in hall.ids() and hall.node.inc != before
    fresh = hall.write(josie, "Written since")
    assert (fresh.h["inc"], fresh.h["seq"]) == (hall.node.inc, 1)
    hall.sync(barge)
    assert hall.have() == barge.have() and fresh.h["inc"] == hall.node.inc


def test_many_ids_are_compared_page_by_page(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty ops whose numbers two servers hold in common, and ten under the same numbers that each lacks."""
    hall, barge = pair
    josie = hall.person()
    hall.write_many(josie, 20)
    hall.sync(barge)
    taken = replace(hall.node)
    hall.write_many(josie, 10, "One way")
    mine = hall.ids()
    with hall.app.app_context():
        db.session.rollback()
    other = barge.app.extensions["partnernet.node"]
    barge.app.extensions["partnernet.node"] = taken  # the key and the incarnation of the other, by foul play
    barge.write_many(josie, 10, "Another way")
    barge.app.extensions["partnernet.node"] = other
    assert hall.have().keys() == barge.have().keys() and hall.have() != barge.have()
    monkeypatch.setattr("partnernet.sync.protocol.IDS", 7)

    hall.sync(barge)

    assert hall.ids() == barge.ids() and mine < hall.ids()
    assert hall.have() == barge.have() and hall.count(OpRow) == 41
