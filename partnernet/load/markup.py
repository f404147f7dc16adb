"""Markdown with HTML in it, as websites keep it, to Markdown alone: the pages here show no HTML.

Only what is plainly markup goes: a tag that somebody merely mentions stays where it is.
"""

import re
from collections.abc import Iterator

from partnernet.load import hypertext

BLOCKS = "table|ul|ol|dl|p|h[1-6]|blockquote|pre|details"
FRAMES = "div|section|article|figure|center|header|footer|nav|aside|main"
DROPPED = "script|style|iframe|video|audio|object|form"
REACH = 4_000
"""Lines that a block may have."""
PATIENCE = 3
"""How often the end of a kind of block is looked for in vain."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BLOCK = re.compile(rf"\s*<({BLOCKS}|{DROPPED})\b", re.I)
_FRAME = re.compile(rf"\s*(?:</?(?:{FRAMES})\b[^<>]{{0,500}}>\s*)+$", re.I)
_LIQUID = re.compile(r"\s*\{%[^%]{0,500}%\}\s*$|\s*\{:[^}]{0,200}\}\s*$")
_CODE = re.compile(r"(`+[^`]+`+)")
_PAIRS = (("b|strong", "**"), ("i|em", "*"))
_ATTRIBUTE = {name: re.compile(rf"\b{name}=[\"']([^\"'<>]{{0,1000}})[\"']", re.I) for name in ("href", "src", "alt")}


def plain(text: str) -> str:
    """Markdown without HTML; a text without a tag comes back as it is."""
    if "<" not in text and "{" not in text:
        return text
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(_without_comments(text).split("\n"))))


def _lines(lines: list[str]) -> Iterator[str]:
    fence, n = "", 0
    unclosed: dict[str, int] = {}
    while n < len(lines):
        line, n = lines[n], n + 1
        if marker := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or marker[1]
            yield line
        elif fence or line.startswith("    "):
            yield line
        elif found := _BLOCK.match(line):
            tag = found[1].lower()
            end = _end(lines, n - 1, tag) if unclosed.get(tag, 0) < PATIENCE else None
            if end is None:
                unclosed[tag] = unclosed.get(tag, 0) + 1
                yield _inline(line)
            else:
                yield from ("", _block("\n".join(lines[n - 1 : end]), tag), "")
                n = end
        elif not _FRAME.match(line) and not _LIQUID.match(line):
            yield _inline(line)


def _end(lines: list[str], start: int, tag: str) -> int | None:
    """The line behind the one in which a tag is closed; None where it never is."""
    both = re.compile(rf"<(/?){tag}\b", re.I)
    depth = 0
    for n in range(start, min(len(lines), start + REACH)):
        for found in both.finditer(lines[n]):
            depth += -1 if found[1] else 1
        if depth <= 0:
            return n + 1
    return None


def _block(html: str, tag: str) -> str:
    if tag not in DROPPED.split("|"):
        return hypertext.to_markdown(html)
    shown = _attribute(html, "src") if tag in ("iframe", "video", "audio") else ""
    return f"<{shown}>" if shown.startswith(("http://", "https://")) and " " not in shown else ""


def _inline(line: str) -> str:
    if "<" not in line:
        return line
    return "".join(part if n % 2 else _words(part) for n, part in enumerate(_CODE.split(line)))


def _words(text: str) -> str:
    text = re.sub(r"\s*<br\s*/?>\s*", " " if "|" in text else "  \n", text, flags=re.I)
    for tags, mark in _PAIRS:
        text = re.sub(rf"<({tags})>\s*([^<>]+?)\s*</\1>", rf"{mark}\2{mark}", text, flags=re.I)
    text = re.sub(r"<a\b([^<>]{0,1000})>([^<>]*)</a>", _link, text, flags=re.I)
    text = re.sub(r"<img\b([^<>]{0,2000})>", lambda found: _attribute(found[1], "alt"), text, flags=re.I)
    text = re.sub(r"<(span|small|u|font|sup|sub)\b[^<>]{0,500}>([^<>]*)</\1>", r"\2", text, flags=re.I)
    return re.sub(rf"^\s*</?(?:{FRAMES})\b[^<>]{{0,500}}>|</(?:{FRAMES})>\s*$", "", text, flags=re.I)


def _link(found: re.Match[str]) -> str:
    href, words = _attribute(found[1], "href"), found[2].strip()
    safe = href.startswith(("http://", "https://", "mailto:")) and not set(href) & set(" ()")
    return f"[{words}]({href})" if safe and words else words


def _attribute(tag: str, name: str) -> str:
    found = _ATTRIBUTE[name].search(tag)
    return found[1].strip() if found else ""


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])
