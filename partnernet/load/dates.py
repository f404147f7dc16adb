"""Dates as people write them: in front matter, in the names of files, in the header of a mail."""

import re
from datetime import UTC, date, datetime
from email.utils import mktime_tz, parsedate_tz

from partnernet.load.document import when

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./]?(0[1-9]|1[0-2])[-_./]?(0[1-9]|[12]\d|3[01])(?!\d)")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ _-]+(" + "|".join(MONTHS) + r")[a-z]*\.?,?[ _-]+((?:19|20)\d\d)(?!\d)", re.I
)
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)")


def find(text: str) -> date | None:
    """The first day that a text names: 2014-10-09, 20141009, 9 October 2014 or 9/10/2014."""
    if found := _ISO.search(text):
        return _day(found[1], found[2], found[3])
    if found := _WORDS.search(text):
        return _day(found[3], str(MONTHS.index(found[2].lower()) + 1), found[1])
    if found := _SLASHED.search(text):
        return _day(found[3], found[2], found[1])
    return None


def without(text: str) -> str:
    """A name without the day in it."""
    return _WORDS.sub(" ", _ISO.sub(" ", text))


def milliseconds(text: str) -> int | None:
    """A date in any of the ways above, an ISO time, or a mail's; None where it is none."""
    text = text.strip()[:100]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return mail_date(text) if ":" in text else _noon(find(text))
    if len(text) <= len("2014-10-09"):
        return when(moment.date())
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def mail_date(text: str) -> int | None:
    """The date in the header of a mail; without a zone it is taken as UTC."""
    try:
        parts = parsedate_tz(text)
        return None if parts is None else mktime_tz(parts) * 1000
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _noon(day: date | None) -> int | None:
    return None if day is None else when(day)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
