"""Who answers whom."""

import pytest

from partnernet.load.threads import Header, answers, bare, ids, parents


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("Re: Van", "Van"), ("RE: re[2]: AW: Van", "Van"), ("Re: [list] Re: Van", "Van"), ("[list] Van", "[list] Van"),
     ("Reply: Van", "Reply: Van"), ("", "")],
)  # fmt: skip
def test_a_subject_is_bared(subject: str, expected: str) -> None:
    assert bare(subject) == expected
    assert answers(subject) == (subject != expected)


def test_an_answer_joins_the_newest_thread_of_its_subject() -> None:
    headers = [Header("a", "Van", [], 1), Header("b", "Van", [], 5), Header("c", "Re: Van", [], 9)]
    assert parents([*headers, Header("d", "Re: van", [], 3)]) == {"c": "b", "d": "a"}


def test_the_nearest_known_reference_counts() -> None:
    headers = [Header("a", "x", [], 1), Header("b", "y", ["a", "gone"], 2)]
    assert parents(headers) == {"b": "a"}
    assert parents(headers[1:], {"a": ""}) == {"b": "a"}


def test_rings_are_opened() -> None:
    ring = [Header(name, name, [before], 0) for before, name in zip("cab", "abc", strict=True)]
    assert len(parents(ring)) == 2


def test_of_very_many_references_the_ends_are_kept() -> None:
    kept = ids(" ".join(f"<{n}@x>" for n in range(5_000)))
    assert (kept[0], kept[-1], len(kept)) == ("0@x", "4999@x", 60)
