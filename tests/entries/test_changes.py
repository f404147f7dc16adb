"""How an entry changed, some versions at a time."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.entries import changes
from partnernet.entries.changes import History, history
from partnernet.entries.merging import standoff
from partnernet.people.model import Account
from tests.entries.forms import form, share
from tests.factories import actor_of, make_entry
from tests.laws.world import bodies_one_by_one

EDITS = 5


@pytest.fixture
def entry(session: Session, josie: Account) -> Entry:
    """An entry with a few versions."""
    made = make_entry(session, josie, "idea", body="Text 0")
    for n in range(EDITS):
        verbs.edit(session, actor_of(session, josie), made, {"body": f"Text {n + 1}"})
        commit(session)
        session.refresh(made)
    return made


def pages(session: Session, entry: Entry) -> Iterator[History]:
    """All pages of a history."""
    page = history(session, entry, None)
    yield page
    while page.older:
        page = history(session, entry, None, before=page.older)
        yield page


def bodies(page: History) -> list[tuple[str, str]]:
    """What the text was before and after each version of a page."""
    return [(change.before, change.after) for one in page.versions for change in one.changes if change.field == "body"]


WHOLE = [(f"Text {n - 1}" if n else "", f"Text {n}") for n in range(EDITS, -1, -1)]


def test_few_versions_stand_on_one_page(session: Session, entry: Entry) -> None:
    (page,) = pages(session, entry)
    assert bodies(page) == WHOLE and page.count == EDITS + 1


@pytest.mark.parametrize(("shown", "size", "each"), [(4, 1 << 20, [4, 2]), (2, 1 << 20, [2, 2, 2]), (100, 1, [1] * 6)])
def test_many_or_long_ones_stand_on_several_and_none_is_left_out(
    session: Session, entry: Entry, monkeypatch: pytest.MonkeyPatch, shown: int, size: int, each: list[int]
) -> None:
    monkeypatch.setattr(changes, "SHOWN", shown)
    monkeypatch.setattr(changes, "BYTES", size)
    found = list(pages(session, entry))
    assert [len(page.versions) for page in found] == each
    assert [text for page in found for text in bodies(page)] == WHOLE
    assert {page.count for page in found} == {EDITS + 1}


def test_the_page_leads_on_to_older_ones(hers: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "SHOWN", 1)
    address = share(hers, "idea", body="A door.")
    hers.post(f"{address}/edit", data=form("idea", body="A floor."))
    first = hers.get(f"{address}/history").text
    assert "2 versions" in first and ">door</del>" in first and "This is how it was first written." not in first
    older = first.partition('class="pages__older" href="')[2].partition('"')[0]
    last = hers.get(f"{address}/history{older}").text
    assert "2 versions" in last and "This is how it was first written." in last and "pages__older" not in last
    assert f'class="pages__newer" href="{address}/history"' in last and "pages__newer" not in first


@pytest.mark.parametrize("before", ["nothing-like-it", "{oldest}"])
def test_a_place_that_is_none_leads_to_the_newest(session: Session, entry: Entry, before: str) -> None:
    page = history(session, entry, None, before=before.format(oldest=entry.id))
    assert bodies(page) == WHOLE and page.is_newest


def test_it_is_the_same_where_bodies_are_read_one_by_one(session: Session, entry: Entry, josie: Account) -> None:
    seen = list(entry.heads)
    for text in ("Text 5 in the hall", "Text 5 on the barge", "Text 5 in the hall"):
        verbs.edit(session, actor_of(session, josie), entry, {"body": text}, seen)
        commit(session)
    session.refresh(entry)
    at_once, settled = history(session, entry, None), standoff(session, entry)
    with bodies_one_by_one():
        assert history(session, entry, None) == at_once
        found = standoff(session, entry)
        assert found.proposals == settled.proposals and found.heads == settled.heads
        assert [(op.id, op.set) for op in found.versions] == [(op.id, op.set) for op in settled.versions]
    assert len(settled.versions) == 2 and at_once.count == EDITS + 4
