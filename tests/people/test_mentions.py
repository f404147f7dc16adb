"""Mentions become names as they are shown."""

from partnernet.core.text import render
from partnernet.people.mentions import fill, plain, resolve
from partnernet.people.names import ELSEWHERE, FORMER, SOMEBODY, Name

HERE, THERE, AWAY = "a" * 52, "b" * 52, "c" * 52
JOSIE = "p" + "a" * 26
ROBIN = "p" + "b" * 26
NAMES = {
    (HERE, JOSIE): Name("Josie <Calder>", "/people/josie?a=1&b=2"),
    (THERE, JOSIE): Name("Another Josie", "/people/another"),
    (THERE, ROBIN): Name("Robin", "/people/robin"),
    (HERE, ROBIN): ELSEWHERE,
}


def test_a_mention_is_a_link_with_the_name_escaped() -> None:
    html = fill(render(f"Ask @[{JOSIE}]."), NAMES, HERE)
    expected = '<a class="mention" href="/people/josie?a=1&amp;b=2">Josie &lt;Calder&gt;</a>'
    assert html == f"<p>Ask {expected}.</p>\n"


def test_the_person_at_the_authors_node_is_meant_first() -> None:
    assert resolve(JOSIE, NAMES, HERE).text == "Josie <Calder>"
    assert resolve(JOSIE, NAMES, THERE).text == "Another Josie"


def test_else_the_only_one_who_has_the_handle() -> None:
    assert resolve(ROBIN, NAMES, HERE).text == "Robin"


def test_else_somebody() -> None:
    assert resolve(JOSIE, NAMES, AWAY) == SOMEBODY
    assert resolve("p" + "c" * 26, NAMES, HERE) == SOMEBODY


def test_a_former_member_has_no_link() -> None:
    assert fill(f"<p>@[{JOSIE}]</p>", {(HERE, JOSIE): FORMER}, HERE) == (
        '<p><span class="mention">former member</span></p>'
    )


def test_inside_a_link_a_name_is_no_second_link() -> None:
    html = fill(render(f"[what @[{ROBIN}] said](/x) and @[{ROBIN}]"), NAMES, THERE)
    assert html.count("<a ") == 2
    assert '<span class="mention">Robin</span> said</a>' in html


def test_a_mention_in_an_attribute_cannot_break_out_of_it() -> None:
    html = fill(render(f'[words](/x "by @[{JOSIE}]")'), {(HERE, JOSIE): Name('" onmouseover="x', "/p")}, HERE)
    assert 'onmouseover="x' not in html
    assert html.count("<a ") == 1


def test_plain_text_holds_names_too() -> None:
    assert plain(f"Ask @[{ROBIN}]", NAMES, THERE) == "Ask Robin"


def test_text_without_mentions_is_left_alone() -> None:
    assert fill("<p>a@b.example</p>", NAMES, HERE) == "<p>a@b.example</p>"
