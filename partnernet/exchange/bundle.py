"""What every form of bundle shares: its names, its limits, its signature, and how its JSON is read."""

import re
from collections.abc import Iterator
from typing import Any

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from partnernet.core.errors import BadBundle
from partnernet.core.ledger.canonical import LINE_LIMIT, from_base32, to_base32
from partnernet.core.ledger.node import Node
from partnernet.core.outside import strict_json as strict_json
from partnernet.core.words import _

ZIP, JSON, JSONL = ".pn.zip", ".pn.json", ".pn.jsonl"
FORMS = (ZIP, JSON, JSONL)

JSON_LIMIT = 16 << 20
HEADER_LIMIT = 4 << 20
OPS_LIMIT = 10_000_000
BLOBS_LIMIT = 20_000
BLOB_LIMIT = 500 << 20
RATIO_LIMIT = 100
RATIO_SPARED = 1 << 20
"""Bytes up to which a file may be as dense as it likes."""

READ = 256 << 10
PREFIX = b"partnernet-bundle-v1\n"

_NAMED = re.compile(rb'"sha256":"([0-9a-f]{64})"').findall


def form_of(name: str) -> str:
    """The form that a file's name speaks of; raises BadBundle where it speaks of none."""
    for form in FORMS:
        if name.lower().endswith((form, form.removeprefix(".pn"))):
            return form
    raise BadBundle(_("The name of a bundle ends in .pn.zip, .pn.json or .pn.jsonl, not like “%(name)s”.", name=name))


def sign(node: Node, digest: bytes) -> dict[str, str]:
    """Sign a bundle as whoever hands it over; `digest` is the SHA-256 of what stands for all of it."""
    return {"node": node.id, "sig": to_base32(node.key.sign(PREFIX + digest))}


def signer(signature: object, digest: bytes) -> str:
    """The node that handed a bundle over; raises BadBundle where its signature is not good."""
    if not isinstance(signature, dict):
        raise BadBundle(_("The signature of the bundle is not in the form it should have."))
    node, sig = signature.get("node"), signature.get("sig")
    if not isinstance(node, str) or not isinstance(sig, str):
        raise BadBundle(_("The signature of the bundle is not in the form it should have."))
    try:
        crypto_sign_open(from_base32(sig, 64) + PREFIX + digest, from_base32(node, 32))
    except (BadSignatureError, ValueError) as error:
        raise BadBundle(_("The signature of the bundle does not belong to what is in it.")) from error
    return node


def named_files(body: bytes | None) -> list[str]:
    """The hashes of the files that the canonical body of an op names, of unknown kinds too."""
    if body is None or b'"sha256"' not in body:
        return []
    return [name.decode() for name in _NAMED(body)]


def split_lines(read: Any, limit: int = LINE_LIMIT) -> Iterator[bytes]:
    """The lines of a stream, without their newlines, in bounded memory; raises BadBundle over `limit`."""
    rest = b""
    while chunk := read(READ):
        first, *lines = chunk.split(b"\n")
        rest += first
        for line in lines:
            yield rest
            rest = line
        if len(rest) > limit:
            break
    if len(rest) > limit:
        yield rest[: limit + 1]  # whoever reads it says on which line that was
    elif rest:
        yield rest
