"""How a story begins: how long it takes to read, and whether its first letter may stand large."""

import unicodedata
from collections.abc import Mapping
from html import unescape
from typing import Any

from partnernet.core.policy import Actor
from partnernet.entries.thread import Thread

WORDS_A_MINUTE = 210
LINES = 160
"""Characters that a first paragraph needs, so that three lines stand beside the letter on any page."""
QUOTES = "“‘«„‚\"'(¿¡"


def minutes(source: str) -> int:
    """How many minutes a text takes to read; 0 where it is not worth saying."""
    words = len(source.split())
    return 0 if words < WORDS_A_MINUTE // 2 else max(1, round(words / WORDS_A_MINUTE))


def opens_large(html: str) -> bool:
    """Whether a text begins with a paragraph whose first letter may stand large.

    It must be a letter of a script that runs from left to right, after at most one opening quotation mark.
    """
    if not html.startswith("<p>"):
        return False
    first = unescape(html[3 : html.find("</p>")])
    letter = first[1:2] if first[:1] in QUOTES else first[:1]
    return len(first) >= LINES and letter.isalpha() and unicodedata.bidirectional(letter) == "L"


def context(actor: Actor | None, thread: Thread) -> Mapping[str, Any]:
    """What the page of a story says beside the story."""
    return {"minutes": minutes(thread.post.body), "opens": opens_large(thread.post.html["body"])}
