"""What every form of bundle shares: its names, its limits, its signature, and how its JSON is read."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from partnernet.core.errors import BadBundle
from partnernet.core.ledger.canonical import DEPTH_LIMIT, INTEGER_LIMIT, LINE_LIMIT, from_base32, to_base32
from partnernet.core.ledger.node import Node
from partnernet.core.words import _

ZIP, JSON, JSONL = ".pn.zip", ".pn.json", ".pn.jsonl"
FORMS = (ZIP, JSON, JSONL)

JSON_LIMIT = 16 << 20
HEADER_LIMIT = 4 << 20
OPS_LIMIT = 10_000_000
BLOBS_LIMIT = 20_000
BLOB_LIMIT = 500 << 20
VALUES_LIMIT = 400_000
"""Brackets and commas in JSON beside the ops: a bound on the memory that parsing takes."""

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


def strict_json(text: bytes, what: str) -> Any:
    """Parse JSON from outside, refusing doubled keys, fractions, and what no reader could follow or write again."""
    try:
        if sum(text.count(sign) for sign in (b"[", b"{", b",")) > VALUES_LIMIT:
            raise ValueError("more values than would be read")
        value = json.loads(text.decode(), object_pairs_hook=_pairs, parse_float=_refuse, parse_constant=_refuse)
        _check(value)
        return value
    except (ValueError, RecursionError) as error:
        if isinstance(error, _Doubled):
            raise BadBundle(
                _("%(what)s is not JSON of the form it should have: a key stands in it twice.", what=what)
            ) from error
        raise BadBundle(_("%(what)s is not JSON of the form it should have.", what=what)) from error


class _Doubled(ValueError):
    """A key that stands twice in one object."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Doubled("a key stands in it twice")
    return value


def _check(value: object, depth: int = 1) -> None:
    """Hold JSON to what may stand in a line, but for its keys, which may be any text."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("a text that cannot be written again")
    elif isinstance(value, dict | list):
        if depth > DEPTH_LIMIT:
            raise ValueError("nested too deeply")
        for item in value if isinstance(value, list) else (*value, *value.values()):
            _check(item, depth + 1)
    elif isinstance(value, int) and not -INTEGER_LIMIT < value < INTEGER_LIMIT:
        raise ValueError("a number that is too large")


def _refuse(text: str) -> NoReturn:
    raise ValueError("a number with a fraction")
