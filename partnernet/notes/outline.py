"""The headings of a text, each with its address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from partnernet.core.policy import Actor
from partnernet.entries.thread import Thread

LEVELS = 2
"""How many levels of headings the contents have."""

_HEADING = re.compile(r'<h([2-6]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading, as the contents of a note show it."""

    level: int
    anchor: str
    text: str


def outline(html: str) -> list[Heading]:
    """The headings of rendered HTML: those of its highest levels, counted from 1."""
    found = [
        (int(level), anchor, unescape(_TAG.sub("", inner)).strip()) for level, anchor, inner in _HEADING.findall(html)
    ]
    top = min((level for level, _, _ in found), default=0)
    return [Heading(level - top + 1, anchor, text) for level, anchor, text in found if level - top < LEVELS]


def context(actor: Actor | None, thread: Thread) -> Mapping[str, Any]:
    """What the page of a note shows beside the text: its contents."""
    return {"contents": outline(thread.post.html["body"])}
