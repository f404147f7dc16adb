"""The network's key on paper: it says what it is, and is read back from the paper or its words alone."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from partnernet.core.errors import Invalid
from partnernet.nodes import wordlist
from partnernet.nodes.paper import key_of, read_paper, write_paper

SEED = bytes(range(32))


def paper(seed: bytes = SEED) -> str:
    return write_paper(seed, public="abc", name="Four Tides", network="n", day="2026-11-27")


def words_of(text: str) -> list[str]:
    return [wordlist.all_words()[place] for place in _places(text)]


def _places(text: str) -> list[int]:
    number = int.from_bytes(SEED, "big") << 8 | sha256(SEED).digest()[0]
    return [number >> 11 * place & 2047 for place in reversed(range(24))]


@given(some.binary(min_size=32, max_size=32))
def test_a_key_is_read_back_from_its_paper(seed: bytes) -> None:
    assert read_paper(paper(seed)) == seed


def test_the_words_are_those_of_bip_39() -> None:
    """The test vector of the standard for 32 bytes of 0x7f, and that of zeros."""
    assert read_paper("legal winner thank year wave sausage worth useful " * 2
                      + "legal winner thank year wave sausage worth title") == b"\x7f" * 32  # fmt: skip
    assert read_paper(" ".join(["abandon"] * 23 + ["art"])) == bytes(32)


def test_the_words_alone_are_enough_in_capitals_and_on_lines_of_their_own() -> None:
    assert read_paper("\n".join(word.upper() for word in words_of(paper()))) == SEED
    assert len(key_of(paper()).public) == 52


def test_it_says_what_it_is_in_lines_that_fit_on_paper() -> None:
    text = paper()
    assert "“Four Tides”" in text and "partnernet network-key restore" in text
    assert max(len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 words here"),
        ("abandon " * 23, "23 words here"),
        ("abandon " * 24, "do not belong together"),
        ("abandon " * 23 + "lanternn", "lanternn"),
        (paper().replace("13. ", "31. "), "numbered from 1 to 24"),
        ("x" * 200_000, "1 words here"),
    ],
)
def test_what_is_wrong_with_a_paper_is_said(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_paper(text)


def test_two_words_that_changed_places_are_noticed_nearly_always() -> None:
    words = words_of(paper())
    wrong = 0
    for place in range(23):
        swapped = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
        try:
            wrong += read_paper(" ".join(swapped)) != SEED
        except Invalid:
            continue
    assert wrong <= 2  # a check of eight bits lets one in 256 through
