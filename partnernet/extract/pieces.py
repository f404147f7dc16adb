"""From what a reader gives to pieces of an even size, tidied: what stands in a table and an index."""

import re
from collections.abc import Iterable, Iterator

from partnernet.extract import PIECE, Enough, Piece

LABEL_LIMIT = 120

_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}


def pieces(fragments: Iterable[tuple[int, str, str]]) -> Iterator[Piece]:
    """Put together what belongs to one page, and cut what is too long at a space; raises Enough after a part."""
    place, held, size = (0, ""), list[str](), 0
    ended: list[Enough] = []
    for page, label, given in _until_enough(fragments, ended):
        text, here = tidy(given), (page, tidy(label)[:LABEL_LIMIT])
        if not text:
            continue
        if held and (here != place or size + len(text) >= PIECE):
            yield Piece(*place, " ".join(held))
            held, size = [], 0
        place = here
        while len(text) > PIECE:
            at = text.rfind(" ", PIECE // 2, PIECE)
            at = at if at > 0 else PIECE
            yield Piece(*place, text[:at])
            text = text[at:].lstrip()
        if text:
            held.append(text)
            size += len(text) + 1
    if held:
        yield Piece(*place, " ".join(held))
    if ended:
        raise ended[0]


def tidy(text: str) -> str:
    """A text on one line, of whole characters that every database takes, its ligatures taken apart."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(_UNWANTED.sub("", whole.translate(_LIGATURES)).split())


def _until_enough(fragments: Iterable[tuple[int, str, str]], ended: list[Enough]) -> Iterator[tuple[int, str, str]]:
    """The fragments up to where their reader stopped, so that those before it are not lost."""
    try:
        yield from fragments
    except Enough as enough:
        ended.append(enough)
