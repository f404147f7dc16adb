"""Time: milliseconds in the ledger, aware UTC elsewhere."""

import time
from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

DAY = 86_400_000
"""Milliseconds."""


def now_ms() -> int:
    """The wall clock in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC time of a ledger stamp; stamps outside the calendar are pinned to its edge."""
    return datetime.fromtimestamp(min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999) / 1000, UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware time."""
    if moment.tzinfo is None:
        raise ValueError("a naive time has no place on the time line")
    return round(moment.timestamp() * 1000)


def day_ms(day: date) -> int:
    """Milliseconds since 1970 at the start of a day, UTC."""
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=UTC))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time, kept as milliseconds; naive times are refused at the column."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)
