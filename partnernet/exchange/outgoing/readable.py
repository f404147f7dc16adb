"""The pages of a bundle for people without PartnerNet: its words in plain HTML, without scripts or anything remote.

They are made of what is rendered and cleaned already, a few entries at a time, newest first; then come the cards.
What stands around the words is in the language of whoever makes the bundle.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from itertools import islice
from typing import Any

from babel.dates import format_date

from partnernet.core.ledger.kinds import KINDS
from partnernet.core.text import MENTION, mentions, render, without_addresses
from partnernet.core.time import DAY, from_ms
from partnernet.core.words import _
from partnernet.exchange.header import shown_name
from partnernet.exchange.outgoing.cards import Card, cards
from partnernet.exchange.outgoing.reading import Text, filed, named, rendered, threads
from partnernet.exchange.outgoing.writer import Export, Tally
from partnernet.people.mentions import fill
from partnernet.people.names import Name, Names, Pair
from partnernet.web.language import language, language_tag, locale_of

PAGE = 700_000
"""Bytes after which a new page begins: what a telephone shows at once."""
PAGES_LIMIT = 999
HEAD_ROOM = 8_000
"""Bytes that are kept free for what stands above and below the texts."""
LEAST = 100_000
"""Bytes of room below which no other page is begun."""
GROUP, GROUP_LEAST, GROUP_SIZE = 320, 20, 4_000_000
"""How many texts are looked up together: fewer where the last ones took more characters than this."""
NAMES_KEPT = 20_000

Put = Callable[[str, bytes], int]

STYLE = """\
:root { color-scheme: light dark }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 40rem; font: 1.1rem/1.5 Georgia, serif }
body { overflow-wrap: anywhere }
h1, h2, h3 { line-height: 1.15 }
article { margin-block: 3rem 0; border-block-start: 1px solid }
article > h2 { margin-block-end: .4rem; font-size: 1.6rem }
article > h3, div > :is(h2, h3, h4, h5, h6) { margin-block-end: .4rem; font-size: 1.15rem }
article article { margin-block: 1.5rem 0; border: 0; border-inline-start: 2px solid; padding-inline-start: 1rem }
.who, .about { font: 1rem/1.4 system-ui, sans-serif }
.who { margin-block: .3rem; opacity: .85 }
img { max-width: 100%; height: auto }
pre { white-space: pre-wrap }
table { display: block; overflow-x: auto }
nav { margin-block: 2rem; display: flex; gap: 2rem }
nav a { padding-block: .6rem }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt }
  nav { display: none }
  h2 { break-after: avoid }
  a { color: inherit }
}
"""
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; img-src 'self' file:; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
)
_ADDRESS = re.compile(r' (href|src)="/(?!/)([^"]*)"')
_FILE = re.compile(r"files/([0-9a-f]{64})").match
_ENTRY = re.compile(r"[a-z]+/([a-z2-7]{12})(?:[-/?#]|$)").match


def write_readable(
    export: Export, tally: Tally, here: Collection[str], put: Put, *, room: int, is_part: bool = False
) -> None:
    """Write the pages by `put(name, content)`, which says how many bytes that took; at most `room` of them.

    `here` are the hashes of the files that are in the bundle. Where the room is used up, the last page says so.
    """
    only = tally.texts if is_part or export.selection.since else None
    pages, texts = _Pages(export, put, room), _Texts(export, here)
    wanted = threads(export.session, export.selection, only)
    together = GROUP_LEAST
    while group := list(islice(wanted, together)):
        size = 0
        for text, html in texts.written(group):
            size += len(html)
            if not pages.add(text.is_top, html):
                return
        together = min(together * 2, GROUP) if size < GROUP_SIZE else max(together // 4, GROUP_LEAST)
    for card in cards(export.session, export.selection, only):
        if not pages.add(True, texts.card(card)):
            return
    pages.end()


class _Pages:
    def __init__(self, export: Export, put: Put, room: int) -> None:
        self.export, self.put, self.room = export, put, room - HEAD_ROOM
        self.parts: list[bytes] = []
        self.size, self.number = 0, 1
        self.is_in_thread = False

    def add(self, is_top: bool, html: str) -> bool:
        """Add a text: an entry or a card, or an answer to the last one; False where there is no room for it."""
        piece = html.encode()
        if self.size and self.size + len(piece) > min(PAGE, self.room):
            if self.number == PAGES_LIMIT or self.room - self.size < LEAST:
                self.end(is_cut=True)
                return False
            self._close_thread()
            self._write(f'<a href="{_name(self.number + 1)}">{_("Older")}</a>')
            self.number += 1
        if len(piece) > self.room:
            self.end(is_cut=True)
            return False
        if is_top:
            self._close_thread()
            self.is_in_thread = True
        elif not self.size:
            piece = b"<article>\n" + piece  # the rest of a thread that began on the page before
            self.is_in_thread = True
        self.parts.append(piece)
        self.size += len(piece)
        return True

    def end(self, is_cut: bool = False) -> None:
        """Write the last page."""
        self._close_thread()
        more = _("There is more in data/ops.jsonl than fits on these pages.")
        self._write("", f"<p>{more}</p>\n" if is_cut else "")

    def _close_thread(self) -> None:
        if self.is_in_thread:
            self.parts.append(b"</article>\n")
            self.is_in_thread = False

    def _write(self, older: str, cut: str = "") -> None:
        newer = f'<a href="{_name(self.number - 1)}">{_("Newer")}</a>' if self.number > 1 else ""
        links = f"<nav>{newer}{older}</nav>\n" if newer or older else ""
        head = f"{_head(self.export, self.number)}<main>\n"
        whole = b"".join((head.encode(), *self.parts, f"{cut}</main>\n{links}</body>\n</html>\n".encode()))
        self.room -= self.put(f"data/{_name(self.number)}", whole)
        self.parts, self.size = [], 0


def _name(number: int) -> str:
    return "readable.html" if number == 1 else f"readable-{number}.html"


def _head(export: Export, number: int) -> str:
    network, server, day = export.own.network_name or "PartnerNet", shown_name(export.own.server), _date(export.at)
    title = _("%(network)s, %(day)s", network=network, day=day)
    if number > 1:
        title = _("%(title)s, page %(number)s", title=title, number=number)
    what = _("What was written, as it stood on %(day)s, newest first.", day=day)
    if server:
        what = _("What was written, as %(server)s had it on %(day)s, newest first.", server=server, day=day)
    files = _("Attached files are in the folder blobs.")
    note = f'<p class="about" dir="auto">{escape(export.note)}</p>\n' if export.note and number == 1 else ""
    return f"""<!doctype html>
