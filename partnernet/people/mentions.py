"""Mentions: texts hold `@[handle]`, and become names only as they are shown."""

import re
from html import escape

from markupsafe import Markup

from partnernet.core.text import MENTION
from partnernet.people.names import ELSEWHERE, SOMEBODY, Name, Names

_PIECE = re.compile(r'<(?:"[^"]*"|[^>"])*>|' + MENTION.pattern)


def fill(html: str, names: Names, node: str) -> Markup:
    """Rendered text with the mentions as names; `node` is that of its author.

    Inside a link, or in the words of a picture, a name stands without a link of its own.
    """
    if "@[" not in html:
        return Markup(html)  # noqa: S704 - it was rendered and cleaned by `text.render`
    in_link = False

    def replace(found: re.Match[str]) -> str:
        nonlocal in_link
        handle = found[1]
        if handle is not None:
            return _linked(resolve(handle, names, node), in_link)
        tag = found[0]
        if tag.startswith(("<a ", "<a>", "</a")):
            in_link = not tag.startswith("</")
        return MENTION.sub(lambda inner: escape(resolve(inner[1], names, node).text), tag)

    return Markup(_PIECE.sub(replace, html))  # noqa: S704 - names are escaped as they are put in


def plain(text: str, names: Names, node: str) -> str:
    """Plain text with the mentions as names."""
    if "@[" not in text:
        return text
    return MENTION.sub(lambda found: resolve(found[1], names, node).text, text)


def resolve(handle: str, names: Names, node: str) -> Name:
    """Whom a handle means: somebody at the author's node, else the only one who has it."""
    at_home = names.get((node, handle), ELSEWHERE)
    if at_home is not ELSEWHERE:
        return at_home
    others = [name for (_, by), name in names.items() if by == handle and name is not ELSEWHERE]
    return others[0] if len(others) == 1 else SOMEBODY


def _linked(name: Name, in_link: bool) -> str:
    text = escape(name.text)
    if in_link or not name.url:
        return f'<span class="mention">{text}</span>'
    return f'<a class="mention" href="{escape(name.url)}">{text}</a>'
