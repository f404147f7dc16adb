"""What a returning reader finds first in a thread: what is new, since when, where the newest is, who is in it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.entries import thread
from partnernet.entries.talk import VOICES, called
from partnernet.people.model import Account
from partnernet.people.names import Name
from tests.factories import make_account, make_entry, make_reply
from tests.statements import counted

SHORT = 5
"""The size of a page in these tests."""


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a few replies."""
    monkeypatch.setattr(thread.thread, "__kwdefaults__", {**(thread.thread.__kwdefaults__ or {}), "size": SHORT})
    monkeypatch.setattr("partnernet.replies.views.PAGE", SHORT)


def url(entry: Entry) -> str:
    """The page of a discussion."""
    return f"/discussions/{entry.id[:12]}"


def shown(page: str) -> list[str]:
    """The replies on a page, in order."""
    return re.findall(r'<li class="reply[^>]*id="r-([a-z2-7]{12})"', page)


def ways(page: str) -> str:
    """The line beside the heading over the replies."""
    found = re.search(r'class="replies__ways">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


def test_what_was_read_is_folded_and_what_is_new_stands_under_one_rule(
    session: Session, josie: Account, tomasz: Account, his: FlaskClient, caught_up: Callable[[], None]
) -> None:
    entry = make_entry(session, josie)
    for n in range(6):
        make_reply(session, entry, josie, f"Reply {n}")
    his.get(url(entry))
    caught_up()
    page = his.get(url(entry)).text
    assert "<details" not in page.partition('id="replies"')[2].partition("<form")[0] and "6 replies" in page
    new = [make_reply(session, entry, josie, f"New {n}").id[:12] for n in range(2)]
    make_reply(session, entry, tomasz, "His own")
    page = his.get(url(entry)).text
    assert "9 replies, 2 of them new to you" in page
    assert "Show the 5 you have read" in page and len(shown(page)) == 9
    folded = page.partition('<details class="folded">')[2].partition("</details>")[0]
    assert len(shown(folded)) == 5
    after = page.partition('<h3 class="since" id="new">')[2]
    assert shown(after)[:2] == new and page.count('class="since"') == 1
    assert re.search(r"^New since <time[^>]*>today</time>", after)
    assert page.count("reply__new") == 2
    assert "Jump to the newest, from Tomasz, today" in ways(page)


def test_few_that_were_read_are_not_folded(
    session: Session, josie: Account, his: FlaskClient, caught_up: Callable[[], None]
) -> None:
    entry = make_entry(session, josie)
    for n in range(3):
        make_reply(session, entry, josie, f"Reply {n}")
    his.get(url(entry))
    caught_up()
    make_reply(session, entry, josie)
    page = his.get(url(entry)).text
    assert "you have read" not in page and page.count('class="since"') == 1
    assert "you have read" not in his.get(f"{url(entry)}?from={shown(page)[0]}").text


def test_a_stranger_finds_nothing_new(session: Session, josie: Account, client: FlaskClient) -> None:
    entry = make_entry(session, josie, visibility="public")
    for n in range(8):
        make_reply(session, entry, josie, f"Reply {n}")
    page = client.get(url(entry)).text
    assert "8 replies" in page and "new to you" not in page and "reply__new" not in page and 'class="since"' not in page


def test_what_is_new_to_the_reader_in_its_whole_says_so(session: Session, josie: Account, his: FlaskClient) -> None:
    entry = make_entry(session, josie)
    make_reply(session, entry, josie)
    make_reply(session, entry, josie)
    assert "2 replies, all of them new to you" in his.get(url(entry)).text


@pytest.mark.usefixtures("short_pages")
def test_a_long_thread_leads_to_what_is_new_and_to_the_newest(
    session: Session, josie: Account, his: FlaskClient, caught_up: Callable[[], None]
) -> None:
    entry = make_entry(session, josie)
    replies = [make_reply(session, entry, josie, f"Reply {n}").id[:12] for n in range(SHORT + 2)]
    his.get(url(entry))
    his.get(f"{url(entry)}?from={replies[SHORT]}")
    caught_up()
    assert "new to you" not in his.get(url(entry)).text
    new = [make_reply(session, entry, josie, f"New {n}").id[:12] for n in range(3)]
    page = his.get(url(entry)).text
    assert shown(page) == replies[:SHORT] and "10 replies, 3 of them new to you" in page
    assert f'href="/replies/{new[0]}"' in page and f'href="/replies/{new[-1]}"' in page
    assert "Jump to the first that is new" in ways(page) and "Jump to the newest, from Josie, today" in ways(page)
    where = his.get(f"/replies/{new[0]}").headers["Location"]
    assert where.endswith(f"?from={replies[SHORT]}#r-{new[0]}")
    page = his.get(where).text
    assert shown(page) == [*replies[SHORT:], *new] and "you have read" not in page
    assert 'class="since"' in page and f'href="#r-{new[-1]}"' in page
    caught_up()
    assert "new to you" not in his.get(url(entry)).text


@pytest.mark.usefixtures("short_pages")
def test_a_long_thread_takes_no_more_statements(session: Session, josie: Account, his: FlaskClient) -> None:
    entry = make_entry(session, josie, tags=["press"], summary="A door.")
    for n in range(SHORT * 2 + 1):
        make_reply(session, entry, josie, f"Reply {n}")
    his.get(url(entry))
    for address in (url(entry), f"{url(entry)}?from={shown(his.get(url(entry)).text)[-1]}"):
        with counted() as statements:
            assert "new to you" in his.get(address).text
        assert len(statements) <= 6


def test_a_reply_to_one_on_another_page_leads_there(session: Session, josie: Account, hers: FlaskClient) -> None:
    entry = make_entry(session, josie)
    first = make_reply(session, entry, josie)
    answer = make_reply(session, first, josie, "To that.")
    page = hers.get(f"{url(entry)}?from={answer.id[:12]}").text
    assert shown(page) == [answer.id[:12]]
    assert f'<a href="/replies/{first.id[:12]}">to an earlier reply</a>' in page


def test_who_is_in_the_talk_is_counted(session: Session, josie: Account, tomasz: Account, hers: FlaskClient) -> None:
    entry = make_entry(session, josie)
    for n in range(3):
        make_reply(session, entry, tomasz, f"Reply {n}")
    for n in range(VOICES + 1):
        make_reply(session, entry, make_account(session, f"Person{'abcdefgh'[n]} Lind"))
    page = re.sub(r"<[^>]+>", "", hers.get(url(entry)).text)
    assert "In the talk" in page and "Tomasz Lind, 3 replies" in page and "Persona Lind, 1 reply" in page
    assert "and 2 more people" in page


def test_people_are_called_by_a_first_name_that_nobody_else_here_has() -> None:
    def person(text: str, n: int = 0) -> Name:
        return Name(text, f"/people/{n}")

    josie, other, samira = person("Josie Calder"), person("Josie Hale", 1), person("Samira Haddow", 2)
    assert called([josie, samira, samira])(josie) == "Josie"
    call = called([josie, other, samira])
    assert [call(name) for name in (josie, other, samira)] == ["Josie Calder", "Josie Hale", "Samira"]
    for odd in ("Dr. Ada Byrd", "Bo Ash", "", "李小龍"):
        assert called([person(odd)])(person(odd)) == odd
    hall = Name("Josie Trust", "/partners/x")
    assert called([josie, hall])(hall) == "Josie Trust" and called([josie, hall])(josie) == "Josie"
