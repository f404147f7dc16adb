"""The words: brought in unchanged, with their licence, and read back as they were spelled."""

import json
from hashlib import sha384

import pytest
from hypothesis import given
from hypothesis import strategies as some

from partnernet.core.errors import Invalid
from partnernet.nodes import wordlist

FOLDER = wordlist.FILE.parent
LISTED = json.loads((FOLDER / "wordlist.json").read_text())


def test_the_list_is_the_one_that_was_brought_in() -> None:
    (entry,) = LISTED
    content = (FOLDER / entry["file"]).read_bytes()
    assert (len(content), sha384(content).hexdigest()) == (entry["bytes"], entry["sha384"])
    assert (
        entry["source"].startswith("pypi:mnemonic@") and "MIT License" in (FOLDER / entry["licence_text"]).read_text()
    )


def test_the_words_are_short_and_told_apart_by_their_first_letters() -> None:
    words = wordlist.all_words()
    assert len(words) == 1 << wordlist.BITS == len({word[:4] for word in words})
    assert max(map(len, words)) <= 8 and list(words) == sorted(words)


@given(some.integers(0, (1 << 66) - 1))
def test_a_number_is_read_back(number: int) -> None:
    assert wordlist.read(wordlist.spell(number, 6)) == number


def test_capitals_do_not_matter_and_another_word_is_said() -> None:
    assert wordlist.read(["Abandon", "ZOO"]) == 2047
    with pytest.raises(Invalid, match="lanternn"):
        wordlist.read(["lanternn"])
