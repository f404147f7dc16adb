"""Texts: plain, Markdown, web pages, and tables of comma-separated values."""

import re
from pathlib import Path

from partnernet.extract import DAMAGED, TEXT_LIMIT, Fragments, Unreadable

BYTES = TEXT_LIMIT * 4
"""Bytes of a file that are looked at: more than the text that is kept can take."""

_CHARSET = re.compile(rb"charset=[\"']?([\w-]{1,40})")


def text(path: Path) -> Fragments:
    """Read a plain text."""
    for paragraph in _paragraphs(decoded(_content(path))):
        yield 0, "", paragraph


def markdown(path: Path) -> Fragments:
    """Read Markdown without its markup."""
    from partnernet.core.text import plain_text

    for paragraph in _paragraphs(decoded(_content(path))):
        yield 0, "", plain_text(paragraph)


def html(path: Path) -> Fragments:
    """Read a web page; nothing in it is run or fetched."""
    from partnernet.core.text import plain_text
    from partnernet.load.hypertext import title_of, to_markdown

    content = _content(path)
    declared = _CHARSET.search(content[:4_000])
    page = decoded(content, declared[1].decode() if declared else "")
    yield 0, "", title_of(page)
    for paragraph in _paragraphs(to_markdown(page)):
        yield 0, "", re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain_text(paragraph))


def decoded(content: bytes, charset: str = "") -> str:
    """Text of bytes, in the encoding that was named or else in one that fits; it never fails."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    for encoding in (charset, "utf-8-sig", "cp1252"):
        try:
            if encoding:
                return content.decode(encoding)
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("latin-1")


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n[ \t\r]*\n", text)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(BYTES)
    if b"\0" in content[:8_000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(DAMAGED)
    return content
