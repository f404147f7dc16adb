"""What is kept for a while only."""

import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.people import delays, links, sessions, upkeep
from partnernet.people.model import Attempt, Link, SessionRow
from tests.factories import make_account

DAY = 86_400


def left(session: Session) -> list[int]:
    """How many sessions, links and failures there are."""
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (SessionRow, Link, Attempt)]


def test_what_has_ended_is_deleted_in_its_time_and_no_sooner(session: Session) -> None:
    josie = make_account(session)
    with time_machine.travel(1_790_000_000, tick=False) as clock:
        sessions.start(session, josie.id)
        links.invite(session, name="Sam Reed", email="sam@example.org")
        delays.note_failure(session, josie.email, None)
        counted = []
        for days in (0.9, 0.2, 42, 2, 16):
            clock.shift(days * DAY)
            upkeep.sweep(session)
            commit(session)
            counted.append(left(session))
    assert counted == [[1, 1, 1], [1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
