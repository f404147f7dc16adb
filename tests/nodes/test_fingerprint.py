"""Six words: the same on both sides, and others for any other pair of servers."""

from hashlib import pbkdf2_hmac
from pathlib import Path

from hypothesis import assume, given
from hypothesis import settings as effort
from hypothesis import strategies as some

from partnernet.core.ledger.canonical import to_base32
from partnernet.nodes import wordlist
from partnernet.nodes.fingerprint import halves, six_words, spoken

ONE, OTHER, THIRD = (to_base32(bytes([n]) * 32) for n in (1, 2, 3))
keys = some.binary(min_size=32, max_size=32).map(to_base32)


def test_both_sides_see_the_same_words() -> None:
    assert six_words(ONE, OTHER) == six_words(OTHER, ONE)
    assert len(six_words(ONE, OTHER)) == 6


def test_the_words_are_these() -> None:
    """Written out, so that another implementation can hold itself against them."""
    raw = pbkdf2_hmac("sha256", bytes([1]) * 32 + bytes([2]) * 32, b"partnernet-words-v1", 100_000)
    bits = "".join(f"{byte:08b}" for byte in raw)
    expected = [wordlist.all_words()[int(bits[11 * n : 11 * n + 11], 2)] for n in range(6)]
    assert list(six_words(ONE, OTHER)) == expected == WORDS
    assert f"*{' '.join(WORDS)}*" in (Path(__file__).parents[2] / "docs" / "trust.md").read_text(encoding="utf-8")


WORDS = ["hip", "iron", "chapter", "taxi", "hello", "allow"]


@effort(max_examples=5, deadline=None)
@given(keys, keys, keys)
def test_another_server_has_other_words(one: str, other: str, third: str) -> None:
    assume(len({one, other, third}) == 3)
    assert six_words(one, other) != six_words(one, third)


def test_one_reads_what_the_other_expects() -> None:
    ours, theirs = halves(ONE, OTHER)
    assert halves(OTHER, ONE) == (theirs, ours)
    assert ours + theirs == six_words(ONE, OTHER)


def test_a_key_is_told_from_another_by_its_beginning() -> None:
    assert spoken("abcdefghijklmnopqrst") == "abcd efgh ijkl mnop"
