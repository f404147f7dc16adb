"""What an entry came from and led to: linked by members, walked both ways, each step as far as the reader may see."""

from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.errors import Conflict, Invalid
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import Actor
from partnernet.entries import links, model
from partnernet.entries.finding import find
from partnernet.people.model import Account
from tests.factories import actor_of, make_entry, make_reply


def chain(session: Session, reader: Actor | None, entry: Entry) -> tuple[list[str], list[str]]:
    """The titles before and after an entry, as its page shows them."""
    row = find(session, reader, KINDS[entry.kind], entry.id[:12])
    found = links.read(row.chain, entry.id)
    return [one.title for one in found.before], [one.title for one in found.after]


def linked(session: Session, by: Account, *entries: Entry) -> None:
    """Say that each came from the one before it."""
    for earlier, later in pairwise(entries):
        assert links.link(session, later, earlier, by=actor_of(session, by))
        commit(session)


def test_the_way_can_be_walked_from_either_end(session: Session, josie: Account, tomasz: Account) -> None:
    talk, idea, news, other = (
        make_entry(session, josie, kind, title=title)
        for kind, title in (("discussion", "Talk"), ("idea", "Idea"), ("news", "News"), ("idea", "Another"))
    )
    linked(session, tomasz, talk, idea, news)
    reader = actor_of(session, josie)
    assert chain(session, reader, talk) == ([], ["Idea", "News"])
    assert chain(session, reader, idea) == (["Talk"], ["News"])
    assert chain(session, reader, news) == (["Talk", "Idea"], [])
    assert chain(session, reader, other) == ([], [])


def test_no_step_shows_what_the_reader_may_not_see(session: Session, josie: Account) -> None:
    secret = make_entry(session, josie, title="Inside")
    first, last = (make_entry(session, josie, "news", title=title, visibility="public") for title in ("First", "Last"))
    linked(session, josie, first, secret, last)
    assert chain(session, None, last) == ([], []) and chain(session, None, first) == ([], [])
    assert chain(session, actor_of(session, josie), last) == (["First", "Inside"], [])


def test_what_was_removed_stands_in_no_chain(session: Session, josie: Account) -> None:
    by = actor_of(session, josie)
    first, middle, last = (make_entry(session, josie, title=title) for title in "ABC")
    linked(session, josie, first, middle, last)
    model.remove(session, middle, by=by)
    commit(session)
    assert chain(session, by, last) == ([], [])


def test_a_link_is_taken_back_by_who_made_it(session: Session, josie: Account, tomasz: Account) -> None:
    earlier, later = (make_entry(session, josie, title=title) for title in "AB")
    linked(session, josie, earlier, later)
    with pytest.raises(Conflict):
        links.unlink(session, later, earlier, by=actor_of(session, tomasz))
    links.unlink(session, later, earlier, by=actor_of(session, josie))
    commit(session)
    assert chain(session, actor_of(session, josie), later) == ([], [])
    assert links.link(session, later, earlier, by=actor_of(session, tomasz))
    assert not links.link(session, later, earlier, by=actor_of(session, josie))


def test_nothing_comes_from_itself_or_from_what_came_from_it(session: Session, josie: Account) -> None:
    by = actor_of(session, josie)
    first, middle, last = (make_entry(session, josie, title=title) for title in "ABC")
    linked(session, josie, first, middle, last)
    for earlier in (first, last):
        with pytest.raises(Conflict):
            links.link(session, first, earlier, by=by)
    with pytest.raises(Invalid):
        links.link(session, first, make_reply(session, last, josie), by=by)
    for n in range(links.LINKS_LIMIT - 1):
        links.link(session, last, make_entry(session, josie, title=str(n)), by=by)
    with pytest.raises(Conflict, match="12 entries already"):
        links.link(session, last, first, by=by)


def test_a_circle_that_a_merge_made_ends(session: Session, josie: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    first, middle, last = (make_entry(session, josie, title=title) for title in "ABC")
    monkeypatch.setattr(links, "_before", lambda session, entry: set())
    linked(session, josie, first, middle, last, first)
    before, after = chain(session, actor_of(session, josie), first)
    assert sorted(before + after) == ["B", "C"]


def test_what_is_far_away_is_counted_and_not_shown(session: Session, josie: Account) -> None:
    entries = [make_entry(session, josie, title=str(n)) for n in range(links.DEPTH + 3)]
    linked(session, josie, *entries)
    row = find(session, actor_of(session, josie), KINDS["discussion"], entries[-1].id[:12])
    found = links.read(row.chain, entries[-1].id)
    nearest = [str(n) for n in range(len(entries) - 1 - links.BESIDE, len(entries) - 1)]
    assert [one.title for one in found.before] == nearest
    assert found.hidden_before == links.DEPTH - links.BESIDE


def test_the_links_of_what_is_opened_wider_lead_to_its_new_page(session: Session, josie: Account) -> None:
    by = actor_of(session, josie)
    first, middle, last = (make_entry(session, josie, title=title) for title in "ABC")
    linked(session, josie, first, middle, last)
    copy = model.move(session, middle, "public", by=by)
    commit(session)
    assert chain(session, by, copy) == (["A"], ["C"])
    assert chain(session, by, last) == (["A", "B"], []) and chain(session, by, first) == ([], ["B", "C"])
