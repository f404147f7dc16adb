"""Growing delays, and never a lockout."""

from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.errors import TooSoon
from partnernet.people import delays
from partnernet.people.model import Attempt

EMAIL, MACHINE = "josie@example.org", "192.0.2.7"
START = 1_790_000_000


def fail(session: Session, times: int, email: str = EMAIL, machine: str | None = None) -> None:
    for _ in range(times):
        delays.note_failure(session, email, machine)
    commit(session)


def wait(session: Session, email: str = EMAIL, machine: str | None = None) -> int:
    """How long one has to wait, in seconds."""
    try:
        delays.check(session, email, machine)
    except TooSoon as error:
        return error.seconds
    return 0


@pytest.fixture(autouse=True)
def still_clock() -> Any:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def test_the_first_failures_cost_nothing(session: Session) -> None:
    fail(session, delays.BY_EMAIL.free - 1)
    assert wait(session) == 0


def test_then_each_doubles_the_delay_up_to_a_minute(session: Session) -> None:
    fail(session, delays.BY_EMAIL.free - 1)
    waits = []
    for _ in range(7):
        fail(session, 1)
        waits.append(wait(session))
    assert waits == [2, 4, 8, 16, 32, 60, 60]


def test_a_delay_ends(session: Session, still_clock: Any) -> None:
    fail(session, 100)
    assert wait(session) == 60
    still_clock.shift(60)
    assert wait(session) == 0


def test_another_address_is_not_delayed(session: Session) -> None:
    fail(session, 30)
    assert wait(session, "samira@example.org") == 0


def test_a_machine_that_tries_many_addresses_is_delayed(session: Session) -> None:
    for n in range(delays.BY_MACHINE.free):
        fail(session, 1, f"person{n}@example.org", MACHINE)
    assert wait(session, "new@example.org", MACHINE) == 2
    assert wait(session, "new@example.org", "192.0.2.8") == 0


def test_a_proxy_on_this_machine_does_not_delay_everybody(session: Session) -> None:
    for n in range(delays.BY_MACHINE.free + 5):
        fail(session, 1, f"person{n}@example.org", "127.0.0.1")
    assert wait(session, "new@example.org", "127.0.0.1") == 0


def test_signing_in_forgets_the_failures(session: Session) -> None:
    fail(session, 10)
    delays.forget(session, EMAIL)
    commit(session)
    assert wait(session) == 0


def test_a_clock_that_was_set_back_delays_nobody_for_long(session: Session, still_clock: Any) -> None:
    fail(session, 10)
    still_clock.shift(-365 * 86_400)
    assert wait(session) == 0


def test_failures_are_forgotten_after_a_day_and_their_rows_deleted(session: Session, still_clock: Any) -> None:
    fail(session, 3, "old@example.org", MACHINE)
    still_clock.shift(delays.MEMORY / 1000 + 1)
    fail(session, 1)
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_addresses_are_kept_as_hashes_only(session: Session) -> None:
    fail(session, 1, EMAIL, MACHINE)
    keys = session.scalars(select(Attempt.key)).all()
    assert len(keys) == 2
    assert not any(EMAIL in key or MACHINE in key for key in keys)
