"""Plain words as Markdown: a backslash before whatever would otherwise be read as markup, and no other."""

import re

_URL = re.compile(r"(<?(?:https?|ftp)://[^\s<>\"]+>?)")
_MEANT = re.compile(r"(?<![\w*_\\/])([*_])(?=[\w\"'(])[^*_\n]{0,80}?(?<=[\w.,!?\"')])\1(?![\w*_/])")
"""Words that the writer of a plain text set off as *this* or _this_: they may stay so."""
_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash that would take the next character with it
    r"|`"
    r"|\*"
    r"|~~"
    r"|(?<![A-Za-z0-9])_(?=\S)|(?<=\S)_(?![A-Za-z0-9])"
    r"|&(?=#?\w{1,31};)"
    r"|(?<=@)\["
    r"|\](?=[\[(:])"
    r"|!(?=\[)"
)
_BEGINS = re.compile(r"^(?:(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|~{3}|[=-]+\s*$)|(\d{1,9})([.)])(?=\s|$))")


def words(text: str, *, emphasis: bool = True) -> str:
    """A line of plain words, safe anywhere but at the start of a line; addresses of pages stay whole."""
    parts = _URL.split(text)
    return "".join(part if n % 2 else _words(part, emphasis) for n, part in enumerate(parts))


def line(text: str, *, emphasis: bool = True) -> str:
    """A line of plain words, safe at the start of a line, too."""
    return _BEGINS.sub(_begin, words(text, emphasis=emphasis))


def _words(text: str, emphasis: bool) -> str:
    if not emphasis:
        return _escaped(text)
    kept, at = [], 0
    for found in _MEANT.finditer(text):
        kept += [_escaped(text[at : found.start()]), found[1], _escaped(found[0][1:-1]), found[1]]
        at = found.end()
    return "".join([*kept, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: "".join("\\" + character for character in found[0]), text)


def _begin(found: re.Match[str]) -> str:
    return f"{found[2]}\\{found[3]}" if found[2] else "\\" + found[1]
