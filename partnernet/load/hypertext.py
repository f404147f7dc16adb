"""HTML to Markdown, on the standard library's parser. Nothing in it is run or fetched; pictures are left out."""

import re
from html.parser import HTMLParser

from partnernet.load import escape

NESTING_LIMIT = 12
SIZE_LIMIT = 2_000_000
LINE_LIMIT = 50_000
"""Characters after which a block is ended, wherever it stands."""

HEADINGS = {f"h{n}": "#" * n for n in range(1, 7)}
DROPPED = {"script", "style", "head", "template", "noscript", "svg", "math", "iframe", "object", "select", "title"}
VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "col", "base", "area", "source", "track", "embed", "param"}
BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "figure", "figcaption", "address",
    "body", "html", "dl", "dt", "dd", "form", "fieldset", "center", "caption", "details", "summary",
}  # fmt: skip
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "cite": "*", "del": "~~", "s": "~~", "strike": "~~"}

_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.I).fullmatch


def to_markdown(html: str) -> str:
    """Markdown of a page of HTML, however broken it is."""
    reader = _Reader()
    reader.feed(_plain_enough(html[:SIZE_LIMIT]))
    reader.close()
    return reader.finish()


def title_of(html: str) -> str:
    """The title in the head of a page; empty where it has none."""
    found = re.search(r"<title[^>]{0,200}>([^<]{1,1000})", html[:100_000], re.I)
    from html import unescape

    return " ".join(unescape(found[1]).split()) if found else ""


