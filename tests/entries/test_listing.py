"""Lists: newest activity first, what is unread, filters, and paging by key."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.entries import listing
from partnernet.entries.listing import Wanted
from partnernet.people.model import Account
from tests.entries.forms import KINDS, PLURALS
from tests.factories import actor_of, browser_of, make_account, make_entry, make_partner, make_reply
from tests.statements import counted


def titles(page: str) -> list[str]:
    """The titles of the entries on a page, in order."""
    return re.findall(r'<h2 class="entries__title"><a href="[^"]*" dir="auto">(.*?)</a></h2>', page)


def test_the_newest_activity_comes_first(session: Session, josie: Account, tomasz: Account, hers: FlaskClient) -> None:
    first, _ = (make_entry(session, josie, title=title) for title in ("First", "Second"))
    assert titles(hers.get("/discussions").text) == ["Second", "First"]
    make_reply(session, first, tomasz)
    assert titles(hers.get("/discussions").text) == ["First", "Second"]


def test_what_is_unread_is_marked_until_it_was_read(
    session: Session, josie: Account, hers: FlaskClient, his: FlaskClient, caught_up: Callable[[], None]
) -> None:
    entry = make_entry(session, josie)
    assert "New." in his.get("/discussions").text
    his.get(f"/discussions/{entry.id[:12]}")
    caught_up()
    page = his.get("/discussions").text
    assert "New." not in page and titles(his.get("/discussions?unread").text) == []
    make_reply(session, entry, josie)
    page = his.get("/discussions?unread").text
    assert "New replies." in page and titles(page) == ["What does a hall need?"]
    thread = his.get(f"/discussions/{entry.id[:12]}").text
    assert thread.count("reply__new") == 1
    caught_up()
    assert "New" not in "".join(re.findall(r'entries__new">(.*?)<', his.get("/discussions").text))
    assert "reply__new" not in his.get(f"/discussions/{entry.id[:12]}").text


def test_reading_writes_nothing_until_the_batch_is_stored(session: Session, josie: Account, his: FlaskClient) -> None:
    entry = make_entry(session, josie)
    session.rollback()
    with counted() as statements:
        his.get(f"/discussions/{entry.id[:12]}")
        his.get("/discussions")
    assert statements and all(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)


def test_a_list_is_narrowed_by_partner_tag_and_kind(session: Session, josie: Account, hers: FlaskClient) -> None:
    partner = make_partner(session, "Sallow Mill").id
    maren = make_account(session, "Maren Oakes", partner=partner)
    make_entry(session, josie, title="Josie’s", tags=["press"])
    make_entry(session, maren, title="Maren’s", tags=["press", "hall"])
    make_entry(session, maren, "news", title="Maren’s news", tags=["hall"])
    assert titles(hers.get(f"/discussions?partner={partner}").text) == ["Maren’s"]
    assert titles(hers.get("/discussions?tag=Press").text) == ["Maren’s", "Josie’s"]
    assert titles(hers.get(f"/entries?partner={partner}&tag=hall").text) == ["Maren’s news", "Maren’s"]
    assert titles(hers.get("/entries?kind=news").text) == ["Maren’s news"]
    assert titles(hers.get("/entries?kind=person").text) == ["Maren’s news", "Maren’s", "Josie’s"]
    page = hers.get("/discussions?tag=nothing").text
    assert titles(page) == [] and "Nothing like that" in page


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_list_says_what_belongs_there_and_how_to_begin(hers: FlaskClient, kind: str) -> None:
    page = hers.get(f"/{PLURALS[kind]}").text
    assert 'class="empty"' in page and f'href="/{PLURALS[kind]}/new"' in page


def test_paging_by_key_leads_through_everything_and_back(session: Session, josie: Account) -> None:
    for n in range(7):
        make_entry(session, josie, title=f"{n}")
    actor, wanted = actor_of(session, josie), Wanted(kind="discussion")
    first = listing.page(session, actor, wanted, size=3)
    second = listing.page(session, actor, wanted, before=first.older, size=3)
    third = listing.page(session, actor, wanted, before=second.older, size=3)
    shown = [line.title for page in (first, second, third) for line in page.lines]
    assert shown == ["6", "5", "4", "3", "2", "1", "0"]
    assert (first.newer, third.older) == (None, None)
    back = listing.page(session, actor, wanted, after=third.newer, size=3)
    assert [line.title for line in back.lines] == [line.title for line in second.lines]


def test_the_links_of_a_page_keep_what_it_was_narrowed_to(session: Session, josie: Account, hers: FlaskClient) -> None:
    for n in range(listing.PAGE + 1):
        make_entry(session, josie, title=f"{n}", tags=["press"])
    page = hers.get("/discussions?tag=press").text
    older = re.search(r'class="pages__older" href="([^"]*)"', page)
    assert older and "tag=press" in older[1]
    assert titles(hers.get(older[1].replace("&amp;", "&")).text) == ["0"]


def test_a_key_that_somebody_made_up_is_422(hers: FlaskClient) -> None:
    assert hers.get("/discussions?before=yesterday").status_code == 422


@pytest.mark.parametrize("kind", KINDS)
def test_lists_take_the_same_few_statements_for_ten_entries_and_for_eighty(
    session: Session, kind: str, tomasz: Account, hers: FlaskClient, client: FlaskClient
) -> None:
    partner = make_partner(session).id
    writers = [tomasz, make_account(session, "Ruth Adeyemi", partner=partner)]
    assert_constant(session, [f"/{PLURALS[kind]}", "/entries"], [hers, client], lambda n: [
        make_entry(session, writers[m % 2], kind, visibility="public", tags=["press"]) for m in range(n)
    ])  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_pages_take_the_same_few_statements_for_ten_replies_and_for_eighty(
    session: Session, kind: str, tomasz: Account, hers: FlaskClient, client: FlaskClient
) -> None:
    ruth = make_account(session, "Ruth Adeyemi", partner=make_partner(session).id)
    entry = make_entry(session, tomasz, kind, visibility="public", body=f"Ask @[{ruth.handle}].", tags=["press"])
    for browser in (hers, browser_of(ruth, session)):
        browser.post(f"/ideas/{entry.id[:12]}/marks", data={"mark": "count_in"})
    assert_constant(session, [f"/{PLURALS[kind]}/{entry.id[:12]}"], [hers, client], lambda n: [
        make_reply(session, entry, (tomasz, ruth)[m % 2]) for m in range(n)
    ])  # fmt: skip


def assert_constant(
    session: Session, addresses: list[str], browsers: list[FlaskClient], make: Callable[[int], object]
) -> None:
    """Each page takes at most six statements, and as many for 80 rows as for 10."""
    taken: list[list[int]] = []
    for more in (10, 70):
        make(more)
        session.rollback()
        taken.append([])
        for address in addresses:
            for browser in browsers:
                browser.get(address)
                with counted() as statements:
                    assert browser.get(address).status_code == 200
                taken[-1].append(len(statements))
    assert taken[0] == taken[1]
    assert max(taken[0]) <= 6


@pytest.mark.parametrize("key", ["9" * 30 + ".a", "-1", "1e5.a", "٣.a", "9" * 5_000, ".", ""])
@pytest.mark.parametrize("way", ["before", "after"])
def test_a_key_that_somebody_made_up_is_no_fault_of_the_server(client: FlaskClient, way: str, key: str) -> None:
    assert client.get("/discussions", query_string={way: key}).status_code in (200, 422)
