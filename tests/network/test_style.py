"""The style page: every part that the style sheets know stands on it, made by the templates of the pages."""

import re
from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.config import assets
from tests.factories import make_account, make_network, sign_in

CSS = assets("static") / "css"
BARE = {"site.css", "tokens.css", "fonts.css", "base.css", "print.css"}
"""Sheets of no part."""
ELSEWHERE = {
    "front.css": "the front page of strangers",
    "six-words.css": "the words that two people compare when their servers are paired",
    "profile.css": "the page of a partner",
    "directory.css": "the list of all partners",
    "entry.css": "what stands under an entry: its neighbours, and its address on paper",
    "nameplate.css": "the head of every page of a network that has a picture",
    "dialog.css": "opened by a script, for the reader’s keys",
    "shortcuts.css": "within that dialog",
    "glossary.css": "the network’s own word list",
    "related.css": "at the foot of an entry: what is near to it",
    "search-offers.css": "under a search box, while somebody types",
}
"""Parts that stand where only one page has them, and why."""


def classes(sheet: Path) -> set[str]:
    """The classes that a style sheet names, but for what its comments say."""
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][\w-]+)", rules))


@pytest.fixture
def page(client: FlaskClient, session: Session) -> str:
    """The style page as a steward sees it."""
    make_network(session)
    answer = sign_in(client, make_account(session, role="steward"), session).get("/style")
    assert answer.status_code == 200
    return answer.text


def test_every_part_that_has_a_sheet_stands_on_the_page(page: str) -> None:
    shown = {name for names in re.findall(r'class="([^"]+)"', page) for name in names.split()}
    known = {sheet.name: classes(sheet) for sheet in sorted(CSS.glob("*.css")) if sheet.name not in BARE}
    missing = []
    for name, own in known.items():
        shared = {each for other, named in known.items() if other != name for each in named}
        named_after = {each for each in own if re.split("__|--", each)[0] == name.removesuffix(".css")}
        if name not in ELSEWHERE and not (own - shared | named_after or own) & shown:
            missing.append(name)
    assert not missing, "show on /style what these are for"


def test_every_id_is_there_once_and_every_label_leads_to_one(page: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [name for name, count in ids.items() if count > 1] == []
    named = {
        name
        for names in re.findall(r'(?:for|aria-labelledby|aria-describedby)="([^"]+)"', page)
        for name in names.split()
    }
    assert named <= ids.keys()


def test_the_contrast_of_every_colour_is_said_for_both_themes(page: str) -> None:
    assert page.count('<td class="table__number">') == 2 * 10 * 2
    row = re.search(r"</svg>Accent</span>.*?</tr>", page, re.DOTALL)
    assert row and re.findall(r"table__number\">([\d.]+)", row[0]) == ["7.42", "6.84"]


def test_it_shows_the_states_that_pages_are_in(page: str) -> None:
    for state in (
        "disabled",
        "aria-invalid",
        'aria-current="step"',
        "reply--nested",
        "notice--warning",
        "<del>",
        "error-summary",
    ):
        assert state in page, state


def test_members_have_no_use_for_it(client: FlaskClient, session: Session) -> None:
    make_network(session)
    assert client.get("/style").status_code == 303
    assert sign_in(client, make_account(session, "Member Only"), session).get("/style").status_code == 403
