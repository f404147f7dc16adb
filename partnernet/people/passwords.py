"""Passwords: what is accepted, and how they are kept. Hashing takes a while: never inside a transaction."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from partnernet.core.errors import Invalid
from partnernet.core.words import _

MIN_LENGTH = 12
MAX_LENGTH = 1_000
COMMON = Path(__file__).with_name("common_passwords.txt")

MEMORY, ROUNDS, LANES = 19_456, 2, 1
"""What argon2id costs (in KiB, passes and threads), after OWASP's password storage advice."""


def check(password: str, *known: str) -> None:
    """Raise Invalid for a password that is too easily guessed; `known` is what others know of its owner."""
    if len(password) < MIN_LENGTH:
        raise _weak(
            _(
                "Please take %(count)s characters or more; a few words in a row are easy to keep in mind.",
                count=MIN_LENGTH,
            )
        )
    if len(password) > MAX_LENGTH:
        raise _weak(_("Please take at most %(count)s characters.", count=MAX_LENGTH))
    plain = password.casefold()
    if plain in common() or len(set(plain)) < 4:
        raise _weak(_("This is one of the passwords that are tried first; please take another."))
    if plain in {word.casefold() for word in known}:
        raise _weak(_("Please take something else than your own name or e-mail address."))


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return str(_hasher().hash(password))


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one kept; without one it takes as long, and is never right."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        right = _hasher().verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(right) and kept != ""


def is_outdated(kept: str) -> bool:
    """Whether a hash was made at another cost than today's."""
    return bool(_hasher().check_needs_rehash(kept))


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """The commonest passwords, in small letters."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@lru_cache(maxsize=1)
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY, parallelism=LANES)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash to compare with where there is none, so that an unknown address takes as long as a known one."""
    import secrets

    return hashed(secrets.token_urlsafe(32))


def _weak(sentence: str) -> Invalid:
    return Invalid(sentence, {"password": sentence})
