"""What stands at the foot of an entry: others that speak of the same things, and that its reader may see."""

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.entries import links
from partnernet.search.asking import Reader
from partnernet.search.related import SHOWN, related
from tests.factories import actor_of, make_account, make_network, sign_in
from tests.search.cast import NETWORK, STRANGER, answer, discuss, index, update

PRESS = "The portable press prints posters and pamphlets in village halls."


@pytest.fixture
def talks(session: Session) -> dict[str, Entry]:
    """Two talks of a press, one for the network, an answer that speaks of it, and others."""
    make_network(session)
    made = {
        "press": discuss(session, "A portable press", PRESS),
        "again": discuss(session, "The press again", "It printed pamphlets and posters, portable as it is."),
        "kept": discuss(session, "Where the press is kept", PRESS, log="network"),
        "ink": discuss(session, "Ink", "Who has some?"),
    }
    answer(session, made["press"], PRESS)
    answer(session, made["ink"], "For the portable press: posters and pamphlets.")
    for n in range(SHOWN + 2):
        discuss(session, f"Heron number {n}", "Herons stand in the river all day, and nobody knows why.")
    discuss(session, "Of other things", "\n\n".join(f"## Part {n}\n\nChairs, and chairs again." for n in range(40)))
    update()
    return made


def near(session: Session, entry: Entry, reader: Reader = NETWORK, *linked: Entry) -> list[str]:
    """The titles of what is related to an entry."""
    return [row.title for row in related(session, index(), reader, entry, [other.id for other in linked])]


def test_entries_that_share_telling_words_are_related(session: Session, talks: dict[str, Entry]) -> None:
    assert set(near(session, talks["press"])) == {"The press again", "Where the press is kept", "Ink"}
    assert near(session, talks["press"])[0] == "Where the press is kept"


def test_nothing_is_better_than_what_is_far(session: Session, talks: dict[str, Entry]) -> None:
    odd = discuss(session, "Borrowed stilts", "Wanted: stilts, a juggler, and somebody who knows a river.")
    update()
    assert near(session, odd) == []


def test_what_a_reader_may_not_see_is_not_related(session: Session, talks: dict[str, Entry]) -> None:
    assert set(near(session, talks["press"], STRANGER)) == {"The press again", "Ink"}
    assert near(session, talks["kept"], STRANGER) == []


def test_what_is_linked_already_is_not_said_twice(session: Session, talks: dict[str, Entry]) -> None:
    assert "Ink" not in near(session, talks["press"], NETWORK, talks["ink"])


def test_at_most_a_handful_is_shown(session: Session, talks: dict[str, Entry]) -> None:
    heron = session.scalars(select(Entry).where(Entry.title == "Heron number 3")).one()
    assert len(near(session, heron)) == SHOWN


def test_a_page_fetches_the_list_or_leads_to_it(client: FlaskClient, session: Session, talks: dict[str, Entry]) -> None:
    address = f"/entries/{talks['press'].short}/related"
    page = client.get(f"/discussions/{talks['press'].short}").text
    assert f'hx-get="{address}"' in page and f'<a href="{address}"' in page
    part = client.get(address, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<section class="related')
    assert "The press again" in part.text and "Where the press is kept" not in part.text
    whole = client.get(address).text
    assert "<h1>Related entries</h1>" in whole and "The press again" in whole
    sign_in(client, make_account(session), session)
    assert "Where the press is kept" in client.get(address).text


def test_a_linked_entry_is_left_out_of_the_page(client: FlaskClient, session: Session, talks: dict[str, Entry]) -> None:
    account = make_account(session)
    assert links.link(session, talks["press"], talks["ink"], by=actor_of(session, account))
    session.commit()
    update()
    page = sign_in(client, account, session).get(f"/entries/{talks['press'].short}/related").text
    assert "The press again" in page and "Ink</a>" not in page


def test_where_nothing_is_near_the_part_is_empty_and_the_page_says_so(
    client: FlaskClient, session: Session, talks: dict[str, Entry]
) -> None:
    address = f"/entries/{talks['kept'].short}/related"
    assert client.get(address).status_code == 404
    odd = discuss(session, "Borrowed stilts", "Wanted: a juggler.")
    update()
    address = f"/entries/{odd.short}/related"
    assert not client.get(address, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text.strip()
    assert "Nothing here is much like it yet." in client.get(address).text


def test_a_reply_leads_to_what_is_related_to_its_thread(
    client: FlaskClient, session: Session, talks: dict[str, Entry]
) -> None:
    reply = answer(session, talks["ink"], "I do.")
    assert client.get(f"/entries/{reply.short}/related").location == f"/entries/{talks['ink'].short}/related"


def test_a_page_is_kept_until_the_index_goes_on(client: FlaskClient, session: Session, talks: dict[str, Entry]) -> None:
    address = f"/entries/{talks['press'].short}/related"
    mark = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": mark}).status_code == 304
    discuss(session, "More of the portable press", PRESS)
    assert client.get(address, headers={"If-None-Match": mark}).status_code == 200
    update()
    assert "More of the portable press" in client.get(address, headers={"If-None-Match": mark}).text


def test_without_an_index_the_page_says_when_there_will_be_one(
    client: FlaskClient, session: Session, talks: dict[str, Entry]
) -> None:
    (current_app.extensions["partnernet.search"].folder / "current").unlink()
    page = client.get(f"/entries/{talks['press'].short}/related")
    assert page.status_code == 200 and "is being made just now" in page.text
    assert "ETag" not in page.headers
