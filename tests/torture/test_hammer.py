"""Which text of an entry may stand after several writers changed it at once."""

from tests.torture.hammer import Acknowledged, Text


def said(*texts: Text) -> Acknowledged:
    return Acknowledged(entries={"/ideas/one": list(texts)})


def test_a_text_that_was_over_before_a_later_one_began_may_not_stand() -> None:
    both = said(Text("first", 0, 1, True), Text("second", 2, 3, True))
    assert both.newest("/ideas/one") == {"second"}
    assert both.words("/ideas/one") == {"first", "second"}


def test_of_two_that_were_sent_at_once_either_may_stand() -> None:
    assert said(Text("first", 0, 2, True), Text("second", 1, 3, True)).newest("/ideas/one") == {"first", "second"}


def test_a_text_without_an_answer_may_stand_and_may_be_missing() -> None:
    cut_off = said(Text("first", 0, 1, True), Text("second", 2, 3, False))
    assert cut_off.newest("/ideas/one") == {"first", "second"}
    assert cut_off.words("/ideas/one") == {"first"}
