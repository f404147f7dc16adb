"""Markup to safe HTML, and plain text out of it. Markdown goes in; nothing that runs comes out.

What is rendered holds handles, never names, so that an erased person is gone from everything.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from partnernet.core.slug import slug

RENDERER = 3
"""Raise it when the same text would be rendered differently: what is stored is made anew."""

EXCERPT_LENGTH = 220

MENTION = re.compile(r"@\[(p[a-z2-7]{26})\]")

TAGS = {
    "a", "abbr", "blockquote", "br", "code", "del", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6",
    "hr", "img", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr",
    "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"}, "table": {"tabindex"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}

_FILE = re.compile(r"/files/[0-9a-f]{64}").fullmatch
_MARKS = re.compile(
    r"(?m)^\s{0,3}(#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)|[*`~]{1,3}|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])"
    r"|!?\[([^\]]*)\]\([^)]*\)"
)
_ADDRESSED = re.compile(r'(<h[2-6]) id="[^"]*"')
_SPACE = re.compile(r"\s+")
_HEADED = re.compile(r"(?m)^ {0,3}(?:#{1,6}(?:\s|$)|(?:=+|-+)[ \t]*$)").search


def render(source: str) -> str:
    """Safe HTML of a text in Markdown; headings begin at h2, skip no level, and carry addresses."""
    if not source.strip():
        return ""
    import nh3

    html = _parser().render(source, {"slugs": {}})
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener",
        attribute_filter=_filter,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: from one heading, whose address is `anchor`, to the next; the first may have none."""

    anchor: str
    headings: tuple[str, ...]
    """The words of its heading, after those of the headings it stands under."""
    source: str


def sections(source: str) -> list[Section]:
    """A text in Markdown, cut at its headings; the same addresses as in its rendering."""
    if not _HEADED(source):
        return [Section("", (), source)]
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")  # as the parser does
    found: list[Section] = []
    anchor, start = "", 0
    above: list[tuple[int, str]] = []
    tokens = _parser().parse(source, {"slugs": {}})
    for n, token in enumerate(tokens):
        if token.type != "heading_open" or token.level:
            continue
        found.append(Section(anchor, tuple(words for _, words in above), "\n".join(lines[start : token.map[0]])))
        written = len(token.markup) if token.markup[0] == "#" else 1 + (token.markup[0] == "-")
        above = [one for one in above if one[0] < written] + [(written, plain_text(tokens[n + 1].content))]
        anchor, start = str(token.attrGet("id")), token.map[1]
    found.append(Section(anchor, tuple(words for _, words in above), "\n".join(lines[start:])))
    return found


def without_addresses(html: str) -> str:
    """Rendered text whose headings have no addresses: for a page on which other texts stand as well."""
    return _ADDRESSED.sub(r"\1", html) if ' id="' in html else html


def excerpt(source: str, length: int = EXCERPT_LENGTH) -> str:
    """The beginning of a text without its markup, cut at a word."""
    plain = plain_text(source[: length * 4])
    if len(plain) <= length:
        return plain
    return plain[: length + 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def plain_text(source: str) -> str:
    """A text without its markup, on one line."""
    return _SPACE.sub(" ", _MARKS.sub(lambda found: found[2] or "", MENTION.sub("", source))).strip()


def mentions(source: str) -> list[str]:
    """The handles of the persons that a text mentions, each once."""
    return list(dict.fromkeys(MENTION.findall(source)))


def quote(source: str) -> str:
    """A text as a quotation in Markdown, with the quotations inside it left out."""
    kept = [line for line in source.strip().splitlines() if not line.startswith(">")]
    return "\n".join(f"> {line}".rstrip() for line in "\n".join(kept).strip().splitlines()) + "\n\n"


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough", "linkify"])
    parser.core.ruler.push("headings", _headings)
    parser.core.ruler.push("tables", _tables)
    parser.core.ruler.push("pictures", _pictures)
    return parser


def _headings(state: Any) -> None:
    """Give each heading an address of its own, one level below the heading that it stands under.

    The page's title is the h1, so that a text beginning with `##` begins with an h2 all the same.
    """
    above: list[int] = []
    for n, token in enumerate(state.tokens):
        if token.type == "heading_open":
            written = int(token.tag[1])
            above = [level for level in above if level < written] + [written]
            token.attrSet("id", _address(state.tokens[n + 1].content, state.env["slugs"]))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(above) + 1, 6)}"


def _tables(state: Any) -> None:
    """Let the keyboard reach tables, which can be wider than a narrow page and are moved sideways then."""
    for token in state.tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")


def _pictures(state: Any) -> None:
    """Make a picture that lies elsewhere a link to it: none is loaded from there, and an empty frame says nothing."""
    from markdown_it.token import Token

    for inline in state.tokens:
        links, shown = 0, []
        for token in inline.children or ():
            links += token.nesting if token.type in ("link_open", "link_close") else 0
            if token.type != "image" or _FILE(str(token.attrGet("src"))):
                shown.append(token)
                continue
            words = Token("text", "", 0, content=plain_text(token.content) or str(token.attrGet("src")))
            link = (Token("link_open", "a", 1, attrs={"href": token.attrGet("src")}), Token("link_close", "a", -1))
            shown += [words] if links else [link[0], words, link[1]]
        if inline.children is not None:
            inline.children = shown


def _address(title: str, used: dict[str, int]) -> str:
    name = "h-" + (slug(plain_text(title)) or "section")
    used[name] = used.get(name, 0) + 1
    return name if used[name] == 1 else f"{name}-{used[name]}"


def _filter(tag: str, attribute: str, value: str) -> str | None:
    """Pictures come from this server's own files and from nowhere else."""
    if tag == "img" and attribute == "src":
        return value if _FILE(value) else None
    if tag == "a" and attribute == "href" and value.startswith(("//", "/\\")):
        return None
    return value
