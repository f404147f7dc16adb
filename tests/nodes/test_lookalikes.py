"""Letters of another alphabet do not make one name pass for another."""

import pytest

from partnernet.nodes.lookalikes import is_plain, looks, mixes_alphabets


@pytest.mark.parametrize(
    "name", ["N\u043erthside Dance", "N\u039fRTHSIDE DANCE", "\uff2eorthside Dance", "Norths\u0131de Dance"]
)
def test_a_letter_that_passes_for_another_is_seen(name: str) -> None:
    assert looks(name) == "northside dance" and not is_plain(name)


@pytest.mark.parametrize("name", ["Café Löwe", "Cafe\u0301", "Kadıköy", "Hafið", "Żółw", "Дім культури", "剧院"])
def test_a_name_in_one_alphabet_does_not_mix_them(name: str) -> None:
    assert not mixes_alphabets(name)


def test_words_in_several_alphabets_may_stand_beside_each_other() -> None:
    assert mixes_alphabets("H\u0430ll") and mixes_alphabets("The H\u0430ll")
    assert not mixes_alphabets("Театр Hall") and not mixes_alphabets("")


@pytest.mark.parametrize("name", ["Northside Dance", "Café Löwe", "Cafe\u0301"])
def test_most_names_are_plain(name: str) -> None:
    assert is_plain(name)
