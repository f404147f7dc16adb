"""The canonical form of JSON in the ledger: RFC 8785 in a narrow profile, and RFC 4648 base32.

Inside the profile (ASCII keys, no floats, integers below 2^53) `orjson` with sorted keys equals
RFC 8785; the tests hold it against the `rfc8785` package.
"""

import re
from base64 import b32encode
from typing import Any

import orjson

from partnernet.core.errors import BadBundle
from partnernet.core.words import _

LINE_LIMIT = 1 << 20
DEPTH_LIMIT = 16
INTEGER_LIMIT = 1 << 53

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}").fullmatch
_BASE32 = re.compile(r"[a-z2-7]+").fullmatch
_TO_DIGITS = str.maketrans("abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdefghijklmnopqrstuv")


def encode(value: object) -> bytes:
    """The canonical bytes of a value that is known to be inside the profile."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def checked(value: object) -> bytes:
    """The canonical bytes of a value of our own making; raises BadBundle outside the profile."""
    check(value)
    return encode(value)


def decode(line: bytes) -> Any:
    """Parse one canonical line; anything that would not encode to the same bytes is refused."""
    if len(line) > LINE_LIMIT:
        raise BadBundle(_("A line is longer than 1 MiB."))
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadBundle(_("A line is not JSON.")) from error
    check(value)
    if encode(value) != line:
        raise BadBundle(_("A line is not in canonical form."))
    return value


def check(value: object, depth: int = 0) -> None:
    """Raise BadBundle unless the value is inside the profile."""
    if isinstance(value, str):
        if "\0" in value:
            raise BadBundle(_("A text has the character U+0000 in it."))
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise BadBundle(_("A text has half a character in it."))
    elif value is None or isinstance(value, bool):
        pass
    elif isinstance(value, int):
        if not -INTEGER_LIMIT < value < INTEGER_LIMIT:
            raise BadBundle(_("A number is larger than the format allows."))
    elif depth >= DEPTH_LIMIT:
        raise BadBundle(_("A line is nested deeper than 16 levels."))
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not _KEY(key):
                raise BadBundle(_("A line has a key that the format does not allow."))
            check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            check(item, depth + 1)
    else:
        raise BadBundle(_("A line has a number with a fraction, which the format does not allow."))


def to_base32(raw: bytes) -> str:
    """Lower-case base32 without padding."""
    return b32encode(raw).decode().rstrip("=").lower()


def from_base32(text: str, size: int) -> bytes:
    """Exactly `size` bytes from lower-case base32 without padding; raises BadBundle otherwise."""
    bits = 8 * size
    if len(text) != -(-bits // 5) or not _BASE32(text):
        raise BadBundle(_("An id, key or signature is not in the form it should have."))
    number = int(text.translate(_TO_DIGITS), 32)
    spare = 5 * len(text) - bits
    if number & ((1 << spare) - 1):
        raise BadBundle(_("An id, key or signature is not in the form it should have."))
    return (number >> spare).to_bytes(size, "big")
