"""Front matter that is read: YAML from anywhere, taken as words and lists of words, whatever stands in it."""

from typing import Any

import yaml

EVENTS_LIMIT = 5_000
DEPTH_LIMIT = 6

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read(block: str) -> dict[str, Any] | None:
    """The names and values of a block; None where it is no plain YAML, or refers to itself.

    Values are strings, lists and mappings of them: nothing is made of a date or a number, nothing is
    multiplied by aliases, and no type of Python is named.
    """
    try:
        value = _built(yaml.parse(block, Loader=_LOADER))
    except (yaml.YAMLError, _NotPlain, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def words(value: Any) -> str:
    """A value as one piece of text."""
    if isinstance(value, list):
        return ", ".join(part for part in map(words, value) if part)
    return value if isinstance(value, str) else ""


def several(value: Any) -> list[str]:
    """A value as a list of words: a list as it is, or words with commas between them."""
    parts = value if isinstance(value, list) else words(value).strip("[]").split(",")
    return [word for part in parts if (word := words(part).strip(" \"'"))]


class _NotPlain(Exception):
    """It is more than names and values."""


def _built(events: Any) -> Any:
    """The value of the one document that some events tell of; without recursion, within limits."""
    root: list[Any] = []
    open_ones: list[Any] = [root]
    names: list[Any] = [None]
    for n, event in enumerate(events):
        if n > EVENTS_LIMIT or len(open_ones) > DEPTH_LIMIT or isinstance(event, yaml.AliasEvent):
            raise _NotPlain()
        if isinstance(event, yaml.ScalarEvent):
            _put(open_ones[-1], names, event.value)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            made: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            _put(open_ones[-1], names, made)
            open_ones.append(made)
            names.append(None)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            open_ones.pop()
            names.pop()
    if len(root) != 1:
        raise _NotPlain()
    return root[0]


def _put(inside: Any, names: list[Any], value: Any) -> None:
    if isinstance(inside, list):
        inside.append(value)
    elif names[-1] is None:
        if not isinstance(value, str):
            raise _NotPlain()
        names[-1] = value
    else:
        inside.setdefault(names[-1], value)
        names[-1] = None
