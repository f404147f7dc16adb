"""Plain text becomes Markdown that reads as it was meant."""

import pytest

from partnernet.core.text import render
from partnernet.load.plain import to_markdown


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("one two\nthree", "one two  \nthree"),
        ("A line that was wrapped at the usual width because it would not fit in\none line", None),
        ("# not a heading", "\\# not a heading"),
        ("1999. A good year", "1999\\. A good year"),
        ("file_name and __init__", "file_name and \\_\\_init\\_\\_"),
        ("a *really* good _idea_", "a *really* good _idea_"),
        ("2 * 3 * 4", "2 \\* 3 \\* 4"),
        ("AT&amp;T and R&D", "AT\\&amp;T and R&D"),
        ("see [1](2)", "see [1\\](2)"),
        ("C:\\[x]", "C:\\\\[x]"),
        ("http://x.example/a_b_*c*", "http://x.example/a_b_*c*"),
        ("Bring:\n- milk\n- tea", "Bring:\n\n- milk\n- tea"),
        ("  * one\n    goes on\n  * two", "- one\n  goes on\n- two"),
        ("Notes\n=====\n\nText", "## Notes\n\nText"),
        ("one\n\n----------\n\ntwo", "one\n\n---\n\ntwo"),
        ("> said\n> again\nanswer", "> said  \n> again\n\nanswer"),
        ("JG> said so\n\nanswer", "> *JG:* said so\n\nanswer"),
        ("> > deep\n> less", "> > deep\n>\n> less"),
        ("name    phone   van\nGwen    123     yes", "```\nname    phone   van\nGwen    123     yes\n```"),
        ("text\n\n-- \nGwen", "text\n\n---\n\nGwen"),
        ("\tAn indented paragraph is no code.", "An indented paragraph is no code."),
        ("a\x00b\x1bc\u2028d", "abcd"),
    ],
)
def test_plain_text_reads_as_it_was_meant(plain: str, markdown: str | None) -> None:
    assert to_markdown(plain, has_signature=True) == (plain if markdown is None else markdown)


@pytest.mark.parametrize(
    "line",
    ["# a", "- ", "+ a", "*a", "_a_b", "`a`", "~~a~~", "<b>a</b>", "[a]: b", "[a][b]", "![a](b)", "a\\*", "&lt;",
     "> ", "=="],
)  # fmt: skip
def test_what_was_typed_is_what_is_read(line: str) -> None:
    html = render(to_markdown(f"words {line} words"))
    from html import unescape

    text = unescape(html.removeprefix("<p>").removesuffix("</p>\n"))
    assert text == f"words {' '.join(line.split())} words"


def test_flowed_lines_are_joined() -> None:
    assert to_markdown("one \ntwo \nthree\nfour", flowed=True) == "one two three  \nfour"


def test_quotations_of_any_depth_stay_shallow() -> None:
    assert to_markdown(">" * 500 + " deep").count(">") <= 7


def test_an_indentation_begins_a_paragraph() -> None:
    lines = ["A first paragraph whose last line is quite long, yet is ended", "   Another paragraph begins here, with"]
    assert "\n\n" not in to_markdown("\n".join(lines))
    short = ["A first paragraph, which is wrapped at the usual width of such a thing,", "and ends.",
             "   Another paragraph begins here, and it is wrapped at the usual width"]  # fmt: skip
    assert to_markdown("\n".join(short)).count("\n\n") == 1
