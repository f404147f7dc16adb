"""The page of links: found by words or address, linked with one button, taken away with undo; and carrying on."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.people.model import Account
from tests.entries.forms import form
from tests.factories import make_entry, make_reply

RIBBON = "How this came about"


def test_an_entry_is_found_by_the_words_of_its_title_or_its_address(
    session: Session, josie: Account, hers: FlaskClient
) -> None:
    here = make_entry(session, josie, title="Here")
    press = make_entry(session, josie, "idea", title="A press for 100% of the halls")
    make_entry(session, josie, title="A kiln for the halls")
    page = f"/entries/{here.short}/links"
    for wanted in ("halls PRESS", "100%", press.short, f"https://elsewhere.example/ideas/{press.short}-a-press?x#y"):
        found = hers.get(page, query_string={"q": wanted}).text
        assert press.title in found and "A kiln" not in found, wanted
    assert "No title has all of these words" in hers.get(page, query_string={"q": "Here"}).text
    assert "No title has all of these words" in hers.get(page, query_string={"q": here.short}).text


def test_a_link_is_made_either_way_and_taken_away_with_undo(
    session: Session, josie: Account, hers: FlaskClient, his: FlaskClient
) -> None:
    talk, news = make_entry(session, josie, title="The talk"), make_entry(session, josie, "news", title="The news")
    page = f"/entries/{talk.short}/links"
    answer = hers.post(page, data={"way": "after", "other": news.short}, follow_redirects=True).text
    assert "both pages say so now" in answer and 'name="act" value="away"' in answer
    for address in (f"/discussions/{talk.short}", f"/news/{news.short}"):
        shown = his.get(address).text
        assert RIBBON in shown and "The talk" in shown and "The news" in shown
    assert hers.post(page, data={"way": "before", "other": news.short}).status_code == 409
    assert his.post(page, data={"way": "after", "other": news.short, "act": "away"}).status_code == 409
    assert hers.post(page, data={"way": "after", "other": news.short, "act": "away"}).status_code == 303
    assert RIBBON not in his.get(f"/news/{news.short}").text


def test_what_cannot_be_linked_is_refused(
    session: Session, josie: Account, hers: FlaskClient, client: FlaskClient
) -> None:
    entry = make_entry(session, josie, visibility="public")
    reply = make_reply(session, entry, josie)
    page = f"/entries/{entry.short}/links"
    assert client.get(page).status_code == 404 and client.post(page).status_code == 401
    assert hers.post(page, data={"way": "sideways", "other": entry.short}).status_code == 422
    assert hers.post(page, data={"way": "before", "other": "nothing"}).status_code == 404
    assert hers.post(page, data={"way": "before", "other": reply.short}).status_code == 404
    assert hers.get(f"/entries/{reply.short}/links").headers["Location"] == page


def test_an_idea_that_was_carried_on_says_what_it_comes_from(
    session: Session, josie: Account, his: FlaskClient
) -> None:
    talk = make_entry(session, josie, title="The talk of halls")
    assert f"/ideas/new?from={talk.short}" in his.get(f"/discussions/{talk.short}").text
    written = his.get(f"/ideas/new?from={talk.short}").text
    named = re.search(r'name="came_from" value="([a-z2-7]+)"', written)
    assert named and "The talk of halls" in written
    again = his.post("/ideas/new", data=form("idea", came_from=named[1], title=""))
    assert again.status_code == 422 and f'value="{named[1]}"' in again.text
    address = his.post("/ideas/new", data=form("idea", came_from=named[1])).headers["Location"]
    page = his.get(address).text
    assert RIBBON in page and "The talk of halls" in page


def test_what_a_new_one_comes_from_must_be_there_to_be_seen(his: FlaskClient) -> None:
    for made_up in ("a" * 12, "x", "/news/"):
        assert 'name="came_from"' not in his.get("/ideas/new", query_string={"from": made_up}).text
        answer = his.post("/ideas/new", data=form("idea", came_from=made_up))
        assert answer.status_code == 303 and RIBBON not in his.get(answer.headers["Location"]).text
