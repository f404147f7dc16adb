"""What the layout of a plain text means: a list, a table in columns, code, a rule, a heading."""

import re
from textwrap import dedent

from partnernet.load import escape

COLUMNS = re.compile(r"\S {3,}\S")
SYMBOLS = re.compile(r"[^\w\s.,;:'\"!?()@’“”–-]")
CODE = re.compile(
    r"[;{}]\s*$|^\s*(?:#\s?(?:include|define|if|endif)\b|\$ |%|[A-Z]:\\|@\w+\{|</?\w+[ >]|\w+ = |/\*|\*/)"
)
TYPED_SHARE = 0.4
SYMBOL_SHARE = 0.16

_RULE = re.compile(r"\s*([-=_*~+#^])(?:\s?[-=_*~+#^]){3,}\s*").fullmatch
_ITEM = re.compile(r"^(\s*)(?:[-*+•·o]|\(?(\d{1,2})[.)])\s+(?=\S)")


def is_rule(line: str) -> bool:
    """Whether a line is drawn across the page and says nothing."""
    return _RULE(line) is not None


def underlined(line: str, rule: str) -> bool:
    """Whether a line is a heading by the rule beneath it."""
    return len(line.strip()) <= 80 and abs(len(line.strip()) - len(rule.strip())) <= 3 and rule.strip()[0] in "-=~_"


def is_typed(lines: list[str]) -> bool:
    """Whether the places of the characters matter: columns, code, a drawing."""
    if len(lines) == 1:
        return bool(CODE.search(lines[0])) and lines[0].startswith("    ")
    inner = [line for line in lines if not is_rule(line)]
    columns = sum(bool(COLUMNS.search(_without_marker(line))) for line in inner)
    if columns >= 2 and columns >= TYPED_SHARE * len(lines):
        return True
    coded = sum(bool(CODE.search(line)) and not _ITEM.match(line) for line in inner)
    if coded >= 2 and coded >= TYPED_SHARE * len(lines):
        return True
    text = "".join(_without_marker(line) for line in inner)
    symbols = len(SYMBOLS.findall(re.sub(r"\S+(?:@|://)\S+", "", text)))
    return len(lines) >= 3 and symbols > SYMBOL_SHARE * max(len("".join(text.split())), 1)


def code(lines: list[str]) -> str:
    """Lines as they were typed."""
    text = dedent("\n".join(lines))
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"


def listed(lines: list[str]) -> tuple[list[str], str, list[str]]:
    """The lines before a list, the list in Markdown, and the lines behind it; all of a paragraph without one."""
    marked = [n for n, line in enumerate(lines) if _ITEM.match(line)]
    if not marked or (marked[0] > 0 and len(marked) < 2):
        return lines, "", []
    first = _ITEM.match(lines[marked[0]])
    if first is not None and first[2] and len(marked) == 1 and int(first[2]) > 20:
        return lines, "", []
    before, made = lines[: marked[0]], list[str]()
    margin = min(len(_indent(lines[n])) for n in marked)
    for n in range(marked[0], len(lines)):
        line = lines[n]
        item = _ITEM.match(line)
        if item is None:
            if not line.startswith(" ") and margin == 0 and n > marked[-1] and len(lines[n - 1]) < 60:
                return before, "\n".join(made), lines[n:]
            made.append(_hanging(made) + escape.line(" ".join(line.split())))
            continue
        nested = "    " if len(item[1]) > margin + 1 else ""
        marker = f"{item[2]}." if item[2] else "-"
        made.append(f"{nested}{marker} {escape.line(' '.join(line[item.end() :].split()))}")
    return before, "\n".join(made), []


def _hanging(made: list[str]) -> str:
    """The indentation under which a line goes on with the item before it."""
    item = re.match(r"\s*(?:- |\d+\. )?", made[-1])
    return " " * (item.end() if item else 0)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _without_marker(line: str) -> str:
    item = _ITEM.match(line)
    return line[item.end() :] if item else line.strip()
