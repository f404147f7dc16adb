"""The words that people read: each sentence is written in English where it is used, and shown in their language.

The kernel knows no request: the web side says once, by `speak`, which translations hold while it answers
one. On the command line, where nobody did, sentences stay as they are written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from babel.support import LazyProxy

One = Callable[[str], str]
Many = Callable[[str, str, int], str]


@dataclass(slots=True)
class Voice:
    """How a sentence, and one with a number in it, are translated."""

    one: One
    many: Many


_voice = Voice(lambda text: text, lambda one, many, n: one if n == 1 else many)


def speak(one: One, many: Many) -> None:
    """Translate by these from now on; each looks at the request it is called in."""
    _voice.one, _voice.many = one, many


def _(sentence: str, /, **values: object) -> str:
    """The sentence in the reader's language, with its values in their places: a number with its separators.

    A year, which has none, is given as a string.
    """
    return _voice.one(sentence) % _written(values)


def plural(one: str, many: str, n: int, /, **values: object) -> str:
    """The form of a sentence that its number asks for; the number itself is `count`."""
    return _voice.many(one, many, n) % _written({"count": n, **values})


def if_any(one: str, many: str, n: int, /, **values: object) -> list[str]:
    """The same, alone in a list that is empty where the number is zero: for saying only what there is."""
    return [plural(one, many, n, **values)] if n else []


def lazy(sentence: str, /, **values: object) -> str:
    """The same as `_`, translated anew whenever it is shown: for words that are made before anybody asks.

    It reads as a string everywhere but in joins and JSON, which want `str()` of it.
    """
    return cast(str, LazyProxy(_, sentence, enable_cache=False, **values))


def lazy_choices(choices: Mapping[str, str]) -> Any:
    """For a select field: each value with its words, translated whenever the field is made."""
    return lambda: [(value, str(words)) for value, words in choices.items()]


def _written(values: dict[str, object]) -> dict[str, object]:
    return {name: f"{value:,}" if type(value) is int else value for name, value in values.items()}
