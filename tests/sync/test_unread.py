"""What a later program wrote: kept outside as it came, not passed on, and not asked for again by this program."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from partnernet.core.db import commit, db, insert_rows, table_of, write
from partnernet.core.ledger import canonical, log
from partnernet.core.ledger.op import PREFIX, join
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.nodes import quarantine
from partnernet.sync import brought
from tests.exchange.nodes import words
from tests.sync.stations import Station, browser, introduce

Pair = tuple[Station, Station]


def of_a_later_format(one: Station, numbers: Sequence[int], **more: Any) -> list[bytes]:
    """Have a server hold what a later program wrote there: lines of the format 2."""
    lines = []

    def keep() -> None:
        write()
        for number in numbers:
            place = {"node": one.key, "inc": one.node.inc, "log": "network", "seq": number} | more
            head = {**place, "v": 2, "mood": "calm"}
            raw = sha256(canonical.checked(head)).digest()
            op_id, sig = canonical.to_base32(raw), one.node.key.sign(PREFIX + raw)
            row = {
                **place, "id": op_id, "thing": op_id, "kind": "later", "relies_on": None, "sig": sig,
                "head": canonical.checked(head), "body": None,
            }  # fmt: skip
            insert_rows(db.session(), table_of(OpRow), [row])
            log.note_held(db.session(), [(place["node"], place["inc"], "network", number, op_id)])
            lines.append(join(op_id, row["head"], None, sig))
        commit()

    one.inside(keep)
    return lines


@pytest.mark.parametrize("way", ["pull", "push"])
def test_it_is_kept_whole_outside_and_asked_for_once(pair: Pair, way: str) -> None:
    hall, barge = pair
    barge.write(barge.person(), "In a format that everybody reads")
    lines = of_a_later_format(barge, range(3, 33))

    def exchange() -> Any:
        return hall.sync(barge) if way == "pull" else barge.sync(hall)

    first, second = exchange(), exchange()

    assert sorted(hall.rows(select(Quarantined.line))) == sorted(lines)
    assert hall.count(OpRow) == 2
    assert (first.came, first.waiting) == ((2, 30) if way == "pull" else (0, 0))
    assert (second.came, second.went, second.waiting, second.trips) == (0, 0, 0, 2)
    assert second.received + second.sent < 4_000, "what is kept does not come again"
    barge.write(barge.person("Bea Thorne"), "Said afterwards")
    assert max((third := exchange()).came, third.went) == 2 and third.trips <= 4


def test_another_program_asks_anew(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    of_a_later_format(barge, [1, 2])
    hall.sync(barge)
    hall.inside(lambda: (quarantine.discard(db.session(), barge.key), commit()))
    assert hall.sync(barge).waiting == 0
    monkeypatch.setattr(brought, "PROGRAM", "a later one")
    assert hall.sync(barge).waiting == 2
    assert hall.sync(barge).waiting == 0


def test_it_is_not_passed_on_and_said_to_nobody(pair: Pair, station: Any) -> None:
    hall, barge = pair
    pier = station("pier")
    introduce(hall, pier)
    pier.know(barge)
    of_a_later_format(barge, [1])
    hall.sync(barge)
    assert hall.sync(pier).went == 0 and hall.have() == {} and not pier.count(Quarantined)
    assert "1 statement of it waits outside" in words(browser(hall).get(f"/exchange/servers/{barge.key}"))


def test_who_brings_it_decides_what_they_are_not_asked_for_and_nothing_else(pair: Pair, station: Any) -> None:
    """Whoever makes up lines of a later format under the numbers of another keeps nobody from asking for those."""
    hall, barge = pair
    pier = station("pier")
    introduce(hall, pier)
    introduce(barge, pier)
    said = pier.write(pier.person(), "By the pier")
    of_a_later_format(barge, [1, 2], node=pier.key, inc=pier.node.inc)
    assert hall.sync(barge).waiting == 2
    hall.sync(pier)
    assert said.id in hall.ids()


@pytest.mark.parametrize("head", [{"seq": 0}, {"seq": "1"}, {"seq": 1 << 53}, {"inc": "x"}, {"log": 7}, {"v": True}])
def test_what_stands_under_no_number_that_is_known_is_not_remembered(head: dict[str, Any]) -> None:
    plain = {"v": 2, "node": "a" * 52, "inc": "b" * 26, "log": "network", "seq": 1}
    assert brought._unread({}, [plain | head]) == {}
    assert {place: str(numbers) for place, numbers in brought._unread({}, [plain]).items()} == {
        f"{'a' * 52}/{'b' * 26}/network": "1"
    }


def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    heads = [{"v": 2, "node": "a" * 52, "inc": "b" * 26, "log": "network", "seq": n} for n in range(1, 99, 2)]
    monkeypatch.setattr(brought, "UNREAD_LIMIT", 100)
    few = brought._unread({}, heads[:3])
    assert few and brought._unread(few, heads) == few
