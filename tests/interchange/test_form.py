"""The form of writing out: what it takes, and what it says of the rest."""

import pytest
from werkzeug.datastructures import MultiDict

from partnernet.interchange.form import OtherProgramsForm


def form(**given: str) -> OtherProgramsForm:
    return OtherProgramsForm(MultiDict({"form": "markdown", "reader": "everything", **given}))


def test_everything_is_chosen_unless_less_is_asked_for() -> None:
    given = form()
    assert given.validate() and given.period == (None, None) and not given.is_for_strangers and not given.kinds.data


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"form": "docx"}, "form", "one of those that are offered"),
        ({"kinds": "person"}, "kinds", "one of those that are offered"),
        ({"first": "tomorrow"}, "first", "as in 2026-03-06"),
        ({"first": "2026-05-01", "last": "2026-04-30"}, "last", "before the first"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(given: dict[str, str], field: str, sentence: str) -> None:
    wrong = form(**given)
    assert not wrong.validate() and list(wrong.errors) == [field]
    assert sentence in " ".join(wrong.errors[field])
