"""Front matter that is written: YAML in which every text is quoted, so that it is valid whatever the text holds."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from partnernet.core.time import from_ms

FENCE = "---"

_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML allows in quotation marks only when it is escaped, beside what JSON escapes anyhow."""


class Plain(str):
    """Characters that stand in the front matter as they are: a time, which other programs know as one."""


def written(values: Mapping[str, Any]) -> str:
    """Names and values as a block of front matter, with the fences; what says nothing is left out."""
    lines = [f"{name}: {scalar(value)}" for name, value in values.items() if value not in ("", None, [], {})]
    return "\n".join([FENCE, *lines, FENCE, ""])


def scalar(value: Any) -> str:
    """One value, on one line."""
    if isinstance(value, Plain):
        return value
    if isinstance(value, Mapping):
        return "{" + _joined(f"{quoted(str(name))}: {scalar(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Iterable):
        return "[" + _joined(scalar(inner) for inner in value) + "]"
    return json.dumps(value)


def quoted(text: str) -> str:
    """A text in double quotation marks, which YAML and JSON read alike."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def moment(milliseconds: int) -> Plain:
    """A time as ISO 8601, in UTC, to the millisecond."""
    return Plain(iso(milliseconds))


def iso(milliseconds: int) -> str:
    """A time as ISO 8601, in UTC, to the millisecond."""
    whole = from_ms(milliseconds - milliseconds % 1000)
    return f"{whole.isoformat(timespec='seconds')[:19]}.{milliseconds % 1000:03d}Z"


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)
