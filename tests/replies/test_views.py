"""Replies: quoted, changed, taken back, each with an address that lasts."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.entries.thread import PAGE
from partnernet.people.model import Account
from tests.entries.forms import KINDS, heads, share, written
from tests.factories import make_entry, make_reply, read_again


def to(address: str) -> str:
    """Where replies to an entry are sent."""
    return f"/replies/to/{address.split('/')[2][:12]}"


def send(browser: FlaskClient, address: str, body: str = "A door.", **more: object) -> str:
    """Send a reply; its stable address."""
    answer = browser.post(to(address), data={"body": body, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_replied_to(hers: FlaskClient, his: FlaskClient, kind: str) -> None:
    address = share(hers, kind)
    reply = send(his, address, "A **door**.", files=[(io.BytesIO(b"x"), "list.txt")])
    where = hers.get(reply).headers["Location"]
    assert where == f"{address}#r-{reply.split('/')[2]}"
    page = hers.get(where).text
    assert f'id="r-{reply.split("/")[2]}"' in page and "<strong>door</strong>" in page and "list.txt" in page
    assert "1 reply" in page


def test_an_empty_reply_is_422_and_a_stranger_sends_none(hers: FlaskClient, client: FlaskClient) -> None:
    address = share(hers, "discussion", visibility="public")
    answer = hers.post(to(address), data={"body": "  "})
    assert answer.status_code == 422 and "Write something first." in answer.text
    wrong = {"body": "Half a thought", "files": [(io.BytesIO(b"MZ"), "virus.exe")]}
    answer = hers.post(to(address), data=wrong)
    assert answer.status_code == 422 and written(answer.text) == "Half a thought"
    assert client.post(to(address), data={"body": "Hello"}).status_code in (401, 404)


def test_a_reply_to_a_reply_says_whom_it_answers(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    first = send(his, address, "A door.")
    send(hers, first, "How wide?")
    page = hers.get(address).text
    assert "reply--nested" in page and f'href="#r-{first.split("/")[2]}">to Tomasz<' in page


def test_a_quotation_leaves_out_what_was_quoted_in_it(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion", body="What does a hall need?")
    first = send(his, address, "> What does a hall need?\n\nA door.\nAnd a floor.")
    page = hers.get(f"{to(first)}?quote").text
    assert written(page) == "> A door.\n> And a floor.\n\n"
    assert written(hers.get(to(first)).text) == ""
    assert written(hers.get(f"{to(address)}?quote").text) == "> What does a hall need?\n\n"


def test_the_address_of_a_reply_lasts_and_leads_to_the_page_it_is_on(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient
) -> None:
    entry = make_entry(session, josie)
    replies = [make_reply(session, entry, tomasz, f"Reply {n}").id[:12] for n in range(PAGE + 5)]
    where = hers.get(f"/replies/{replies[PAGE + 2]}").headers["Location"]
    assert f"?from={replies[PAGE]}#r-{replies[PAGE + 2]}" in where
    page = hers.get(where).text
    shown = re.findall(r'id="r-([a-z2-7]{12})"', page)
    assert shown == replies[PAGE:]
    first = hers.get(f"/discussions/{entry.id[:12]}").text
    assert re.findall(r'id="r-([a-z2-7]{12})"', first) == replies[:PAGE]
    assert f"?from={replies[PAGE]}" in first


def test_a_change_is_noted_and_compared(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    reply = send(his, address, "A door.")
    assert hers.get(f"{reply}/edit").status_code == 403
    seen = heads(his, f"{reply}/edit")
    assert his.post(f"{reply}/edit", data={"body": "", "heads": seen}).status_code == 422
    assert his.post(f"{reply}/edit", data={"body": "A window.", "heads": seen}).status_code == 303
    page = hers.get(address).text
    assert "A window." in page and "Changed on" in page
    history = hers.get(f"{reply}/history").text
    assert ">door</del><ins" in history and ">window</ins>." in history


def test_versions_of_a_reply_are_made_one(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    reply = send(his, address, "A door.\n\nA floor.")
    seen = heads(his, f"{reply}/edit")
    for body in ("A wide door.\n\nA floor.", "A door.\n\nA dry floor."):
        his.post(f"{reply}/edit", data={"body": body, "heads": seen})
    assert ">2 versions</a>" in hers.get(address).text
    editor = his.get(f"{reply}/edit", follow_redirects=True).text
    assert written(editor) == "A wide door.\n\nA dry floor."
    his.post(f"{reply}/edit", data={"body": written(editor), "heads": heads(his, f"{reply}/edit")})
    assert ">2 versions</a>" not in hers.get(address).text


def test_a_removed_reply_leaves_a_line_and_comes_back(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    address = share(hers, "discussion")
    reply = send(his, address, "A door.")
    short = reply.split("/")[2]
    his.post(f"/entries/{short}/removal")
    page = hers.get(address).text
    assert "Removed by its author." in page and "A door." not in page and "No replies yet" in page
    assert hers.get(f"{reply}/history").status_code == 410
    his.post(f"/entries/{short}/removal", data={"undo": "1"})
    assert "A door." in hers.get(address).text


def test_erased_words_of_a_reply_are_gone_and_the_thread_stays(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    reply = send(his, address, "A secret word")
    send(hers, reply, "An answer")
    answer = his.post(f"/entries/{reply.split('/')[2]}/erasure")
    back = f"/entries/{address.split('/')[2][:12]}"
    assert f'href="{back}"' in his.get(answer.location).text and his.get(back).location == address
    page = hers.get(address).text
    assert "The words that stood here were erased." in page and "secret" not in page and "An answer" in page


def test_a_reply_is_as_open_as_what_it_answers(hers: FlaskClient, his: FlaskClient, client: FlaskClient) -> None:
    ours, public = share(hers, "idea"), share(hers, "idea", visibility="public")
    inside, outside = send(his, ours, "Inside"), send(his, public, "Outside")
    assert client.get(inside).status_code == 404 and client.get(f"{inside}/history").status_code == 404
    assert client.get(outside).status_code == 303 and "Outside" in client.get(public).text
    assert "open to everybody" in his.get(to(public)).text
    assert his.post(f"/entries/{inside.split('/')[2]}/visibility", data={"visibility": "public"}).status_code == 422


def test_what_is_no_reply_is_not_at_the_address_of_one(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "idea")
    short = address.split("/")[2][:12]
    assert hers.get(f"/replies/{short}").status_code == 404
    assert hers.post(f"/replies/{short}/edit", data={"body": "x"}).status_code == 404
    read_again(session)
    assert session.scalars(select(Entry.kind).where(Entry.kind == "reply")).all() == []


def test_nobody_answers_what_was_removed(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "idea")
    hers.post(f"/entries/{address.split('/')[2][:12]}/removal")
    assert his.post(to(address), data={"body": "Too late"}).status_code == 403
