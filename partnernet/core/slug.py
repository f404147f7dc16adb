"""Titles in plain letters, for addresses."""

import re
import unicodedata
from functools import lru_cache

SLUG_LIMIT = 60

_WORDS = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=2_000)
def slug(title: str) -> str:
    """A title in plain letters: What does a hall need? becomes what-does-a-hall-need."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    kept = ""
    for word in _WORDS.findall(plain):
        if len(kept) + len(word) + 1 > SLUG_LIMIT:
            break
        kept = f"{kept}-{word}" if kept else word
    return kept
