"""What two servers say to each other: names, limits, signatures, and how bodies are packed (`docs/sync.md`)."""

import gzip
import hmac
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from partnernet.core.errors import BadBundle, TooLarge
from partnernet.core.ledger.canonical import from_base32, to_base32
from partnernet.core.ledger.node import SigningKey
from partnernet.core.words import _

FORMAT = "partnernet-sync/1"
REQUEST = b"partnernet-sync-v1"
ANSWER = b"partnernet-sync-v1-answer"

WELL_KNOWN = "/.well-known/partnernet"
HAVE = "/sync/v1/have"
OPS = "/sync/v1/ops"
BLOBS = "/sync/v1/blobs/"

SIGNATURE = "PartnerNet-Signature"
CHALLENGE = "PartnerNet-Challenge"
SCHEME = "PartnerNet"
JSON = "application/vnd.partnernet+json"
LINES = "application/vnd.partnernet+jsonl"
BYTES = "application/octet-stream"

PAGE_OPS = 2_000
PAGE_BYTES = 5_000_000
HEAD_LIMIT = 1 << 20
"""The first line of a page, which says what is asked for or what became of it."""
PAGE_LIMIT = PAGE_BYTES + HEAD_LIMIT + (1 << 20)
"""A page unpacked: one line that begins below `PAGE_BYTES` may go over it."""
HAVE_LIMIT = 4 << 20
NOTHING = 1_024
"""The body of a request that needs none."""
PIECE = 4 << 20
"""Bytes of a file in one answer."""
AT_ONCE = 8
"""Megabytes that whatever stands before a server has to let through in one request: a page at its largest."""
LEAST_PIECE = 64 << 10
"""Bytes that a page or a piece may have on the worst of lines."""
IDS = 10_000
"""Ids in one answer, where two servers compare what they hold."""
BODIES = 200
"""Texts that are missing here and asked for in one exchange."""
FILES = 500
"""Files that are asked after at once."""

CHALLENGE_MS = 600_000
PACKED_FROM = 700
"""Bytes below which packing gains nothing."""

_STALE_OR_NEW = re.compile(r"([0-9a-f]{1,16})\.([a-z2-7]{26})").fullmatch
_CLAIM = re.compile(
    r'PartnerNet node="([a-z2-7]{52})", challenge="([0-9a-f.a-z2-7]{10,60})", signature="([a-z2-7]{103})"'
).fullmatch


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of who sent it."""

    node: str
    challenge: str
    signature: str

    def header(self) -> str:
        """As the header `Authorization` has it."""
        return f'{SCHEME} node="{self.node}", challenge="{self.challenge}", signature="{self.signature}"'


def read_claim(header: str | None) -> Claim | None:
    """The claim in a header; None for anything else."""
    found = _CLAIM(header or "")
    return Claim(*found.groups()) if found else None


# -- signatures ------------------------------------------------------------------------------------


def claim(key: SigningKey, receiver: str, method: str, target: str, body: bytes, challenge: str) -> Claim:
    """Sign a request to a node; `target` is the path with its query, `body` the bytes as they are sent."""
    signed = key.sign(_request(receiver, method, target, body, challenge))
    return Claim(key.public, challenge, to_base32(signed))


def is_claimed(given: Claim, receiver: str, method: str, target: str, body: bytes) -> bool:
    """Whether the node that a claim names signed this very request."""
    return _verifies(given.node, given.signature, _request(receiver, method, target, body, given.challenge))


def sign_answer(key: SigningKey, asked: Claim, status: int, span: str, body: bytes) -> str:
    """Sign an answer to a request; `span` is its Content-Range, or empty."""
    return to_base32(key.sign(_answer(key.public, asked, status, span, body)))


def is_answer(node: str, signature: str, asked: Claim, status: int, span: str, body: bytes) -> bool:
    """Whether a node signed this very answer to a request."""
    return _verifies(node, signature, _answer(node, asked, status, span, body))


def _request(receiver: str, method: str, target: str, body: bytes, challenge: str) -> bytes:
    return _joined(REQUEST, receiver, method, target, sha256(body).hexdigest(), challenge)


def _answer(node: str, asked: Claim, status: int, span: str, body: bytes) -> bytes:
    return _joined(ANSWER, node, asked.node, asked.signature, str(status), span, sha256(body).hexdigest())


def _joined(prefix: bytes, *parts: str) -> bytes:
    return b"\n".join((prefix, *(part.encode() for part in parts)))


def _verifies(node: str, signature: str, message: bytes) -> bool:
    try:
        crypto_sign_open(from_base32(signature, 64) + message, from_base32(node, 32))
    except (BadSignatureError, BadBundle, ValueError):
        return False
    return True


# -- challenges ------------------------------------------------------------------------------------


def challenge(secret: bytes, node: str, now: int) -> str:
    """A challenge of this moment, by the clock here; nothing of it is stored. `now` in milliseconds."""
    return f"{max(now, 0):x}.{_mac(secret, node, max(now, 0))}"


def is_fresh(secret: bytes, node: str, given: str, now: int) -> bool:
    """Whether a challenge was made here within the last ten minutes."""
    found = _STALE_OR_NEW(given)
    if found is None:
        return False
    at = int(found[1], 16)
    return hmac.compare_digest(found[2], _mac(secret, node, at)) and 0 <= now - at < CHALLENGE_MS


def _mac(secret: bytes, node: str, at: int) -> str:
    digest = hmac.digest(secret, b"\n".join((REQUEST, node.encode(), str(at).encode())), "sha256")
    return to_base32(digest[:16])


# -- bodies ----------------------------------------------------------------------------------------


def pack(body: bytes) -> tuple[bytes, Mapping[str, str]]:
    """A body as it is sent, and the header that says so."""
    if len(body) < PACKED_FROM:
        return body, {}
    return gzip.compress(body, 6, mtime=0), {"Content-Encoding": "gzip"}


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """A body as it was before it was packed; raises TooLarge past `limit` bytes, BadBundle for what is damaged."""
    if encoding in ("", "identity"):
        if len(body) > limit:
            raise _too_large(limit)
        return body
    if encoding != "gzip":
        raise BadBundle(_("What was sent is packed in a way that is not part of this exchange."))
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise BadBundle(_("What was sent is damaged: it cannot be unpacked.")) from error
    if len(out) > limit:
        raise _too_large(limit)
    if not unpacker.eof or unpacker.unused_data:
        raise BadBundle(_("What was sent is damaged: it cannot be unpacked."))
    return out


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("What was sent is larger than the %(limit)s MB that one step may have.", limit=limit >> 20))


def limits() -> dict[str, Any]:
    """What this server takes and gives at once, as it says itself."""
    return {"ops": PAGE_OPS, "bytes": PAGE_BYTES, "have": HAVE_LIMIT, "piece": PIECE, "ids": IDS, "files": FILES}
