"""Forms of entries: what a browser sent, as the models take it."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from partnernet.entries.form import Blamed, EntryForm, WritingForm
from partnernet.exchange.form import TakeForm
from partnernet.ideas.form import StageForm


def test_heads_that_somebody_made_up_never_reach_the_database() -> None:
    form = WritingForm(MultiDict({"heads": "abc2 d\0e 'or-1=1 fgh7"}))
    assert form.seen == ["abc2", "fgh7"]


@pytest.mark.parametrize(
    ("form", "field"),
    [(EntryForm, "visibility"), (StageForm, "stage"), (lambda given: TakeForm(given).offer([]), "form")],
)
def test_a_choice_that_was_not_offered_is_refused_in_our_words(form: Callable[[Any], Blamed], field: str) -> None:
    made = form(MultiDict({field: "nobody"}))
    assert not made.validate()
    assert made.errors[field] == ["Please choose one of those that are offered."]
