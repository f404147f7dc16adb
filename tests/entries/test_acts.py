"""Small forms on any entry: remove, erase, open wider or narrower, tag."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger.tables import OpRow
from partnernet.entries.model import Rendering
from partnernet.people.model import Account
from tests.entries.forms import KINDS, PLURALS, form, heads, share
from tests.factories import browser_of, make_account, make_entry, make_reply, read_again


def acts(address: str, act: str) -> str:
    """Where an act on an entry is."""
    return f"/entries/{address.split('/')[2][:12]}/{act}"


def test_what_is_removed_leaves_the_lists_and_comes_back(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "idea")
    assert hers.post(acts(address, "removal")).status_code == 303
    assert address not in his.get("/ideas").text
    assert "Bring it back" in hers.get(address).text
    gone = his.get(address)
    assert gone.status_code == 410 and "It rained." not in gone.text
    assert his.get(f"{address}/history").status_code == 410
    assert hers.post(acts(address, "removal"), data={"undo": "1"}).status_code == 303
    assert address in his.get("/ideas").text and "It rained." in his.get(address).text


def test_what_others_wrote_under_it_stays_when_it_is_removed(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, his: FlaskClient
) -> None:
    entry = make_entry(session, josie, title="A title to forget", body="Words to forget")
    make_reply(session, entry, tomasz, "Words to keep")
    address = f"/discussions/{entry.id[:12]}"
    hers.post(acts(address, "removal"))
    page = his.get(address)
    assert page.status_code == 200
    assert "Words to keep" in page.text and "Removed by its author" in page.text
    assert "Words to forget" not in page.text and "A title to forget" not in page.text


def test_nobody_else_removes_or_erases(hers: FlaskClient, his: FlaskClient, client: FlaskClient) -> None:
    address = share(hers, "note")
    for act in ("removal", "erasure", "visibility"):
        assert his.post(acts(address, act), data={"visibility": "public"}).status_code == 403
        assert client.post(acts(address, act)).status_code in (401, 404)
    assert "It rained." in his.get(address).text


def test_a_steward_removes_what_members_wrote(session: Session, hers: FlaskClient) -> None:
    address = share(hers, "note")
    steward = browser_of(make_account(session, "Ruth Adeyemi", role="steward"), session)
    assert steward.post(acts(address, "removal")).status_code == 303
    assert address not in hers.get("/notes").text


@pytest.mark.parametrize("kind", KINDS)
def test_erased_words_are_gone_for_good(hers: FlaskClient, his: FlaskClient, session: Session, kind: str) -> None:
    address = share(hers, kind, body="A secret word")
    asked = hers.get(acts(address, "erasure"))
    assert asked.status_code == 200 and "cannot be undone" in asked.text
    answer = hers.post(acts(address, "erasure"))
    told = f"/exchange/erasures/{address.split('/')[2][:12]}"
    assert answer.location == told and hers.get(address).location == told
    assert his.get(address).status_code == 410
    assert hers.get(f"{address}/history").status_code == 410
    read_again(session)
    bodies = b" ".join(body or b"" for body in session.scalars(select(OpRow.body)))
    assert b"A secret word" not in bodies
    entry = session.scalars(select(Entry).where(Entry.kind == kind)).one()
    assert entry.redacted and entry.body == ""


def test_tags_go_with_erased_words(hers: FlaskClient, his: FlaskClient, session: Session) -> None:
    address = share(hers, "discussion")
    for browser, tag in ((hers, "a-telling-tag"), (his, "another-telling-tag")):
        assert browser.post(acts(address, "tags"), data={"tags": tag}).status_code == 303
    assert "telling" in hers.get(address).text
    hers.post(acts(address, "erasure"))
    session.rollback()
    bodies = session.scalars(select(OpRow.body).where(OpRow.body.is_not(None))).all()
    assert bodies and not [body for body in bodies if b"telling" in body]


def test_renderings_of_erased_words_go_with_them(
    caught_up: Callable[[], None], hers: FlaskClient, session: Session
) -> None:
    address = share(hers, "idea", body="A secret word")
    hers.post(acts(address, "erasure"))
    caught_up()
    assert not [row for row in session.scalars(select(Rendering)) if "secret" in row.html]


def test_one_earlier_version_is_erased_and_the_rest_stays(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "idea", body="A secret word")
    hers.post(f"{address}/edit", data=form("idea", title="Another title", body="Another word", stage="deliver"))
    history = hers.get(f"{address}/history").text
    assert "secret" in history and "Erase this version for good" in history
    session.rollback()
    first = session.scalars(select(OpRow.id).where(OpRow.kind == "idea")).first()
    assert first
    assert hers.post(acts(address, "erasure"), data={"op": first[:12]}).status_code == 303
    history = hers.get(f"{address}/history").text
    assert "secret" not in history and "The words of this version were erased." in history
    assert "Another word" in hers.get(address).text


def test_a_version_that_still_stands_is_not_erased(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "idea")
    session.rollback()
    only = session.scalars(select(OpRow.id).where(OpRow.kind == "idea")).first()
    assert only
    assert hers.post(acts(address, "erasure"), data={"op": only[:12]}).status_code == 409
    assert hers.post(acts(address, "erasure"), data={"op": "x"}).status_code == 404
    assert "It rained." in hers.get(address).text


def test_opened_wider_it_has_a_page_for_everybody_and_the_old_one_leads_there(
    hers: FlaskClient, his: FlaskClient, client: FlaskClient
) -> None:
    address = share(hers, "idea", tags="press")
    assert "Everybody" in hers.get(acts(address, "visibility")).text
    wider = hers.post(acts(address, "visibility"), data={"visibility": "public"}).headers["Location"]
    assert wider != address
    page = client.get(wider).text
    assert "It rained." in page and "?tag=press" in page
    moved = his.get(address)
    assert moved.status_code == 303 and moved.headers["Location"] == wider
    assert client.get(address).status_code == 404
    assert his.get("/ideas").text.count("The press by milk van") == 1


def test_replies_stay_with_the_narrower_page_and_are_linked_for_those_who_may_read_them(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, his: FlaskClient, client: FlaskClient
) -> None:
    entry = make_entry(session, josie)
    make_reply(session, entry, tomasz, "Among ourselves")
    address = f"/discussions/{entry.id[:12]}"
    wider = hers.post(acts(address, "visibility"), data={"visibility": "public"}).headers["Location"]
    assert f"/entries/{entry.id[:12]}" in his.get(wider).text
    assert f"/entries/{entry.id[:12]}" not in client.get(wider).text
    assert "Among ourselves" not in client.get(wider).text
    old = his.get(address).text
    assert "Among ourselves" in old and "There is a newer page for this" in old


def test_made_narrower_the_old_page_leads_on_for_those_who_may_read_the_new(
    hers: FlaskClient, his: FlaskClient, client: FlaskClient
) -> None:
    address = share(hers, "news", visibility="public")
    narrower = hers.post(acts(address, "visibility"), data={"visibility": "network"}).headers["Location"]
    moved = his.get(address)
    assert moved.status_code == 303 and moved.headers["Location"] == narrower
    gone = client.get(address)
    assert gone.status_code == 410 and "It rained." not in gone.text
    assert client.get(narrower).status_code == 404
    assert "It rained." in his.get(narrower).text


def test_opened_wider_and_narrower_again_it_stands_in_lists_once(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "idea")
    for visibility in ("public", "network"):
        address = hers.post(acts(address, "visibility"), data={"visibility": visibility}).headers["Location"]
        assert his.get("/ideas").text.count('<h2 class="entries__title">') == 1
        assert address in his.get("/ideas").text


def test_it_cannot_be_made_narrower_once_others_wrote_under_it(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient
) -> None:
    entry = make_entry(session, josie, visibility="public")
    make_reply(session, entry, tomasz)
    answer = hers.post(f"/entries/{entry.id[:12]}/visibility", data={"visibility": "network"})
    assert answer.status_code == 409 and "Others have written here" in answer.text


def test_whoever_moves_it_the_words_stay_their_authors(session: Session, josie: Account) -> None:
    entry = make_entry(session, josie)
    steward = browser_of(make_account(session, "Ruth Adeyemi", role="steward"), session)
    wider = steward.post(f"/entries/{entry.id[:12]}/visibility", data={"visibility": "public"}).headers["Location"]
    read_again(session)
    copy = session.scalars(select(Entry).where(Entry.copied_from == entry.id)).one()
    assert copy.by == josie.handle and copy.when == entry.when and copy.id[:12] in wider


@pytest.mark.parametrize("visibility", ["", "everybody", "network"])
def test_a_readership_that_is_none_is_422(hers: FlaskClient, visibility: str) -> None:
    address = share(hers, "idea")
    assert hers.post(acts(address, "visibility"), data={"visibility": visibility}).status_code == 422


def test_everybody_tags_and_takes_back_only_their_own(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "idea", tags="press")
    assert his.post(acts(address, "tags"), data={"tags": "Village  Halls"}).status_code == 303
    page = hers.get(address).text
    assert "?tag=press" in page and "?tag=village+halls" in page
    his.post(acts(address, "tags"), data={"tags": ""})
    page = hers.get(address).text
    assert "?tag=press" in page and "?tag=village+halls" not in page
    assert his.post(acts(address, "tags"), data={"tags": "x" * 70}).status_code == 422


def test_the_short_addresses_lead_to_the_page_and_the_form(hers: FlaskClient, client: FlaskClient) -> None:
    address = share(hers, "note")
    assert hers.get(f"/entries/{address.split('/')[2][:12]}").headers["Location"] == address
    assert hers.get(acts(address, "edit")).headers["Location"] == f"{address}/edit"
    assert client.get(f"/entries/{address.split('/')[2][:12]}").status_code == 404
    assert heads(hers, f"{address}/edit")


@pytest.mark.parametrize("kind", KINDS)
def test_what_others_wrote_under_erased_words_can_still_be_read(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, his: FlaskClient, kind: str
) -> None:
    entry = make_entry(session, josie, kind, title="What rained on us", body="It rained.")
    address = f"/{PLURALS[kind]}/{entry.id[:12]}"
    make_reply(session, entry, tomasz, "We had a tent.")
    hers.post(acts(address, "erasure"))
    for browser in (hers, his):
        page = browser.get(address)
        assert page.status_code == 200 and "We had a tent." in page.text and "erased for good" in page.text
        assert "rained" not in page.text and "/removal" not in page.text
        assert browser.get(f"{address}/history").status_code == 410
    assert his.post(f"/replies/to/{entry.id[:12]}", data={"body": "One more."}).status_code == 403


def test_tags_are_kept_without_leaving_the_page(hers: FlaskClient) -> None:
    address = share(hers, "idea", tags="press")
    form = f"/entries/{address.split('/')[2][:12]}/tags"
    answer = hers.post(form, data={"tags": "press, village halls"}, headers={"HX-Request-Type": "partial"})
    assert answer.status_code == 200 and "<html" not in answer.text
    assert 'data-announce="Your tags are kept."' in answer.text and "/ideas?tag=village+halls" in answer.text
    page = hers.get(address).text
    assert f'hx-post="{form}"' in page and "/ideas?tag=village+halls" in page and "Your tags are kept." not in page
    assert "?tag=" not in hers.post(form, data={"tags": ""}, headers={"HX-Request-Type": "partial"}).text
    assert 'id="tags"' in hers.get(address).text and 'id="tags"' in hers.get(share(hers, "news")).text
