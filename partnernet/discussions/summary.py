"""The summary of a discussion as its page shows it: what is settled, and apart from that what is still open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from partnernet.core.policy import Actor
from partnernet.entries.thread import Thread

_PARAGRAPH = re.compile(r"<p>(.*?)</p>\n?", re.DOTALL)
_LINE = re.compile(r"<br ?/?>\n?|\n")
_OPENS = re.compile(r"<(?!/|br|img)")
_QUESTION = re.compile(r"\?\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Summary:
    """Where a talk has got to, as safe HTML."""

    settled: Markup
    open: Sequence[Markup]
    """The questions that nobody has answered yet: lines that began with a question mark."""


def context(actor: Actor | None, thread: Thread) -> Mapping[str, Any]:
    """What the page of a discussion shows beside the text."""
    return {"summary": summary(thread.post.html["summary"])}


def summary(html: str) -> Summary:
    """Take the paragraphs whose every line begins with a question mark out of a rendered summary."""
    questions: list[Markup] = []

    def take(paragraph: re.Match[str]) -> str:
        lines = _LINE.split(paragraph[1])
        if not all(_QUESTION.match(line) and _is_whole(line) for line in lines):
            return paragraph[0]
        questions.extend(Markup(_QUESTION.sub("", line, count=1)) for line in lines)  # noqa: S704 - safe before
        return ""

    settled = _PARAGRAPH.sub(take, html)
    return Summary(Markup(settled), questions)  # noqa: S704 - what the renderer made, with parts left out


def _is_whole(line: str) -> bool:
    """Whether what opens in a line closes there, so that it can stand alone."""
    return len(_OPENS.findall(line)) == line.count("</")
