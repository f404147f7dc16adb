"""Six words for two servers: both sides see the same, unless somebody stands between them.

The keys of both, the smaller first, are hashed together; so nobody has to say which of the two words belong
to whom. The hash is a slow one, since whoever stands between two servers would have to try keys until six
words agree on both sides: each try costs a hundred thousand times SHA-256.
"""

from functools import lru_cache
from hashlib import pbkdf2_hmac

from partnernet.core.ledger.canonical import from_base32
from partnernet.nodes import wordlist

DOMAIN = b"partnernet-words-v1"
ROUNDS = 100_000
WORDS = 6
"""66 bits."""


@lru_cache(maxsize=256)
def six_words(one: str, other: str) -> tuple[str, ...]:
    """The words of two node keys; the same whichever is named first."""
    keys = sorted((from_base32(one, 32), from_base32(other, 32)))
    raw = pbkdf2_hmac("sha256", b"".join(keys), DOMAIN, ROUNDS)
    bits = wordlist.BITS * WORDS
    return tuple(wordlist.spell(int.from_bytes(raw, "big") >> 8 * len(raw) - bits, WORDS))


def halves(own: str, other: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is read aloud here, and what is answered there: so that nobody only says yes.

    The server with the smaller key reads the first three words.
    """
    said = six_words(own, other)
    first, last = said[: WORDS // 2], said[WORDS // 2 :]
    is_first = from_base32(own, 32) < from_base32(other, 32)
    return (first, last) if is_first else (last, first)


def spoken(key: str) -> str:
    """The first 16 characters of a key in groups of four, to tell one server from another."""
    return " ".join(key[n : n + 4] for n in range(0, 16, 4))
