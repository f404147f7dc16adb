"""What is found leads to its very place, grouped under the entry that it belongs to."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import actor_of, make_account, make_entry, make_reply, sign_in
from tests.search.cast import answer, discuss, update
from tests.search.test_attached import indexed, with_pdf

LINK = re.compile(r'<a (?:class="[^"]+" )?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


def links(page: str, part: str) -> list[tuple[str, str]]:
    """The links in the parts of a page of one class: where each leads, and its words."""
    found = re.findall(rf'(<a class="{part}".*?</a>)|class="{part}"[^>]*>(.*?)</(?:h2|li)>', page, re.DOTALL)
    return [
        (unescape(url), re.sub(r"<[^>]+>|\s+", " ", words).strip())
        for each in found
        for url, words in LINK.findall("".join(each))
    ]


def place(client: FlaskClient, url: str) -> str:
    """The id of the element that an address leads to, which is on the page that it leads to."""
    answered = client.get(url)
    if answered.status_code == 303:
        url = answered.location
        answered = client.get(url)
    _, _, anchor = url.partition("#")
    assert answered.status_code == 200 and anchor and f'id="{anchor}"' in answered.text
    return anchor


def test_a_hit_leads_to_the_very_heading(client: FlaskClient, session: Session) -> None:
    body = "Chairs first.\n\n## Who pays?\n\nThe caretaker is paid by the hall.\n\n## Keys\n\nAt the shop."
    discuss(session, "Notes of the evening", body)
    update()
    page = client.get("/search?q=caretaker").text
    ((url, title),) = links(page, "results__title")
    assert title == "Notes of the evening" and place(client, url) == "h-who-pays"
    assert '<span class="results__section">Who pays?</span> The <mark>caretaker</mark> is paid' in page
    hit = client.get("/search.json?q=caretaker").json["hits"][0]  # type: ignore[index] # it is JSON
    assert hit["section"] == "Who pays?" and hit["url"] == url


def test_replies_stand_under_their_entry_the_best_two_and_a_way_to_the_others(
    client: FlaskClient, session: Session
) -> None:
    hall = discuss(session, "What does a hall need?", "A kettle, and a kettle more.")
    replies = [answer(session, hall, f"Kettle number {n}") for n in range(6)]
    discuss(session, "A kettle elsewhere")
    update()
    page = client.get("/search?q=kettle").text
    assert page.count('class="results__title"') == 2 and "<b>8 places</b> for" in page
    under = links(page, "results__place")
    assert len(under) == 2 and {place(client, url) for url, _ in under} <= {f"r-{reply.short}" for reply in replies}
    ((url, words),) = links(page, "results__more")
    assert words == "and 4 more places in it"
    narrowed = client.get(url).text
    assert "<b>7 places</b> for" in narrowed and "in “What does a hall need?”" in narrowed
    assert "elsewhere" not in narrowed


def test_an_entry_stands_over_its_reply_though_it_was_not_found_itself(client: FlaskClient, session: Session) -> None:
    account = make_account(session, "Josie Calder")
    hall = make_entry(session, account, title="What does a hall need?", body="A dry floor.")
    make_reply(session, hall, account, "A kettle.")
    update()
    sign_in(client, account, session)
    page = client.get("/search?q=kettle").text
    assert links(page, "results__title")[0][1] == "What does a hall need?"
    assert links(page, "results__place")[0][1].startswith("Josie Calder, ")


def test_a_reply_far_down_a_long_thread_is_reached(client: FlaskClient, session: Session) -> None:
    account = make_account(session, "Josie Calder")
    hall = make_entry(session, account, title="What does a hall need?", visibility="public")
    for n in range(44):
        make_reply(session, hall, account, f"Answer {n}")
    last = make_reply(session, hall, account, "A lost kettle.")
    update()
    for browser in (client, sign_in(client, account, session)):
        ((url, _),) = links(browser.get("/search?q=kettle").text, "results__place")
        assert place(browser, url) == f"r-{last.short}"


@pytest.mark.parametrize("replies", [4, 5])
def test_replies_can_be_searched_from_their_page(client: FlaskClient, session: Session, replies: int) -> None:
    account = make_account(session, "Josie Calder")
    hall = make_entry(session, account, title="What does a hall need?", visibility="public")
    for n in range(replies):
        make_reply(session, hall, account, f"Answer {n}")
    page = client.get(f"/discussions/{hall.short}").text
    assert ("Search in these replies" in page) == (replies >= 5)
    assert (f'<input type="hidden" name="in" value="{hall.short}">' in page) == (replies >= 5)


def test_why_something_was_found_is_said_when_it_is_asked(client: FlaskClient, session: Session) -> None:
    discuss(session, "A heron and a kettle", "The heron stands.")
    for n in range(4):
        discuss(session, f"Another kettle {n}")
    update()
    plain = client.get("/search?q=heron+kettle").text
    assert "Why this was found" not in plain and "why=1" in plain
    page = client.get("/search?q=heron+kettle&why=1").text
    shares = re.findall(r'<b dir="auto">([^<]+)</b> <span class="why__share">(\d+) per cent', page)
    first = {word: int(share) for word, share in shares[:3]}
    assert next(iter(first)) == "heron" and set(first) == {"heron", "kettle", "“heron kettle”"}
    assert sum(first.values()) in (99, 100, 101) and all(first.values())
    told = client.get("/search.json?q=heron+kettle&why=1").json["hits"][0]["why"]  # type: ignore[index] # it is JSON
    assert told == [{"word": word, "share": share} for word, share in first.items()]
    assert "why" not in client.get("/search.json?q=heron").json["hits"][0]  # type: ignore[index] # it is JSON


def test_the_words_of_a_member_narrow_by_person(client: FlaskClient, session: Session) -> None:
    ruth, tom = make_account(session, "Ruth Adeyemi"), make_account(session, "Tomasz Lind")
    for account, count in ((ruth, 2), (tom, 1)):
        for n in range(count):
            discuss(session, f"Kettle {n} of {account.email}", by=actor_of(session, account), log="network")
    discuss(session, "Kettle of a poster", credit="Poster 1")
    discuss(session, "Kettle of another", credit="Poster 12")
    update()
    sign_in(client, ruth, session)
    page = client.get("/search?q=kettle").text
    offered = {unescape(url) for url in re.findall(r'href="(/search\?[^"]*by=[^"]+)"', page)}
    counts = sorted(client.get(url.replace("/search", "/search.json")).json["count"] for url in offered)  # type: ignore[index] # it is JSON
    assert counts == [1, 1, 1, 2]
    narrowed = client.get(f"/search?q=kettle&by={ruth.card[:12]}").text
    assert "written by Ruth Adeyemi" in narrowed and "<b>2 places</b> for" in narrowed


def test_a_file_is_named_with_its_page_and_the_title_leads_to_the_entry(client: FlaskClient, session: Session) -> None:
    sha256 = with_pdf(session, ["Doors and kettles"], ["The herons of Inchmarrow"])
    indexed(session)
    page = client.get("/search?q=herons").text
    ((url, _title),) = links(page, "results__title")
    assert url.startswith("/discussions/") and client.get(url).status_code == 200
    assert f'<a class="results__section" href="/files/{sha256}#page=2">' in page
    assert "Programme 2026.pdf, page 2</a> The <mark>herons</mark>" in page
