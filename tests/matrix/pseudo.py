"""A language that nobody speaks: every sentence of the catalogue in Greek letters, and all that people wrote.

What a page then still says in Latin letters was never put into the catalogue.
"""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

from partnernet.core.languages import LANGUAGES

LATIN = "abcdefghijklmnopqrstuvwxyz"
GREEK = "αβγδεφγηιξκλμνοπθρστυβωχψζ"
TABLE = str.maketrans(LATIN + LATIN.upper(), GREEK + GREEK.upper())

KEPT = re.compile(r"(%\(\w+\)s|%%|\{\w+\}|</?[a-z][^>]*>|&\w+;)")
"""What stays as it is in a sentence: the places of its values, and its tags."""

WRITTEN = {
    "title", "body", "name", "about", "welcome", "summary", "place", "standfirst", "learning", "art_forms", "offers",
    "seeks", "region", "credit", "strapline", "also", "said_by",
}  # fmt: skip
"""The fields of ops that hold what people wrote."""

SPOKEN = {"title", "aria-label", "alt", "placeholder", "content", "aria-description", "aria-roledescription"}
"""Attributes that are read out or shown; `content` of descriptions alone."""

SILENT = {"script", "style", "code", "kbd", "samp", "textarea"}
"""Elements whose text is no sentence of ours: what is typed, and what must be typed just so."""

NO_WORD = re.compile(
    r"\S+@\S+"  # an e-mail address
    r"|https?://\S+|(?<![\w<])/[a-z]\S*"  # an address
    r"|\S+\.(?:txt|zip|json|jsonl|pn)\b"  # a file
    r"|\b[a-z2-7]{4}(?: [a-z2-7]{4}){3}\b"  # the beginning of a key, as two people read it to each other
    r"|\b[a-z2-7]{12,60}\b|\b[A-Za-z0-9_-]{20,}\b"  # an id, a token
)

WORD = re.compile(r"[A-Za-z]{2,}")

NAMES = {"PartnerNet", "English", "Cymraeg", "KB", "MB", "GB", "PDF", "UTC", "AGPL", "URL", "SQLite"}
NAMES |= {"Northside", "Dance"}  # a server of the cast: servers are called as their stewards call them
NAMES |= {word for name in LANGUAGES.values() for word in WORD.findall(name)}
"""What is called the same in every language."""


def greek(text: str) -> str:
    """A text in Greek letters."""
    return text.translate(TABLE)


@cache
def spoken(sentence: str) -> str:
    """A sentence of the catalogue as this language says it."""
    return "".join(part if KEPT.fullmatch(part) else greek(part) for part in KEPT.split(sentence))


class Translations:
    """What gettext would give."""

    def gettext(self, sentence: str) -> str:
        return spoken(sentence)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return spoken(one if n == 1 else many)


def written(values: Any) -> dict[str, Any]:
    """The fields of an op, with what people wrote in Greek letters."""
    return {name: _greek_within(value) if name in WRITTEN else value for name, value in dict(values).items()}


def _greek_within(value: Any) -> Any:
    if isinstance(value, str):
        return greek(value)
    return [_greek_within(each) for each in value] if isinstance(value, list) else value


class _Texts(HTMLParser):
    """Everything that a page says."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.silent: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in SILENT or (given.get("lang") and tag != "html"):
            self.silent.append(tag)
        if tag == "meta" and given.get("name") not in ("description", "application-name"):
            return
        for name, value in attrs:
            if value and (name in SPOKEN or (name == "value" and tag == "input" and given.get("type") == "submit")):
                self.found.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def latin(page: str) -> Iterator[str]:
    """Every text of a page that has words in Latin letters which are no names, addresses or ids."""
    texts = _Texts()
    texts.feed(page)
    for text in texts.found:
        words = set(WORD.findall(NO_WORD.sub(" ", text))) - NAMES
        if words:
            yield " ".join(text.split())