<html lang="{language_tag()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1 dir="auto">{escape(network)}</h1>
<p class="about">{escape(what)} {escape(files)}</p>
{note}</header>
"""


# -- texts -----------------------------------------------------------------------------------------


class _Texts:
    """Texts as they stand on a page. Names are kept: a few people write most of what there is."""

    def __init__(self, export: Export, here: Collection[str]) -> None:
        self.export, self.here = export, here
        self.known: dict[Pair, Name] = {}
        self.kinds = {kind.name: escape(str(kind.word)) for kind in KINDS.values()}

    def written(self, group: Sequence[Text]) -> Iterator[tuple[Text, str]]:
        """Some texts with their HTML."""
        session, ids = self.export.session, [text.id for text in group if text.is_shown]
        html, files = rendered(session, ids), filed(session, ids)
        self._learn({(text.node, text.by) for text in group})
        mentioned = {
            (text.node, handle)
            for text in group for one in html.get(text.id, ()) if "@[" in one for handle in mentions(one)
        }  # fmt: skip
        names = named(session, self.export.selection, mentioned) if mentioned else {}
        for text in group:
            words = "".join(_led(one, text.node, names, self.here) for one in html.get(text.id, ()))
            listed = [_file(file, self.here) for file in files.get(text.id, ())]
            yield text, _article(text, words, self.known[text.node, text.by], listed, self.kinds[text.kind])

    def card(self, card: Card) -> str:
        """A card with its HTML."""
        drawn = [(heading, render(words)) for heading, words in card.texts]
        mentioned = {(card.node, handle) for _heading, html in drawn if "@[" in html for handle in mentions(html)}
        names = named(self.export.session, self.export.selection, mentioned) if mentioned else {}
        return _card(
            card, self.kinds[card.kind], [(heading, _led(html, card.node, names, self.here)) for heading, html in drawn]
        )

    def _learn(self, pairs: set[Pair]) -> None:
        if len(self.known) > NAMES_KEPT:
            self.known.clear()
        if unknown := pairs - self.known.keys():
            self.known |= named(self.export.session, self.export.selection, unknown)


def _article(text: Text, words: str, name: Name, files: Sequence[str], kind: str) -> str:
    writer = text.credit or ", ".join(filter(None, (str(name.text), str(name.partner_text))))
    who = f'<p class="who" dir="auto">{escape(writer)}, {_date(text.when)}</p>\n'
    listed = f"<ul>{''.join(files)}</ul>\n" if files else ""
    if not text.is_top:
        return f'<article id="e-{text.id[:12]}">{who}<div dir="auto">{words}</div>\n{listed}</article>\n'
    title = escape(text.title) or kind
    shown = f'<div dir="auto">{words}</div>\n' if text.is_shown else ""
    return (
        f'<article id="e-{text.id[:12]}"><h2 dir="auto">{title}</h2>\n<p class="who">{kind}</p>\n{who}{shown}{listed}'
    )


def _card(card: Card, kind: str, texts: Sequence[tuple[str, str]]) -> str:
    who = "".join(
        f'<p class="who" dir="auto">{words}</p>\n'
        for words in (kind, escape(card.facts), _website(card.website))
        if words
    )
    words = "".join(
        (f"<h3>{escape(heading)}</h3>\n" if heading else "") + f'<div dir="auto">{html}</div>\n'
        for heading, html in texts
    )
    return f'<article id="e-{card.id[:12]}"><h2 dir="auto">{escape(card.name)}</h2>\n{who}{words}'


def _website(address: str) -> str:
    given = escape(address)
    return f'<a href="{given}" rel="noopener noreferrer">{given}</a>' if given else ""


def _led(html: str, node: str, names: Names, here: Collection[str]) -> str:
    """Rendered words with names in them, whose links lead to what is in the bundle, or elsewhere in the world."""
    filled = str(fill(html, names, node)) if "@[" in html else html

    def led(found: re.Match[str]) -> str:
        file, entry = _FILE(found[2]), _ENTRY(found[2])
        if file:
            return f' {found[1]}="blobs/{file[1]}"' if file[1] in here else ""
        return f' href="#e-{entry[1]}"' if entry and found[1] == "href" else ""

    return without_addresses(_ADDRESS.sub(led, filled) if '="/' in filled else filled)


def _file(file: Any, here: Collection[str]) -> str:
    name = escape(MENTION.sub("", file.name))
    if file.sha256 not in here:
        return f'<li dir="auto">{escape(_("%(name)s (not in this bundle)", name=MENTION.sub("", file.name)))}</li>'
    alt = f"<br>{escape(file.alt)}" if file.alt else ""
    return f'<li dir="auto"><a href="blobs/{file.sha256}" download="{name}">{name}</a>{alt}</li>'


def _date(ms: int) -> str:
    return _day(ms // DAY, language())


@lru_cache(maxsize=4096)
def _day(day: int, code: str) -> str:
    return format_date(from_ms(day * DAY).date(), "d MMMM y", locale_of(code))
