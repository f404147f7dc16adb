"""Versions that stand side by side, read by everybody who may read them and made one by whoever may."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.changes import ops_of
from partnernet.people.model import Account
from tests.entries.forms import WORDS, form, heads, share, without_marks, written
from tests.factories import actor_of, make_entry, read_again

Differing = Callable[..., Entry]


@pytest.fixture
def differing(session: Session, josie: Account) -> Differing:
    """An entry that was edited several times by people who did not know of each other."""

    def make(kind: str, *edits: dict[str, object], by: Account = josie, **values: object) -> Entry:
        entry = make_entry(session, josie, kind, **values)
        seen = list(entry.heads)
        for values in edits:
            verbs.edit(session, actor_of(session, by), entry, values, seen)
            commit(session)
        session.refresh(entry)
        return entry

    return make


def test_the_list_and_the_page_say_how_many_versions_there_are_by_whom_and_when(
    differing: Differing, his: FlaskClient
) -> None:
    entry = differing("idea", {"body": "One."}, {"body": "Two."}, {"body": "Three."}, title="A press")
    for address in ("/ideas", f"/ideas/{entry.short}-a-press"):
        page = his.get(address).text
        assert f'<a href="/entries/{entry.short}/versions">3 versions</a>' in page
        assert page.partition(">3 versions</a>")[2].partition("</p>")[0].count("Josie Calder</bdi>, <time") == 3


def test_everybody_who_may_read_it_sees_the_versions_side_by_side(differing: Differing, his: FlaskClient) -> None:
    entry = differing("news", {"body": "A warm hall."}, {"body": "A cold hall."})
    page = his.get(f"/entries/{entry.short}/versions").text
    assert "A warm hall." in without_marks(page) and "A cold hall." in without_marks(page)
    assert ">warm</mark>" in page and ">cold</mark>" in page
    assert "Save as one version" not in page and "Whoever wrote it, or a steward" in page
    assert his.post(f"/entries/{entry.short}/versions", data={"body": "Mine."}).status_code == 403


def test_a_stranger_sees_no_versions_of_what_is_not_public(differing: Differing, client: FlaskClient) -> None:
    entry = differing("news", {"body": "One."}, {"body": "Two."})
    assert client.get(f"/entries/{entry.short}/versions").status_code == 404


def test_saving_writes_one_edit_that_has_seen_all_versions(
    differing: Differing, hers: FlaskClient, session: Session
) -> None:
    edits = {"title": "A wide door"}, {"body": "It rained, and then."}, {"title": "A red door", "body": "It snowed."}
    entry = differing("idea", *edits, title="A door", body="It rained.")
    before, address = list(entry.heads), f"/entries/{entry.short}/versions"
    given = {"title": "A wide red door", "body": "It rained and snowed.", "heads": heads(hers, address)}
    assert hers.post(address, data=given).status_code == 303
    read_again(session)
    entry = session.get_one(Entry, entry.id)
    (last,) = (op for op in ops_of(session, [entry.id])[entry.id] if op.id in entry.heads)
    assert sorted(last.par) == before and len(before) == 3
    assert (entry.title, entry.body, entry.conflict) == ("A wide red door", "It rained and snowed.", False)


def test_what_only_one_changed_is_proposed_and_what_both_changed_stands_in_brackets(
    differing: Differing, hers: FlaskClient
) -> None:
    base = "We meet at two in the hall. Bring soup.\n\nBring bread."
    entry = differing(
        "discussion", {"body": base.replace("two", "three").replace("soup", "broth")},
        {"body": base.replace("two", "four").replace("bread", "cake")}, body=base,
    )  # fmt: skip
    page = hers.get(f"/entries/{entry.short}/versions").text
    assert written(page) == "We meet at [either “three” or “four”] in the hall. Bring broth.\n\nBring cake."
    assert "1 place needs you to decide" in page
    assert '<mark data-begin="[version 1: " data-end="] ">broth</mark>' in page


def test_what_is_no_text_is_chosen_among_the_versions(
    differing: Differing, hers: FlaskClient, session: Session
) -> None:
    entry = differing("note", {"held": "2026-03-05"}, {"held": "2026-03-12"}, held="2026-03-01")
    address = f"/entries/{entry.short}/versions"
    page = hers.get(address).text
    assert "Version 1, by Josie Calder: Thursday 5 March 2026" in page
    first = min(entry.setters["held"], key=lambda op: page.index(f'value="{op}"'))
    assert hers.post(address, data={"heads": heads(hers, address), "held": "2027-01-01"}).status_code == 422
    assert hers.post(address, data={"heads": heads(hers, address), "held": first}).status_code == 303
    read_again(session)
    held = session.execute(select(Entry.conflict, Entry.setters).where(Entry.id == entry.id)).one()
    assert not held.conflict and "2026-03-05" in hers.get(f"/entries/{entry.short}", follow_redirects=True).text


def test_files_and_points_of_both_are_kept(differing: Differing, hers: FlaskClient, session: Session) -> None:
    files = [{"sha256": name * 64, "name": f"{name}.txt", "type": "text/plain", "size": 1} for name in "abc"]
    entry = differing(
        "news", {"files": files[:2], "learning": ["Measure", "Ask"]}, {"files": files[1:], "learning": ["Ask", "Wait"]},
        files=files[1:2], learning=["Ask"],
    )  # fmt: skip
    address = f"/entries/{entry.short}/versions"
    page = hers.get(address).text
    assert written(page, "learning").split() == ["Measure", "Ask", "Wait"]
    given = {"heads": heads(hers, address), "learning": "Measure\nAsk\nWait", "files_asked": "1",
             "files": [file["sha256"] for file in files if file["name"] != "b.txt"]}  # fmt: skip
    assert hers.post(address, data=given).status_code == 303
    read_again(session)
    (setter,) = session.get_one(Entry, entry.id).setters["files"]
    kept = next(op for op in ops_of(session, [entry.id])[entry.id] if op.id == setter).set["files"]
    assert {file["name"] for file in kept} == {"a.txt", "c.txt"}


def test_a_version_that_comes_in_between_stands_beside_what_was_saved(
    differing: Differing, hers: FlaskClient, josie: Account, session: Session
) -> None:
    entry = differing("idea", {"body": "One more."}, {"body": "Two more."}, body="None.")
    address = f"/entries/{entry.short}/versions"
    seen = heads(hers, address)
    verbs.edit(session, actor_of(session, josie), entry, {"body": "Three, from elsewhere."}, [entry.id])
    commit(session)
    answer = hers.post(address, data={"body": "One and two, as typed.", "heads": seen})
    assert answer.location == address
    page = hers.get(address).text
    assert "There is another version beside it still" in page and ">2 versions</h1>" in page
    assert "One and two, as typed." in without_marks(page) and "Three, from elsewhere." in without_marks(page)
    assert "One and two, as typed." in written(page)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(differing: Differing, hers: FlaskClient) -> None:
    entry = differing("idea", {"title": "One"}, {"title": "Two"})
    address = f"/entries/{entry.short}/versions"
    answer = hers.post(address, data={"title": "x" * 301, "heads": heads(hers, address)})
    assert answer.status_code == 422 and written(answer.text, "title") == "x" * 301


def test_a_form_of_versions_that_somebody_settled_meanwhile_loses_nothing(
    differing: Differing, hers: FlaskClient
) -> None:
    entry = differing("idea", {"body": "One."}, {"body": "Two."})
    address = f"/entries/{entry.short}/versions"
    seen = heads(hers, address)
    hers.post(address, data={"body": "Both.", "heads": seen})
    assert hers.post(address, data={"body": "Both.", "heads": seen}).location.startswith("/ideas/")  # the same again
    assert hers.get(address).status_code == 303
    assert hers.post(address, data={"body": "Otherwise.", "heads": seen}).location == address
    assert "Both." in without_marks(hers.get(address).text)


def test_forms_of_a_thing_with_versions_lead_to_them_first(differing: Differing, hers: FlaskClient) -> None:
    entry = differing("note", {"place": "Leeds"}, {"place": "Hull"})
    assert hers.get(f"/notes/{entry.short}/edit").location == f"/entries/{entry.short}/versions"
    stale = form("note", heads=" ".join(entry.heads), **WORDS["note"])
    assert hers.post(f"/notes/{entry.short}/edit", data=stale).status_code == 303
    assert "versions</a>" not in hers.get("/notes").text


def test_what_has_one_version_leads_to_its_own_page(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "discussion")
    short = session.scalars(select(Entry.id).where(Entry.kind == "discussion")).one()[:12]
    answer = hers.get(f"/entries/{short}/versions", follow_redirects=True)
    assert "There is one version only." in answer.text and answer.request.path == address
