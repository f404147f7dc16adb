"""The canonical form of JSON in the ledger: RFC 8785 in a narrow profile, and RFC 4648 base32.

Inside the profile (ASCII keys, no floats, integers below 2^53) `orjson` with sorted keys equals
RFC 8785; the tests hold it against the `rfc8785` package.
"""

import re
from collections.abc import Iterable
from typing import Any

import orjson

from partnernet.core.errors import BadBundle
from partnernet.core.words import _

LINE_LIMIT = 1 << 20
DEPTH_LIMIT = 16
INTEGER_LIMIT = 1 << 53

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}").fullmatch
_HALF = re.compile(r"[\ud800-\udfff]").search
_USUAL = frozenset(("b", "bh", "body", "by", "ent", "for", "h", "id", "inc", "kind", "log", "node", "nw", "par", "re",
                    "root", "salt", "seq", "set", "sig", "title", "ts", "v", "who"))  # fmt: skip
"""Keys that are known to be good, and are most of all."""
_LETTERS, _DIGITS = b"abcdefghijklmnopqrstuvwxyz234567", b"0123456789abcdefghijklmnopqrstuv"
_TO_DIGITS = bytes(_DIGITS[_LETTERS.index(byte)] if byte in _LETTERS else ord("!") for byte in range(256))
"""Digits to the base of 32 for the letters of base32; what is no letter becomes what `int` refuses."""
_TO_LETTERS = bytes(_LETTERS[byte % 32] for byte in range(256))
_TO_BITS = bytes(byte & 1 for byte in range(256))
"""The bits that the characters 0 and 1 stand for."""


def encode(value: object) -> bytes:
    """The canonical bytes of a value that is known to be inside the profile."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def checked(value: object) -> bytes:
    """The canonical bytes of a value of our own making; raises BadBundle outside the profile."""
    check(value)
    return encode(value)


def decode(line: bytes, depth: int = 0) -> Any:
    """Parse one canonical line; anything that would not encode to the same bytes is refused.

    `depth`: in how many others the value stands, where it is a part of a line.
    """
    if len(line) > LINE_LIMIT:
        raise BadBundle(_("A line is longer than 1 MiB."))
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadBundle(_("A line is not JSON.")) from error
    _check_all((value,), depth)
    if encode(value) != line:
        raise BadBundle(_("A line is not in canonical form."))
    return value


def check(value: object) -> None:
    """Raise BadBundle unless the value is inside the profile."""
    _check_all((value,), 0)


def _check_all(items: Iterable[Any], depth: int) -> None:
    """Check what stands in one object or list; all of a bundle comes through here."""
    for item in items:
        if isinstance(item, str):
            if "\0" in item:
                raise BadBundle(_("A text has the character U+0000 in it."))
            if not item.isascii() and _HALF(item):
                raise BadBundle(_("A text has half a character in it."))
        elif item is None or item is True or item is False:
            continue
        elif isinstance(item, int):
            if not -INTEGER_LIMIT < item < INTEGER_LIMIT:
                raise BadBundle(_("A number is larger than the format allows."))
        elif depth >= DEPTH_LIMIT:
            raise BadBundle(_("A line is nested deeper than 16 levels."))
        elif isinstance(item, dict):
            for key in item:
                if key not in _USUAL and not (isinstance(key, str) and _KEY(key)):
                    raise BadBundle(_("A line has a key that the format does not allow."))
            _check_all(item.values(), depth + 1)
        elif isinstance(item, list):
            _check_all(item, depth + 1)
        elif isinstance(item, float) and abs(item) >= INTEGER_LIMIT:  # digits alone, but more than the parser holds
            raise BadBundle(_("A number is larger than the format allows."))
        else:
            raise BadBundle(_("A line has a number with a fraction, which the format does not allow."))


def to_base32(raw: bytes) -> str:
    """Lower-case base32 without padding.

    Written as bits, of which every fifth make one number, a byte a letter: five numbers put together are all the
    letters at once. Every op that leaves comes through here, and this takes half of what `b32encode` does.
    """
    letters = -(-8 * len(raw) // 5)
    bits = f"{int.from_bytes(raw, 'big') << (5 * letters - 8 * len(raw)):0{5 * letters}b}".encode().translate(_TO_BITS)
    number = 0
    for place in range(5):
        number = number << 1 | int.from_bytes(bits[place::5], "big")
    return number.to_bytes(letters, "big").translate(_TO_LETTERS).decode()


def is_base32(text: str, size: int) -> bool:
    """Whether a text is base32 of exactly `size` bytes."""
    try:
        from_base32(text, size)
    except BadBundle:
        return False
    return True


def from_base32(text: str, size: int) -> bytes:
    """Exactly `size` bytes from lower-case base32 without padding; raises BadBundle otherwise."""
    bits = 8 * size
    letters = -(-bits // 5)
    try:
        if len(text) != letters:
            raise ValueError
        number = int(text.encode("ascii").translate(_TO_DIGITS), 32)
    except ValueError:
        raise BadBundle(_("An id, key or signature is not in the form it should have.")) from None
    spare = 5 * letters - bits
    if number & ((1 << spare) - 1):
        raise BadBundle(_("An id, key or signature is not in the form it should have."))
    return (number >> spare).to_bytes(size, "big")
