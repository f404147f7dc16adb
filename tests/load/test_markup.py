"""HTML inside Markdown becomes Markdown; a tag that is only mentioned stays."""

import pytest

from partnernet.load.markup import plain


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("No tags, 1 < 2.", "No tags, 1 < 2."),
        ("Use the <video> tag, or <del> ... </del>.", "Use the <video> tag, or <del> ... </del>."),
        ("A <b>bold</b> and <i>soft</i> word", "A **bold** and *soft* word"),
        (
            'See <a href="https://x.example/a">this</a> and <a href="/b">that</a>',
            "See [this](https://x.example/a) and that",
        ),
        ('<div class="x">\n\n## Title\n\n</div>\nText', "\n## Title\n\nText"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "\n- a\n- b\n"),
        ('<iframe src="https://v.example/1"></iframe>', "\n<https://v.example/1>\n"),
        ("<script>\nalert(1)\n</script>after", "\n\n"),
        ("a<br>b", "a  \nb"),
        ("| a<br>b |", "| a b |"),
        ("`<b>code</b>`", "`<b>code</b>`"),
        ("```\n<div>\n```", "```\n<div>\n```"),
        ("a <!-- b --> c", "a  c"),
        ("{% include x.md %}\n{: #top}\ntext", "text"),
        ("<table>never closed\ntext", "<table>never closed\ntext"),
    ],
)
def test_html_in_markdown(given: str, made: str) -> None:
    assert plain(given) == made


@pytest.mark.parametrize("piece", ["<p>\n", "<!--", "<a href='x'>", "<b>", "{%", "<div ", "`"])
def test_hostile_texts_end(piece: str) -> None:
    plain(piece * 30_000)
