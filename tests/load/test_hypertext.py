"""HTML becomes Markdown, whatever state it is in."""

import pytest

from partnernet.load.hypertext import to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Hello <b>all </b>of <i>you</i></p>", "Hello **all** of *you*"),
        ("<h2>One</h2><p>a<br>b", "## One\n\na  \nb"),
        ("<ul><li>One<li><p>Two</p><ul><li>Three</ul></ul>", "- One\n- Two\n  - Three"),
        ('<ol start="3"><li>c</li><li>d</li></ol>', "3. c\n4. d"),
        ("<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc"),
        ("<pre>a  b\n  c</pre>", "```\na  b\n  c\n```"),
        ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1|</td></tr></table>", "| A | B |\n| --- | --- |\n| 1\\| |  |"),
        ('<a href="https://x.example/(a)">page</a>', "[page](https://x.example/%28a%29)"),
        ('<a href="javascript:alert(1)">page</a>', "page"),
        ("<script>alert(1)</script><style>p{}</style><p>text", "text"),
        ("<p>*not* # _this_</p>", "\\*not\\* # \\_this\\_"),
        ("<p># no heading</p>", "\\# no heading"),
        ("<!-- never closed <p>lost", ""),
        ("a < b & c &lt;i&gt;", "a < b & c <i>"),
        ("<b>", ""),
    ],
)
def test_html_reads_the_same_as_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "piece", ["<div>", "<ul><li>", "<b>x", "<", "<!--", "<a href='x'>", "<table><tr><td>", "a<br>"]
)
def test_hostile_pages_end(piece: str) -> None:
    to_markdown(piece * 50_000)
