"""Lines: canonical JSON, ids, hashes and signatures (sections “Canonical JSON” and “An op”)."""

import base64
import hashlib
import json
import re

import rfc8785
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

LINE_LIMIT = 1_048_576
DEPTH = 16
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
ID = re.compile(r"[a-z2-7]{52}")
BY = re.compile(r"node|p[a-z2-7]{26}")
LOG = re.compile(r"public|network|circle:[a-z2-7]{52}")


class Bad(Exception):
    """Something is not as the document says; the word tells what."""


class Later(Exception):
    """A line of a later version: kept aside, unread."""


def parse(line):
    """The op of one line, once everything about it was checked; raises Bad or Later."""
    value = canonical(line)
    if not isinstance(value, dict) or set(value) != {"b", "h", "id", "sig"}:
        raise Bad("parts")
    head, body = value["h"], value["b"]
    if not isinstance(head, dict) or not isinstance(value["id"], str) or not isinstance(value["sig"], str):
        raise Bad("parts")
    if body is not None and not isinstance(body, dict):
        raise Bad("parts")
    check_header(head)
    raw = hashlib.sha256(rfc8785.dumps(head)).digest()
    if base32(value["id"], 32) != raw:
        raise Bad("id")
    if body is not None and base32(head["bh"], 32) != hashlib.sha256(rfc8785.dumps(body)).digest():
        raise Bad("body")
    check_signature(base32(head["node"], 32), b"partnernet-op-v1\n" + raw, value["sig"])
    return value


def canonical(line):
    """Parse a line, and refuse it unless it is the one way to write what it says."""
    if len(line) > LINE_LIMIT:
        raise Bad("long")
    value = strict(line)
    check(value)
    if rfc8785.dumps(value) != line:
        raise Bad("canonical")
    return value


def strict(text):
    """JSON without doubled keys and without numbers that have a fraction."""
    try:
        return json.loads(text.decode(), object_pairs_hook=once, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Bad("json") from error


def once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def refuse(text):
    raise ValueError(text)


def check(value, depth=1, keys=KEY):
    """Hold a value against the profile."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Bad("text")
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 2**53:
            raise Bad("number")
    elif isinstance(value, dict | list):
        if depth > DEPTH:
            raise Bad("depth")
        for item in value.values() if isinstance(value, dict) else value:
            check(item, depth + 1, keys)
        for key in value if isinstance(value, dict) else ():
            check(key)
            if keys and not keys.fullmatch(key):
                raise Bad("key")


def check_header(h):
    """Hold a header against the table of fields."""
    version = h.get("v")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise Bad("version")
    if version > 1:
        raise Later
    good = [
        matches(ID, h.get("node")), matches(BY, h.get("by")), matches(ID, h.get("bh")), matches(LOG, h.get("log")),
        matches(re.compile(r"[a-z2-7]{26}"), h.get("inc")), matches(re.compile(r"[a-z][a-z_]{0,31}"), h.get("kind")),
        "ent" in h and (h["ent"] is None or matches(ID, h["ent"])),
        "root" in h and (h["root"] is None or matches(ID, h["root"])),
        h.get("for") is None or matches(ID, h["for"]), "who" not in h or matches(BY, h["who"]),
        whole(h.get("seq")) and h["seq"] >= 1, whole(h.get("ts")) and h["ts"] >= 0,
    ]  # fmt: skip
    par = h.get("par")
    good.append(isinstance(par, list) and len(par) <= 64 and all(matches(ID, one) for one in par))
    if not all(good) or par != sorted(set(par)) or (h["ent"] is None and par):
        raise Bad("header")


def matches(pattern, value):
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def base32(text, size):
    """Bytes from lower-case base32 without padding, whose spare bits are zero."""
    try:
        raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError as error:
        raise Bad("base32") from error
    if len(raw) != size or written(raw) != text:
        raise Bad("base32")
    return raw


def written(raw):
    """Bytes as lower-case base32 without padding."""
    return base64.b32encode(raw).decode().rstrip("=").lower()


def check_signature(key, message, text):
    """Hold an Ed25519 signature, written in base32, against a key."""
    try:
        VerifyKey(key).verify(message, base32(text, 64))
    except (BadSignatureError, ValueError) as error:
        raise Bad("signature") from error
