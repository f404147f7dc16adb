"""Alarms: raised once while nobody has seen them, in sentences with what to do."""

import pytest
from sqlalchemy import func, select

from partnernet.core.db import commit
from partnernet.nodes import alarms
from partnernet.nodes.model import Alarm
from tests.exchange.places import Place


@pytest.mark.parametrize("kind", sorted(alarms.SENTENCES))
def test_every_alarm_says_what_was_seen_and_what_to_do(hall: Place, kind: str) -> None:
    alarms.raise_alarm(hall.session, kind, "c" * 52, count=60, waiting=3, version=4)
    commit(hall.session)
    (told,) = alarms.unseen(hall.session)
    assert told.what.endswith(".") and told.do.endswith(".") and told.at and told.node == "c" * 52


def test_an_alarm_is_raised_once_until_it_is_seen(hall: Place) -> None:
    for _ in range(3):
        alarms.raise_alarm(hall.session, alarms.QUOTA, "c" * 52, waiting=3)
    alarms.raise_alarm(hall.session, alarms.QUOTA, "d" * 52, waiting=3)
    alarms.raise_alarm(hall.session, alarms.RESTORED)
    alarms.raise_alarm(hall.session, alarms.RESTORED)
    commit(hall.session)
    assert [told.node for told in alarms.unseen(hall.session)] == [None, "d" * 52, "c" * 52]
    alarms.see(hall.session, [told.id for told in alarms.unseen(hall.session)])
    commit(hall.session)
    assert alarms.unseen(hall.session) == []
    alarms.raise_alarm(hall.session, alarms.RESTORED)
    commit(hall.session)
    assert len(alarms.unseen(hall.session)) == 1 and hall.session.scalar(select(func.count(Alarm.id))) == 4


def test_an_alarm_of_a_later_version_is_shown_all_the_same(hall: Place) -> None:
    alarms.raise_alarm(hall.session, "flood")
    commit(hall.session)
    assert [told.what for told in alarms.unseen(hall.session)] == ["flood"]


def test_nobody_is_buried_in_alarms(hall: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(alarms.OF_SERVER + 3):
        alarms.raise_alarm(hall.session, alarms.ERASURES, "c" * 52, count=n)
    assert hall.session.scalar(select(func.count(Alarm.id))) == alarms.OF_SERVER
    for n in range(alarms.OF_KIND):
        alarms.raise_alarm(hall.session, alarms.ERASURES, f"{n:052}", count=n)
    assert hall.session.scalar(select(func.count(Alarm.id))) == alarms.OF_KIND
    alarms.raise_alarm(hall.session, alarms.RESTORED)
    assert hall.session.scalar(select(func.count(Alarm.id))) == alarms.OF_KIND + 1


def test_alarms_that_were_seen_long_ago_go(hall: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "KEPT", 3)
    for n in range(9):
        alarms.raise_alarm(hall.session, alarms.FORK, version=n)
        if n:
            alarms.see(hall.session, [told.id for told in alarms.unseen(hall.session) if "number 0" not in told.what])
    kept = hall.session.scalars(select(Alarm.detail).order_by(Alarm.id)).all()
    assert [detail["version"] for detail in kept] == [0, 6, 7, 8]
