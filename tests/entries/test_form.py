"""Forms of entries: what a browser sent, as the models take it."""

from werkzeug.datastructures import MultiDict

from partnernet.entries.form import WritingForm


def test_heads_that_somebody_made_up_never_reach_the_database() -> None:
    form = WritingForm(MultiDict({"heads": "abc2 d\0e 'or-1=1 fgh7"}))
    assert form.seen == ["abc2", "fgh7"]
