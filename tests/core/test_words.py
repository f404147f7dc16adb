"""Words: what the kernel says, in English until somebody speaks another language."""

from partnernet.core.words import _, if_any, lazy, plural


def test_numbers_have_their_separators_and_years_have_none() -> None:
    assert _("At most %(limit)s characters.", limit=200_000) == "At most 200,000 characters."
    assert _("Before %(year)s", year="2026") == "Before 2026"
    assert plural("%(count)s reply", "%(count)s replies", 1) == "1 reply"
    assert plural("%(count)s reply of %(all)s", "%(count)s replies of %(all)s", 1_234, all=5_000) == (
        "1,234 replies of 5,000"
    )


def test_a_percent_sign_stands_for_itself_when_it_is_doubled() -> None:
    assert _("100%% of %(what)s", what="it") == "100% of it"


def test_lazy_words_are_said_when_they_are_shown() -> None:
    words = lazy("Please keep this to %(limit)s characters.", limit=300)
    assert f"{words}" == "Please keep this to 300 characters." == str(words)
    assert words == "Please keep this to 300 characters."


def test_only_what_there_is_is_said() -> None:
    assert if_any("%(count)s hat of %(who)s", "%(count)s hats of %(who)s", 0, who="Wren") == []
    assert if_any("%(count)s hat of %(who)s", "%(count)s hats of %(who)s", 1, who="Wren") == ["1 hat of Wren"]
    assert if_any("%(count)s hat of %(who)s", "%(count)s hats of %(who)s", 2_000, who="Wren") == ["2,000 hats of Wren"]
