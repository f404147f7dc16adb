"""Growing delays: who guesses wrongly waits longer each time, and nobody is ever locked out.

One delay goes with the e-mail address and is short, since others could cause it; one goes with the
address of the machine that asks. Both are rows, so that every process knows them.
"""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import upsert, write
from partnernet.core.errors import TooSoon
from partnernet.core.time import now_ms
from partnernet.core.words import plural
from partnernet.people.model import Attempt

SECOND = 1_000
MEMORY = 24 * 3_600 * SECOND
"""How long a failure is remembered."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures are free, and how long the longest delay is in seconds."""

    free: int
    longest: int

    def delay(self, failures: int) -> int:
        """Seconds to wait after so many failures: 2, 4, 8 … once the free ones are used up."""
        over = failures - self.free
        return 0 if over < 0 else min(2 ** min(over + 1, 30), self.longest)


BY_EMAIL = Patience(free=4, longest=60)
BY_MACHINE = Patience(free=20, longest=900)


def check(session: Session, email: str, machine: str | None) -> None:
    """Raise TooSoon while a delay for this address or this machine runs."""
    keys = list(_keys(email, machine))
    until = max(session.scalars(select(Attempt.until).where(Attempt.key.in_(keys))), default=0)
    left = until - now_ms()
    if 0 < left <= BY_MACHINE.longest * SECOND:  # a clock that was set back delays nobody for longer
        seconds = -(-left // SECOND)
        raise TooSoon(_in_words(seconds), seconds)


def note_failure(session: Session, email: str, machine: str | None) -> None:
    """Remember that signing in has failed, and forget what is old."""
    sweep(session)
    now = now_ms()
    keys = _keys(email, machine)
    before = {row.key: row.failures for row in session.scalars(select(Attempt).where(Attempt.key.in_(list(keys))))}
    rows = []
    for key, patience in keys.items():
        failures = before.get(key, 0) + 1
        until = now + patience.delay(failures) * SECOND
        rows.append({"key": key, "failures": failures, "last": now, "until": until})
    upsert(session, Attempt.__table__, rows)


def sweep(session: Session) -> None:
    """Delete what is older than a day, or from a day that is still to come."""
    write(session)
    now = now_ms()
    session.execute(delete(Attempt).where((Attempt.last < now - MEMORY) | (Attempt.last > now + MEMORY)))


def forget(session: Session, email: str) -> None:
    """Forget the failures of an address: its owner has signed in, or left."""
    write(session)
    session.execute(delete(Attempt).where(Attempt.key == _key("email", email)))


def _keys(email: str, machine: str | None) -> dict[str, Patience]:
    keys = {_key("email", email): BY_EMAIL}
    if machine and not _is_this_machine(machine):
        keys[_key("machine", machine)] = BY_MACHINE
    return keys


def _key(sort: str, value: str) -> str:
    return sha256(f"{sort}:{value}".encode()).hexdigest()


def _is_this_machine(machine: str) -> bool:
    """A proxy on this machine that does not say for whom it asks speaks for everybody."""
    try:
        return ip_address(machine).is_loopback
    except ValueError:
        return False


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return plural(
            "That was tried too often. Please wait one second, then try again.",
            "That was tried too often. Please wait %(count)s seconds, then try again.",
            seconds,
        )
    return plural(
        "That was tried too often. Please wait one minute, then try again.",
        "That was tried too often. Please wait %(count)s minutes, then try again.",
        -(-seconds // 60),
    )
