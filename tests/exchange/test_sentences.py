"""What the exchange says of what it counted."""

from partnernet.exchange import counted, sentences


def test_things_are_counted_by_kind_the_most_first() -> None:
    assert counted.kinds({"reply": 1, "person": 3, "count_in": 2}) == "3 people, 2 count ins, 1 reply"


def test_what_another_maker_says_of_its_bundle_is_shown_as_it_came() -> None:
    said = sentences.left_out(
        [
            {"what": "attachments", "why": "they travel in a .pn.zip", "count": 1200},
            {"what": "drawings", "why": "the cat sat on them"},
        ]
    )
    assert said == [
        "Left out: attachments: 1,200 (they travel in a .pn.zip).",
        "Left out: drawings (the cat sat on them).",
    ]


def test_a_receipt_says_nothing_of_what_there_was_none_of() -> None:
    none = {"ops": 0, "late": 0, "files": 0, "known": 0, "waiting": 0, "refused": {}}
    assert sentences.of_receipt(none | {"waiting": 9}) == ["9 statements waiting for a steward."]
    assert sentences.of_receipt(none) == ["There is nothing in it that is not here already."]
