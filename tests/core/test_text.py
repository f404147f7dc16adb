"""Texts as HTML: what a page around them can rely on."""

import re

import pytest

from partnernet.core.text import plain_text, render, without_addresses


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ("# A\n\n## B\n\n# C", "232"),
        ("## A\n\n### B\n\n## C", "232"),
        ("### A\n\n# B\n\n### C", "223"),
        ("## A\n\n##### B\n\n### C\n\n## D", "2332"),
        ("# A\n\n## B\n\n### C\n\n#### D\n\n##### E\n\n###### F", "234566"),
    ],
)
def test_headings_begin_at_h2_and_skip_no_level(written: str, levels: str) -> None:
    html = render(written)
    assert "".join(re.findall(r"<h([1-6]) ", html)) == levels
    assert re.findall(r"<h([1-6]) ", html) == re.findall(r"</h([1-6])>", html)


def test_headings_of_the_same_words_have_addresses_of_their_own() -> None:
    assert re.findall(r'id="([^"]+)"', render("## Costs\n\n## *Costs*\n\n## ?")) == [
        "h-costs",
        "h-costs-2",
        "h-section",
    ]


def test_addresses_can_be_left_out_where_several_texts_stand_on_a_page() -> None:
    html = render('# Costs\n\n## `<h2 id="x">`')
    assert without_addresses(html) == '<h2>Costs</h2>\n<h3><code>&lt;h2 id="x"&gt;</code></h3>\n'


def test_the_keyboard_reaches_a_table() -> None:
    assert '<table tabindex="0">' in render("| hall | cost |\n|---|---|\n| Corn Hall | 40 |")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![a *press*](https://example.org/p.png)", '<a href="https://example.org/p.png" REL>a press</a>'),
        ("![](https://example.org/p.png)", '<a href="https://example.org/p.png" REL>https://example.org/p.png</a>'),
        ("[![logo](https://e.org/l.png)](https://e.org)", '<a href="https://e.org" REL>logo</a>'),
        ("![x](//e.org/x.png)", "<a REL>x</a>"),
        (f"![y](/files/{'a' * 64})", f'<img src="/files/{"a" * 64}" alt="y">'),
    ],
    ids=["worded", "bare", "in a link", "of no scheme", "own"],
)
def test_a_picture_that_lies_elsewhere_is_a_link_to_it(written: str, shown: str) -> None:
    assert render(written) == "<p>" + shown.replace("REL", 'rel="nofollow noopener"') + "</p>\n"


def test_marks_go_and_the_underscores_inside_a_word_stay() -> None:
    assert plain_text("_Ask_ **Josie** about `NODE_PATH`, file_name_2 and __init__") == (
        "Ask Josie about NODE_PATH, file_name_2 and init"
    )
