"""Notes: when and where it was, at whose place, and headings with addresses."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.notes.outline import outline
from tests.entries.forms import errors, form, heads, share
from tests.factories import make_partner

TEXT = "# Who came\n\nAll.\n\n# What was said\n\n## About soup\n\nMore.\n\n# Who came\n\nAgain."


def test_a_note_says_when_where_and_at_whose_place(hers: FlaskClient, session: Session) -> None:
    host = make_partner(session, "Sallow Mill").id
    address = share(hers, "note", host=host, held="2026-03-05", place="Brackwater")
    page = hers.get(address).text
    assert "Thursday 5 March 2026" in page and "Brackwater" in page
    assert f'hosted by <a href="/partners/{host[:12]}">Sallow Mill</a>' in page
    assert "Sallow Mill" in hers.get("/notes").text
    history = hers.get(f"{address}/history").text
    assert "Sallow Mill" in history and host not in history


def test_each_heading_has_an_address_of_its_own(hers: FlaskClient) -> None:
    page = hers.get(share(hers, "note", body=TEXT)).text
    contents = re.findall(r'<a href="#(h-[a-z0-9-]+)" dir="auto">(.*?)</a>', page)
    assert contents == [
        ("h-who-came", "Who came"), ("h-what-was-said", "What was said"), ("h-about-soup", "About soup"),
        ("h-who-came-2", "Who came"),
    ]  # fmt: skip
    assert all(f'id="{anchor}"' in page for anchor, _ in contents)


def test_the_contents_have_two_levels() -> None:
    found = outline('<h3 id="h-a">A <em>b</em> &amp; c</h3><h4 id="h-b">B</h4><h5 id="h-c">C</h5>')
    assert [(heading.level, heading.anchor, heading.text) for heading in found] == [
        (1, "h-a", "A b & c"),
        (2, "h-b", "B"),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"held": "2026-02-30"}, "held"), ({"held": "soon"}, "held"), ({"host": "x" * 52}, "host"),
        ({"place": "x" * 201}, "place"),
    ],
)  # fmt: skip
def test_what_needs_another_look_is_422(hers: FlaskClient, wrong: dict[str, str], field: str) -> None:
    answer = hers.post("/notes/new", data=form("note") | wrong)
    assert answer.status_code == 422 and field in errors(answer.text) and "It rained." in answer.text


def test_an_edit_keeps_the_host_and_can_take_it_away(hers: FlaskClient, session: Session) -> None:
    host = make_partner(session, "Sallow Mill").id
    address = share(hers, "note", host=host)
    hers.post(f"{address}/edit", data=form("note", host="", held="", heads=heads(hers, f"{address}/edit")))
    page = hers.get(address).text
    assert "Sallow Mill" not in page and "Brackwater" in page
