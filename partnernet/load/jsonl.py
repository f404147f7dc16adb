"""JSON Lines `{id, title, text, date?, author?, kind?, thread?}`, to documents."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from partnernet.discussions.model import DISCUSSION
from partnernet.ideas.model import IDEA
from partnernet.load import dates, markup, plain, threads
from partnernet.load.document import SOURCE_LIMIT, Document, Unreadable, as_tag, day_of, one_line
from partnernet.load.report import Report
from partnernet.news.model import NEWS
from partnernet.notes.model import NOTE

LINE_LIMIT = 64 << 20
KINDS = (NEWS.name, IDEA.name, DISCUSSION.name, NOTE.name)
MARKUP = ("plain", "text", "text/plain")
"""Words for `format` that say that a text is not Markdown."""

First = dict[str, tuple[str, str]]
"""For each thread the id and the title of its first item."""


def read(paths: Sequence[Path], report: Report) -> Iterator[Document]:
    """The documents, their id outside being the `id` as it stands; bad lines are reported."""
    first: First = {}
    seen: set[str] = set()
    for path in paths:
        try:
            yield from _file(path, first, seen, report)
        except OSError as error:
            report.bad.append((str(path), (error.strerror or "it cannot be opened").lower()))


def _file(path: Path, first: First, seen: set[str], report: Report) -> Iterator[Document]:
    with path.open("rb") as file:
        for n, line in enumerate(iter(lambda: file.readline(LINE_LIMIT), b""), 1):
            if not line.strip():
                continue
            try:
                made = document(_parsed(line), first)
                if made.source in seen:
                    raise Unreadable(f"the id {made.source} was there before")
                seen.add(made.source)
                yield made
            except Unreadable as error:
                report.bad.append((f"{path.name}, line {n}", str(error)))


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Unreadable("it is not JSON") from error
    if not isinstance(given, dict):
        raise Unreadable("it is not an object with an id, a title and a text")
    return given


def document(given: Mapping[str, Any], first: First) -> Document:
    """The document of one item; raises Unreadable."""
    source, text = _word(given, "id"), given.get("text")
    if not source:
        raise Unreadable("it has no id")
    if len(source) > SOURCE_LIMIT or plain.clean(source) != source or "\n" in source:
        raise Unreadable(f"its id is not one line of at most {SOURCE_LIMIT} characters")
    if not isinstance(text, str):
        raise Unreadable("it has no text")
    body = plain.to_markdown(text) if given.get("format") in MARKUP else markup.plain(plain.clean(text)).strip("\n")
    title = _word(given, "title") or one_line(plain.clean(text), 80)
    word, date = _word(given, "kind").lower(), dates.milliseconds(_date(given))
    made = Document(
        source, word if word in KINDS else "note", title, body, source, date, credit=_word(given, "author"),
        tags=[tag] if word not in ("", *KINDS) and (tag := as_tag(word)) else [],
    )  # fmt: skip
    if thread := _word(given, "thread"):
        _place(made, word, thread, first)
    if made.kind == "note" and not made.parent and date is not None:
        made.held = day_of(date)
    return made


def _place(document: Document, word: str, thread: str, first: First) -> None:
    """Put a document in its thread: the first one begins it, those after it answer."""
    if thread not in first or first[thread][0] == document.source:
        first[thread] = (document.source, document.title)
        document.kind = word if word in KINDS else "discussion"
        return
    document.parent, title = first[thread]
    if threads.bare(document.title).casefold() != threads.bare(title).casefold():
        document.body = f"**{one_line(document.title, 300)}**\n\n{document.body}"


def _word(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _date(given: Mapping[str, Any]) -> str:
    return _word(given, "date")
