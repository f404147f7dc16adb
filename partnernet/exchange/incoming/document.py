"""Reading the one-document form: it is cut into its entries first, so that only one is held at a time."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

import orjson

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical
from partnernet.core.ledger.canonical import DEPTH_LIMIT
from partnernet.core.words import _, lazy
from partnernet.exchange.bundle import JSON_LIMIT, signer, strict_json
from partnernet.exchange.header import read_header

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[{}\[\]]', re.DOTALL)
"""A string, to the end of the text where it is left open, or a bracket."""

SIGNS_LIMIT = 5_000_000
"""Quotes, brackets and commas in one document: ten times what there is in the fullest that anybody writes."""

OP_LEAST = 300
"""Bytes that an id, a hash, a key and a signature take: what is shorter is no op."""

_KEY = re.compile(rb'\s*,?\s*("(?:bundle|signature|ops)")\s*:\s*').fullmatch
_PARTS = ("bundle", "signature", "ops")

AFTER_LAST = lazy("This .pn.json is damaged after its last entry; please ask for it again.")
AT_END = lazy("This .pn.json is damaged at its end; please ask for it again.")
AFTER_END = lazy("This .pn.json is damaged after its end; please ask for it again.")

Span = tuple[int, int]


class Document:
    """A `.pn.json`: a signed header, and the ops as indented objects, which are made canonical again."""

    def __init__(self, file: BinaryIO) -> None:
        self._text = file.read(JSON_LIMIT + 1)
        if len(self._text) > JSON_LIMIT:
            raise BadBundle(_("This is more than 16 MB, too much for one .pn.json; ask for a .pn.zip."))
        if sum(self._text.count(sign) for sign in (b'"', b"[", b"{", b",")) > SIGNS_LIMIT:
            raise BadBundle(_("This .pn.json is made of more small parts than any bundle; nothing of it was read."))
        parts, self._ops = self._cut()
        said = strict_json(self._slice(parts["bundle"]), _("The header of the bundle"))
        self.header = read_header(said)
        self._digest = said.get("ops_sha256")
        signature = strict_json(self._slice(parts["signature"]), _("The signature of the bundle"))
        encoded = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        self.sender = signer(signature, sha256(encoded).digest())
        if self.sender != self.header.node:
            raise BadBundle(_("The bundle says that it is from one server and is signed by another."))
        self._found = ""

    def lines(self) -> Iterator[bytes]:
        """The ops as canonical lines; raises BadBundle where an entry is none."""
        digest = sha256()
        for number, span in enumerate(self._ops, 1):
            value = strict_json(self._slice(span), _("Entry %(number)s", number=number))
            try:
                line = canonical.checked(value)
            except BadBundle as error:
                raise BadBundle(_("Entry %(number)s is damaged. %(why)s", number=number, why=error.sentence)) from error
            digest.update(line)
            digest.update(b"\n")
            yield line
        self._found = digest.hexdigest()

    def check(self) -> None:
        """Hold the lines that were read against the hash in the signed header."""
        if self._found != self._digest:
            raise BadBundle(_("The entries were changed after the bundle was made: their hash is another one."))

    def _slice(self, span: Span) -> bytes:
        return self._text[span[0] : span[1]]

    def _cut(self) -> tuple[dict[str, Span], list[Span]]:
        """Where each part lies, and each op; nothing else may stand between them."""
        parts: dict[str, Span] = {}
        ops: list[Span] = []
        depth, start, after, name, in_ops = 0, 0, 0, "", False
        for token in _TOKEN.finditer(self._text):
            sign = token[0]
            if sign in (b"{", b"["):
                depth += 1
                if depth > DEPTH_LIMIT + 2:
                    raise BadBundle(_("This .pn.json is nested deeper than any bundle; nothing of it was read."))
                if depth == 1 and sign == b"{" and not self._text[: token.start()].strip():
                    after = token.end()
                elif depth == 2:
                    start, name = token.start(), self._name(after, token.start(), parts)
                    in_ops, after = name == "ops" and sign == b"[", token.end()
                elif depth == 3 and in_ops:
                    self._gap(after, token.start(), b"," if ops else b"", _before(len(ops) + 1))
                    start = token.start()
                elif depth < 3:
                    raise BadBundle(_("This .pn.json is damaged at its start; please ask for it again."))
            elif sign in (b"}", b"]"):
                depth -= 1
                if depth == 2 and in_ops:
                    if token.end() - start < OP_LEAST:
                        raise BadBundle(
                            _(
                                "Entry %(number)s is damaged. It does not have the parts of a statement.",
                                number=len(ops) + 1,
                            )
                        )
                    ops.append((start, token.end()))
                    after = token.end()
                elif depth == 1:
                    if in_ops:
                        self._gap(after, token.start(), b"", AFTER_LAST)
                    parts[name] = (start, token.end())
                    in_ops, after = False, token.end()
                elif depth == 0:
                    self._gap(after, token.start(), b"", AT_END)
                    after = token.end()
                    break
        if depth or set(parts) != set(_PARTS):
            raise BadBundle(_("This .pn.json is cut off or damaged; please ask for it again."))
        self._gap(after, len(self._text), b"", AFTER_END)
        return parts, ops

    def _name(self, start: int, end: int, parts: dict[str, Span]) -> str:
        key = _KEY(self._text[start:end])
        comma = b"," in self._text[start:end]
        name = key[1].decode().strip('"') if key else ""
        if not key or name in parts or comma != bool(parts):
            raise BadBundle(_("This .pn.json is damaged between its parts; please ask for it again."))
        return name

    def _gap(self, start: int, end: int, wanted: bytes, sentence: str) -> None:
        if self._text[start:end].strip() != wanted:
            raise BadBundle(str(sentence))


def _before(number: int) -> str:
    return lazy("This .pn.json is damaged before entry %(number)s; please ask for it again.", number=number)
