"""Plain text, as people write it in mail and notes, to Markdown that reads as it was meant.

Quotations become quotations, lists lists, columns and code stay as they were typed, and a paragraph
flows. What Markdown would misread is escaped.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from partnernet.load import escape
from partnernet.load.layout import code, is_rule, is_typed, listed, underlined

DEPTH_LIMIT = 6
WIDTH = 78
FULL = 0.72
"""A line that was shorter than this part of the width, and would have had room, was ended on purpose."""
SIGNATURE_LINES = 12

BREAK = "  \n"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_QUOTED = re.compile(r"^ ?>")
_NAMED = re.compile(r"^ ?([A-Z][A-Za-z]{0,14})>(?=\s|$)")
_SIGNATURE = re.compile(r"^-{2,3} ?$")


def to_markdown(text: str, *, flowed: bool = False, has_signature: bool = False) -> str:
    """Markdown of a plain text; `flowed` as in RFC 3676, `has_signature` where one may stand at the end."""
    lines = clean(text).split("\n")
    if flowed:
        lines = list(_unflowed(lines))
    signature: list[str] = []
    if has_signature:
        lines, signature = _split_signature(lines)
    blocks = list(_blocks([line.rstrip() for line in lines], 0))
    if any(line.strip() for line in signature):
        blocks += ["---", *_blocks([line.rstrip() for line in signature], 0)]
    return "\n\n".join(_without_doubled_rules(blocks))


def clean(text: str) -> str:
    """A text with newlines of one kind, tabs as spaces, and no control characters."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", unix.encode("utf-8", "replace").decode()).expandtabs(8)


def _blocks(lines: list[str], depth: int) -> Iterator[str]:
    for quoted, group in groupby(lines, key=_quoted):
        run = list(group)
        if not quoted:
            for paragraph in _paragraphs(run):
                yield from _paragraph(paragraph)
        elif depth >= DEPTH_LIMIT:
            yield from _blocks([line.lstrip("> ") for line in run], depth)
        else:
            inner = list(_blocks([_unquoted(line) for line in run], depth + 1))
            if quoted != ">" and inner:
                inner[0] = f"*{quoted}:* {inner[0]}" if inner[0][0] not in "`>-#" else f"*{quoted}:*\n\n{inner[0]}"
            text = "\n\n".join(inner)
            if text and depth and all(line.startswith(">") for line in text.split("\n") if line):
                yield text  # five levels of nothing but each other say no more than one
            elif text:
                yield "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _quoted(line: str) -> str:
    """How a line is marked as quoted: by `>`, or by the name before it; empty where it is not."""
    if _QUOTED.match(line):
        return ">"
    named = _NAMED.match(line)
    return named[1] if named else ""


def _unquoted(line: str) -> str:
    bare = line.lstrip(" ")
    rest = bare[bare.index(">") + 1 :]
    return rest[1:] if rest.startswith(" ") else rest


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    for blank, group in groupby(lines, key=lambda line: not line.strip()):
        if not blank:
            yield from _split_rules(list(group))


def _split_rules(lines: list[str]) -> Iterator[list[str]]:
    """A paragraph without the rules in it, which become blocks of their own; an underline stays with its line."""
    for n, text in enumerate(lines):
        if _SIGNATURE.match(text):
            yield from (part for half in (lines[:n], lines[n + 1 :]) if half for part in _split_rules(half))
            return
    if is_typed(lines):
        yield lines
        return
    start = 0
    for n, text in enumerate(lines):
        if not is_rule(text):
            continue
        if n == start + 1 and underlined(lines[start], text):
            yield lines[start : n + 1]
        else:
            if lines[start:n]:
                yield lines[start:n]
            yield [text]
        start = n + 1
    if lines[start:]:
        yield lines[start:]


def _paragraph(lines: list[str]) -> Iterator[str]:
    if len(lines) == 1 and is_rule(lines[0]):
        yield "---"
    elif len(lines) == 2 and is_rule(lines[1]):
        yield f"{'##' if lines[1].strip()[0] == '=' else '###'} {escape.words(lines[0].strip())}"
    elif is_typed(lines):
        yield code(lines)
    else:
        before, items, after = listed(lines)
        if before:
            yield _prose(before)
        if items:
            yield items
        if after:
            yield _prose(after)


def _prose(lines: list[str]) -> str:
    """A paragraph that flows, but for lines that were ended on purpose."""
    bare = [" ".join(line.split()) for line in lines]
    width = min(max(len(line) for line in bare), WIDTH)
    text = escape.line(bare[0])
    for n, following in enumerate(bare[1:], 1):
        text += _gap(lines[n - 1 : n + 1], bare[n - 1], following, width) + escape.line(following)
    return text


def _gap(raw: list[str], line: str, following: str, width: int) -> str:
    """What stands between two lines: a paragraph that begins with an indentation is one of its own."""
    if not _ended(line, following, width):
        return "\n"
    begins = raw[1].startswith("  ") and not raw[0].startswith("  ") and len(following) > width * FULL
    return "\n\n" if begins else BREAK


def _ended(line: str, following: str, width: int) -> bool:
    room = len(line) + 1 + len(following.split(" ", 1)[0])
    return width < 45 or room <= width * FULL


def _without_doubled_rules(blocks: list[str]) -> list[str]:
    kept = [block for n, block in enumerate(blocks) if block != "---" or (n and blocks[n - 1] != "---")]
    return kept[:-1] if kept and kept[-1] == "---" else kept


def _split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    ends = len("\n".join(lines).rstrip().split("\n"))
    for n in range(ends - 1, max(ends - SIGNATURE_LINES - 2, -1), -1):
        if _SIGNATURE.match(lines[n]):
            return lines[:n], lines[n + 1 : ends]
    return lines, []


def _unflowed(lines: list[str]) -> Iterator[str]:
    held = ""
    for line in lines:
        stuffed = line[1:] if line.startswith(" ") else line
        if held and _quoted(held) == _quoted(stuffed):
            stuffed = held + (_unquoted(stuffed).lstrip() if _quoted(stuffed) else stuffed)
        elif held:
            yield held.rstrip()
        held = ""
        if stuffed.endswith(" ") and stuffed != "-- ":
            held = stuffed
        else:
            yield stuffed
    if held:
        yield held.rstrip()
