"""What templates may ask: names of ids, dates in words, permissions, addresses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, get_flashed_messages, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from partnernet.core import policy
from partnernet.core.time import from_ms
from partnernet.web import guard
from partnernet.web.addresses import entry_url
from partnernet.web.static import asset

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Set up the environment of the templates."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        actor=guard.actor, can=can, dom_id=dom_id, asset=asset, url_for=url_for, entry_url=entry_url,
        get_flashed_messages=get_flashed_messages, request=request, query=query, tag_links=tag_links,
        time_tag=time_tag,
        icon_tag=icon_tag,
    )  # fmt: skip
    env.filters.update(day=day, day_short=day_short, moment=moment, iso=iso, month=month, size=size, count=count)
    env.globals["ui"] = env.get_template("ui/macros.html").module


def can(permission: str, thing: Any = None) -> bool:
    """Whether whoever asks may do this."""
    return policy.can(permission, guard.actor(), thing)


def dom_id(thing: Any, part: str = "") -> str:
    """The id of an element: the same in template, target and test."""
    name = f"{thing.kind}-{thing.id[:12]}"
    return f"{name}-{part}" if part else name


def query(**changes: Any) -> str:
    """This page's address with other parameters; None leaves one out."""
    kept = {name: value for name, value in request.args.items() if name not in changes}
    given = {name: value for name, value in changes.items() if value is not None}
    return f"{request.path}?{urlencode(kept | given)}"


def tag_links(tags: Sequence[str]) -> list[dict[str, str]]:
    """Tags with the list that each leads to."""
    plural = request.path.split("/")[1]
    return [{"label": tag, "url": f"/{plural}?{urlencode({'tag': tag})}"} for tag in tags]


@lru_cache(maxsize=128)
def icon_tag(name: str) -> Markup:
    """An icon of the sprite; always with words beside it."""
    use = f'<use href="{asset("icons.svg")}#{escape(name)}"></use>'
    return Markup(f'<svg class="icon" aria-hidden="true" focusable="false">{use}</svg>')  # noqa: S704 - escaped


def time_tag(value: Any, style: str = "day") -> Markup:
    """A time as an element: in words of the given style, exact for machines and on hovering."""
    at = _moment(value)
    exact, full = at.isoformat()[:19], _full(at)
    words = _short(at) if style == "short" else _exact(at) if style == "moment" else full
    return Markup(  # noqa: S704 - made of numbers and the names of days and months alone
        f'<time datetime="{exact}Z" title="{full}, {exact[11:16]}">{words}</time>'
    )


def day(value: Any) -> str:
    """A date in words: Monday 2 March 2026."""
    return _full(_moment(value))


def day_short(value: Any) -> str:
    """A date in few words: 2 March, with the year where it is another one."""
    return _short(_moment(value))


def moment(value: Any) -> str:
    """A date and time in words: Friday 6 March 2026, 14:10."""
    return _exact(_moment(value))


def month(value: Any) -> str:
    """A month in words: March 2026."""
    at = _moment(value)
    return f"{MONTHS[at.month]} {at.year}"


def iso(value: Any) -> str:
    """The time for a machine."""
    return _moment(value).isoformat(timespec="seconds").replace("+00:00", "Z")


def size(number: int) -> str:
    """A file's size in words: 12 MB."""
    for unit, factor in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}".replace(".0 ", " ")
    return f"{number} bytes"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: 1 reply, 2 replies."""
    return f"{number:,} {one if number == 1 else many}"


def _full(at: datetime) -> str:
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month]} {at.year}"


def _short(at: datetime) -> str:
    words = f"{at.day} {MONTHS[at.month]}"
    return words if at.year == datetime.now(UTC).year else f"{words} {at.year}"


def _exact(at: datetime) -> str:
    return f"{_full(at)}, {at:%H:%M}"


def _moment(value: Any) -> datetime:
    if isinstance(value, int):
        return from_ms(value)
    if isinstance(value, str):
        return datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)
    return value  # type: ignore[no-any-return] # the only other thing that templates hold is a datetime