def _plain_enough(html: str) -> str:
    """A page without comments and lone brackets, on which the parser would spend more than they are worth."""
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start)
        at = end + 3 if end >= 0 else len(html)
    whole = "".join([*kept, html[at:]])
    return re.sub(r"<(?![A-Za-z/!?])|<(?=[^<>]*<)|<(?=[^<>]*$)", "&lt;", whole)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._line = ""
        self._prefix: list[str] = []
        """What every line of a block begins with: quotation marks, and the indentation of lists."""
        self._marker = ""
        self._lists: list[int | None] = []
        self._open: list[str] = []
        self._dropped: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._pre = False
        self._heading = ""
        self._rows: list[list[str]] | None = None
        self._in_cell = False

    # -- what the parser calls -------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropped or tag in DROPPED:
            if tag not in VOID:
                self._dropped.append(tag)
            return
        given = dict(attrs)
        if tag == "br":
            self._line += "\n" if self._pre else "  \n"
        elif tag == "hr":
            self._end_block()
            self._emit("---")
        elif tag == "img":
            self._line += escape.words(" ".join((given.get("alt") or "").split())[:300], emphasis=False)
        elif tag in MARKS and not self._pre and len(self._open) < NESTING_LIMIT:
            self._open.append(tag)
            self._line += "\x02" + MARKS[tag] + "\x03"
        elif tag == "code" and not self._pre:
            self._line += "`"
        elif tag == "a":
            href = (given.get("href") or "").strip()
            self._links.append((href if _SAFE(href) else "", len(self._line)))
        else:
            self._start_block(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag in self._dropped:
                del self._dropped[self._dropped.index(tag) :]
            return
        if tag in MARKS and tag in self._open and not self._pre:
            self._open.remove(tag)
            self._line += "\x04" + MARKS[tag] + "\x05"
        elif tag == "code" and not self._pre:
            self._line += "`"
        elif tag == "a" and self._links:
            href, at = self._links.pop()
            words = self._line[at:]
            if href and words.strip() and "\x00" not in words:
                shown = words.strip()
                same = shown in (href, href.removeprefix("mailto:"))
                self._line = self._line[:at] + (f"<{shown}>" if same else f"[{shown}]({_address(href)})")
        else:
            self._end(tag)

    def handle_data(self, data: str) -> None:
        if self._dropped:
            return
        if len(self._line) > LINE_LIMIT and self._rows is None:
            self._end_block()
        if self._pre:
            self._line += data
            return
        text = escape.words(_SPACE.sub(" ", data), emphasis=False)
        self._line += text.lstrip() if not self._line or self._line.endswith("\n") else text

    # -- blocks ----------------------------------------------------------------------------------

    def _start_block(self, tag: str, given: dict[str, str | None]) -> None:
        if tag in BLOCKS or tag in HEADINGS or tag in ("ul", "ol", "li", "blockquote", "pre", "table", "tr"):
            if self._rows is None or tag == "table":
                self._end_block()
            elif tag not in ("tr", "td", "th"):
                self._line += " "
        if tag in HEADINGS:
            self._heading = HEADINGS[tag]
        elif tag in ("ul", "ol") and len(self._lists) < NESTING_LIMIT:
            start = given.get("start") or "1"
            self._lists.append(None if tag == "ul" else int(start) if start.isdigit() and len(start) < 7 else 1)
        elif tag == "li":
            self._start_item()
        elif tag == "blockquote" and len(self._prefix) < NESTING_LIMIT:
            self._prefix.append("> ")
        elif tag == "pre":
            self._pre = True
        elif tag == "table":
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._end_cell()
            self._rows.append([])
        elif tag in ("td", "th") and self._rows is not None:
            self._end_cell()
            self._in_cell, self._line = True, ""

    def _start_item(self) -> None:
        if self._prefix and self._prefix[-1].isspace() and self._items_open >= max(len(self._lists), 1):
            self._prefix.pop()
        number = self._lists[-1] if self._lists else None
        self._marker = "- " if number is None else f"{number}. "
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        if len(self._prefix) < NESTING_LIMIT:
            self._prefix.append(" " * len(self._marker))

    @property
    def _items_open(self) -> int:
        return sum(prefix.isspace() for prefix in self._prefix)

    def _end(self, tag: str) -> None:
        if tag in ("td", "th", "tr") and self._rows is not None:
            self._end_cell()
        elif tag == "table" and self._rows is not None:
            self._end_cell()
            rows, self._rows, self._line = [row for row in self._rows if any(row)], None, ""
            self._emit(_table(rows))
        elif tag in ("ul", "ol") and self._lists:
            self._end_block()
            self._lists.pop()
            while self._prefix and self._prefix[-1].isspace() and self._items_open > len(self._lists):
                self._prefix.pop()
            self._marker = ""
        elif tag == "blockquote":
            self._end_block()
            if "> " in self._prefix:
                del self._prefix[len(self._prefix) - 1 - self._prefix[::-1].index("> ") :]
        elif tag == "li":
            self._end_block()
            if self._prefix and self._prefix[-1].isspace():
                self._prefix.pop()
            self._marker = ""
        elif tag == "pre":
            text, self._line, self._pre = self._line.strip("\n"), "", False
            if text.strip():
                self._emit(f"```\n{text.replace('```', '` ` `')}\n```")
        elif tag in HEADINGS or tag in BLOCKS:
            if self._rows is None:
                self._end_block()
            else:
                self._line += " "

    def _end_cell(self) -> None:
        if self._rows is None or not self._in_cell:
            return
        if not self._rows:
            self._rows.append([])
        self._rows[-1].append(" ".join(self._settled(self._line).split()))
        self._in_cell, self._line = False, ""

    def _end_block(self) -> None:
        text, self._line = self._settled(self._line), ""
        heading, self._heading = self._heading, ""
        if not text:
            return
        if heading:
            self._emit(f"{heading} {' '.join(text.split())}")
            return
        lines = [escape.line(line, emphasis=True) if _needs(line) else line for line in text.split("\n")]
        self._emit("\n".join(lines))

    def _emit(self, block: str) -> None:
        if not block:
            return
        first = "".join(self._prefix)
        if self._marker:
            first = first[: -len(self._marker)] + self._marker
        rest = "".join(self._prefix)
        lines = block.split("\n")
        self._blocks.append("\n".join((rest if n else first) + line for n, line in enumerate(lines)))
        self._marker = ""

    def _settled(self, text: str) -> str:
        """A finished line: marks of emphasis hug their words, and those around nothing are gone."""
        for tag in self._open:
            text += "\x04" + MARKS[tag] + "\x05"
        self._open.clear()
        text = re.sub(r"\x02([*~]+)\x03(\s*)\x04\1\x05", r"\2", text)
        text = re.sub(r"\x02([*~]+)\x03(\s+)", r"\2\1", text)
        text = re.sub(r"(\s+)\x04([*~]+)\x05", r"\2\1", text)
        text = re.sub(r"[\x02-\x05]", "", text)
        self._links.clear()
        return text.strip()

    def finish(self) -> str:
        self._end_block()
        made, last = [], ""
        for block in self._blocks:
            tight = _is_item(block) and _is_item(last)
            quoted = block.startswith(">") and last.startswith(">")
            made += ["\n" if tight else "\n>\n" if quoted else "\n\n", block]
            last = block.rsplit("\n", 1)[-1]
        return "".join(made[1:])


def _table(rows: list[list[str]]) -> str:
    """A table in Markdown; one of a single column is only layout, and becomes paragraphs."""
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return "\n\n".join(cell for row in rows for cell in row if cell)
    cells = [[cell.replace("|", "\\|") for cell in row] + [""] * (width - len(row)) for row in rows]
    head, *body = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([head, "|" + " --- |" * width, *body])


def _needs(line: str) -> bool:
    return bool(re.match(r"(?:#{1,6}|[-+]|\d{1,9}[.)])(?:\s|$)|>|~{3}|[=-]+\s*$", line))


def _is_item(text: str) -> bool:
    return bool(re.match(r"\s*(?:- |\d+\. )", text.lstrip("> ")))


def _address(href: str) -> str:
    return href.replace("(", "%28").replace(")", "%29")
