"""Quotas: what is over them waits outside, is told, and comes in day by day."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from partnernet.core.db import commit
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import Intake
from partnernet.core.time import DAY, now_ms
from partnernet.nodes import alarms, known, quotas
from partnernet.nodes.quarantine import take_what_waits
from tests.exchange.places import Place


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No day ends within a test."""
    with time_machine.travel(datetime.now(UTC).replace(hour=12)):
        yield


def welcome(barge: Place, hall: Place, **quota: int) -> None:
    known.hear_of(barge.session, [hall.node.id])
    known.grant(barge.session, hall.node.id, reads=[], writes=["public", "network"])
    known.limit(barge.session, hall.node.id, quota)
    commit(barge.session)


def test_what_comes_in_is_counted_by_day_and_in_all(hall: Place, barge: Place) -> None:
    welcome(barge, hall)
    barge.take(hall.export("out.pn.zip"), admitting=())
    rows = barge.session.execute(select(Intake.day, Intake.ops)).all()
    assert sorted(rows) == [(0, 9), (now_ms() // DAY, 9)]
    left = quotas.left(barge.session, [hall.node.id])[hall.node.id]
    assert left.ops == quotas.DEFAULTS[quotas.OPS_A_DAY] - 9 and left.bytes < quotas.DEFAULTS[quotas.BYTES_A_DAY]
    barge.write(barge.person("Ash Ferreira"), "Our own")
    assert barge.session.execute(select(Intake.ops)).scalars().all() == [9, 9]


def test_what_is_over_the_quota_waits_and_is_told(hall: Place, barge: Place) -> None:
    welcome(barge, hall, ops_a_day=4)
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and (receipt["ops"], receipt["waiting"]) == (4, 5)
    (told,) = alarms.unseen(barge.session)
    assert told.node == hall.node.id and "more came" in told.what.lower()
    take_what_waits(barge.session)
    commit(barge.session)
    assert known.find(barge.session, hall.node.id).waiting == 5


def test_the_rest_comes_in_day_by_day(hall: Place, barge: Place) -> None:
    welcome(barge, hall, ops_a_day=4)
    barge.take(hall.export("out.pn.zip"), admitting=())
    for day in (1, 2):
        with time_machine.travel(now_ms() / 1000 + day * 86_400, tick=False):
            take_what_waits(barge.session)
            commit(barge.session)
    assert known.find(barge.session, hall.node.id).waiting == 0
    assert barge.titles() == hall.titles() and barge.have() == hall.have()


def test_bytes_are_limited_as_well_and_in_all(hall: Place, barge: Place) -> None:
    welcome(barge, hall, bytes=2_500)
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and 0 < receipt["ops"] < 9 and receipt["ops"] + receipt["waiting"] == 9
    with time_machine.travel(now_ms() / 1000 + 86_400, tick=False):
        take_what_waits(barge.session)
        commit(barge.session)
    assert known.find(barge.session, hall.node.id).waiting > 0


def test_lists_that_the_network_has_not_signed_come_in_by_the_thousand_at_most(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a network's lists are read whenever one arrives, so nobody may heap them up."""
    monkeypatch.setattr(quotas, "DOCUMENTS", 3)
    welcome(barge, hall)
    for n in range(5):
        made = membership.document(hall.node.key, "n" * 52, n, [])
        log.append(hall.session, NodeItself(hall.node), "membership", "public", made, ent="n" * 52)
    commit(hall.session)
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and (receipt["ops"], receipt["waiting"]) == (9 + 3, 2)
    assert [told.node for told in alarms.unseen(barge.session)] == [hall.node.id]
    take_what_waits(barge.session)
    commit(barge.session)
    assert known.find(barge.session, hall.node.id).waiting == 2


def test_a_server_that_is_not_let_in_any_more_stays_outside(hall: Place, barge: Place) -> None:
    welcome(barge, hall, ops_a_day=4)
    barge.take(hall.export("out.pn.zip"), admitting=())
    known.grant(barge.session, hall.node.id, reads=[], writes=[])
    known.limit(barge.session, hall.node.id, {})
    take_what_waits(barge.session)
    commit(barge.session)
    assert known.find(barge.session, hall.node.id).waiting == 5
