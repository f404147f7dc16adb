"""Dates in words, in the reader's language and zone, with the exact time at hand."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date
from flask import g, has_request_context, request
from markupsafe import Markup

from partnernet.core.time import DAY, from_ms
from partnernet.core.words import _
from partnernet.web.language import language, locale_of

ZONE_COOKIE = "zone"
"""Where a browser says in which zone it is; a page that nobody has told of one speaks UTC."""

FULL, SHORT, SHORT_WITH_YEAR, LABEL, MONTH, WEEKDAY = (
    "EEEE d MMMM y", "d MMMM", "d MMMM y", "d MMM", "MMMM y", "EEEE",
)  # fmt: skip
HOUR = "%H:%M"


def time_tag(value: Any, style: str = "day", *, after: Any = None) -> Markup:
    """A time as an element: in words of the given style, exact for machines and on hovering.

    Styles: day (Monday 2 March 2026), short (2 March), near (today, yesterday, Friday, else as short),
    near_moment (the same with the hour, where it is near), moment (Monday 2 March 2026, 14:10).
    `after`: a near_moment that was said just before: of the same day, only the hour is said, or nothing.
    """
    at = _moment(value)
    words = {"day": day, "short": day_short, "near": near, "near_moment": near_moment, "moment": moment}[style](at)
    if after is not None and _moment(after).date() == at.date():
        if words == near_moment(after):
            return Markup()
        words = at.strftime(HOUR)
    exact = at.astimezone(UTC).isoformat()[:19]
    return Markup('<time datetime="{}Z" title="{}">{}</time>').format(exact, moment(at), words)


def day(value: Any) -> str:
    """A date in words: Monday 2 March 2026."""
    return _words(_moment(value).date(), FULL, language())


def day_short(value: Any) -> str:
    """A date in few words: 2 March, with the year where it is another one."""
    on = _moment(value).date()
    return _words(on, SHORT if on.year == today().year else SHORT_WITH_YEAR, language())


def day_label(value: Any) -> str:
    """A date in a drawing, where there is no room for more: 2 Mar."""
    return _words(_moment(value).date(), LABEL, language())


def near(value: Any) -> str:
    """A date as one says it: today, yesterday, Friday; from a week ago on as `day_short`."""
    on = _moment(value).date()
    ago = (today() - on).days
    if ago in (0, 1):
        return _("yesterday") if ago else _("today")
    return _words(on, WEEKDAY, language()) if 1 < ago < 7 else day_short(value)


def near_moment(value: Any) -> str:
    """The same with the hour, as long as it is near: yesterday, 14:10."""
    at = _moment(value)
    if not timedelta(0) <= today() - at.date() < timedelta(7):
        return day_short(at)
    return _with_hour(near(at), at)


def moment(value: Any) -> str:
    """A date and time in words: Friday 6 March 2026, 14:10."""
    at = _moment(value)
    return _with_hour(day(at), at)


def month(value: Any) -> str:
    """A month in words: March 2026."""
    return _words(_moment(value).date(), MONTH, language())


def iso(value: Any) -> str:
    """The time for a machine."""
    return _moment(value).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def today() -> date:
    """The day that it is for the reader."""
    return datetime.now(zone()).date()


def zone() -> tzinfo:
    """The zone of the reader, as their browser says it."""
    if not has_request_context():
        return UTC
    if "zone" not in g:
        g.zone = _zone(request.cookies.get(ZONE_COOKIE, ""))
    found: tzinfo = g.zone
    return found


@lru_cache(maxsize=600)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name and len(name) < 60 else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):  # made up, or not known on this machine
        return UTC


@lru_cache(maxsize=4_096)
def _words(on: date, pattern: str, code: str) -> str:
    return format_date(on, pattern, locale_of(code))


def _with_hour(words: str, at: datetime) -> str:
    hour = at.strftime(HOUR)
    return _("%(day)s, %(time)s", day=words, time=hour)


def _moment(value: Any) -> datetime:
    """A time in the reader's zone. A date alone, or midnight UTC, which stands for one, is that day anywhere."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time(), zone())
    if value % DAY == 0:
        return from_ms(value).replace(tzinfo=zone())
    try:
        return from_ms(value).astimezone(zone())
    except OverflowError:  # at the very edge of the calendar, where no other zone has a day
        return from_ms(value)
