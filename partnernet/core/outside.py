"""JSON from outside: read so strictly that whatever is taken can be kept, shown and written again."""

import json
from typing import Any, NoReturn

from partnernet.core.errors import BadBundle
from partnernet.core.ledger.canonical import DEPTH_LIMIT, INTEGER_LIMIT
from partnernet.core.words import _

VALUES_LIMIT = 400_000
"""Brackets and commas in one text: a bound on the memory that parsing takes."""


def strict_json(text: bytes, what: str) -> Any:
    """Parse JSON from outside, refusing doubled keys, fractions, and what no reader could follow or write again."""
    try:
        if sum(text.count(sign) for sign in (b"[", b"{", b",")) > VALUES_LIMIT:
            raise ValueError("more values than would be read")
        value = json.loads(text.decode(), object_pairs_hook=_pairs, parse_float=_refuse, parse_constant=_refuse)
        _check(value)
        return value
    except (ValueError, RecursionError) as error:
        if isinstance(error, _Doubled):
            raise BadBundle(
                _("%(what)s is not JSON of the form it should have: a key stands in it twice.", what=what)
            ) from error
        raise BadBundle(_("%(what)s is not JSON of the form it should have.", what=what)) from error


class _Doubled(ValueError):
    """A key that stands twice in one object."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Doubled("a key stands in it twice")
    return value


def _check(value: object, depth: int = 1) -> None:
    """Hold JSON to what may stand in a line, but for its keys, which may be any text."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("a text that cannot be written again")
    elif isinstance(value, dict | list):
        if depth > DEPTH_LIMIT:
            raise ValueError("nested too deeply")
        for item in value if isinstance(value, list) else (*value, *value.values()):
            _check(item, depth + 1)
    elif isinstance(value, int) and not -INTEGER_LIMIT < value < INTEGER_LIMIT:
        raise ValueError("a number that is too large")


def _refuse(text: str) -> NoReturn:
    raise ValueError("a number with a fraction")
