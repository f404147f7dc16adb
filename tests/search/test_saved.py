"""Searches that people keep, and what is new of each: told on Home, and never of what one may not see."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid
from partnernet.core.time import DAY, now_ms
from partnernet.entries import model as entries
from partnernet.people import accounts
from partnernet.people.model import Account
from partnernet.search import saved, watching
from partnernet.search.model import SavedMatch, SavedSearch
from tests.factories import actor_of, browser_of, flush_batch, make_account, make_entry, make_reply, read_again
from tests.search.cast import answer, discuss, update

Round = Callable[[], None]


@pytest.fixture
def ruth(session: Session) -> Account:
    return make_account(session, "Ruth Adeyemi")


@pytest.fixture
def tomasz(session: Session) -> Account:
    return make_account(session, "Tomasz Lind")


@pytest.fixture
def hers(session: Session, ruth: Account) -> FlaskClient:
    return browser_of(ruth, session)


@pytest.fixture
def looked(session: Session) -> Round:
    """A round behind the pages, once the index has read everything."""

    def round_() -> None:
        update()
        read_again(session)
        watching.watch_here(session)

    return round_


def test_a_number_that_no_search_can_have_leads_nowhere(hers: FlaskClient) -> None:
    assert hers.get(f"/searches/{10**30}").status_code == 404
    assert hers.post(f"/searches/{10**30}/removal").status_code == 404


def keep(hers: FlaskClient, address: str = "q=village+hall", name: str = "Halls") -> int:
    """Keep a search; its number."""
    answer = hers.post("/searches", data={"name": name, "address": address})
    assert answer.status_code == 303, answer.text
    return max(saved_ids(hers))


def saved_ids(hers: FlaskClient) -> list[int]:
    page = hers.get("/searches").text
    return [int(part.partition('"')[0]) for part in page.split('href="/searches/')[1:]]


def test_home_tells_of_what_came_since_and_holds_all_the_words(
    session: Session, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    make_entry(session, tomasz, title="The village hall before", body="")
    update()
    number = keep(hers)
    looked()
    assert "Halls" not in hers.get("/").text
    make_entry(session, tomasz, title="Halls of three villages", body="")
    make_entry(session, tomasz, title="A hall", body="in town")
    looked()
    home = hers.get("/").text
    assert "See 1 new place for “Halls”" in home and f"/searches/{number}" in home
    make_entry(session, tomasz, title="Who has a village hall?", body="")
    looked()
    assert "See 2 new places for “Halls”" in hers.get("/").text
    assert '<b class="entries__new">2 new places</b>' in hers.get("/searches").text


def test_looking_is_enough_and_what_comes_later_is_new_again(
    session: Session, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    number = keep(hers)
    entry = make_entry(session, tomasz, title="A village hall", body="")
    looked()
    first = hers.get("/")
    led = hers.get(f"/searches/{number}")
    assert led.status_code == 303 and led.location == "/search?q=village+hall&all=1&sort=date"
    assert "A <mark>village</mark>" in hers.get(led.location).text
    for _ in range(2):  # as noted in memory, and as stored
        again = hers.get("/", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200 and "Halls" not in again.text
        flush_batch(session)
    session.expire_all()
    entries.revise(session, entry, {"title": "A village hall, once more"}, by=actor_of(session, tomasz))
    commit(session)
    looked()
    assert "Halls" not in hers.get("/").text
    make_entry(session, tomasz, title="Another village hall", body="")
    looked()
    assert "See 1 new place for “Halls”" in hers.get("/").text


def test_replies_are_found_and_ones_own_words_are_no_news(
    session: Session, hers: FlaskClient, ruth: Account, tomasz: Account, looked: Round
) -> None:
    keep(hers)
    talk = make_entry(session, ruth, title="My village hall", body="")
    make_reply(session, talk, tomasz, "Ours is a village hall, too.")
    looked()
    assert "See 1 new place for “Halls”" in hers.get("/").text


def test_what_was_narrowed_removed_or_erased_since_is_not_counted(
    session: Session, hers: FlaskClient, ruth: Account, tomasz: Account, looked: Round
) -> None:
    keep(hers)
    by = actor_of(session, tomasz)
    one, two, three = (make_entry(session, tomasz, title=f"Village hall {n}", body="") for n in range(3))
    looked()
    assert "See 3 new places" in hers.get("/").text
    entries.remove(session, one, by=by)
    entries.erase(session, two, by=by)
    commit(session)
    assert "See 1 new place for" in hers.get("/").text
    write(session)
    session.get_one(Entry, three.id).log = "circle:elsewhere"
    saved.note_change(session, {ruth.id})
    commit(session)
    assert "Halls" not in hers.get("/").text and "new place" not in hers.get("/searches").text


def test_what_no_longer_matches_is_forgotten(
    session: Session, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    keep(hers)
    entry = make_entry(session, tomasz, title="Village hall", body="")
    looked()
    entries.revise(session, entry, {"title": "Town square"}, by=actor_of(session, tomasz))
    commit(session)
    looked()
    assert "Halls" not in hers.get("/").text
    assert not session.scalars(select(SavedMatch)).all()


def test_history_that_is_brought_in_is_no_news(session: Session, hers: FlaskClient, looked: Round) -> None:
    keep(hers)
    discuss(session, "A village hall of long ago", date=now_ms() - 30 * DAY)
    old = discuss(session, "A kettle", date=now_ms() - 30 * DAY)
    answer(session, old, "For the village hall")
    looked()
    assert "See 1 new place for “Halls”" in hers.get("/").text


def test_filters_of_a_search_narrow_what_is_told(
    session: Session, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    keep(hers, "q=village+hall&kind=idea", "Ideas")
    keep(hers, "q=village+-hall", "Villages")
    make_entry(session, tomasz, title="Village hall", body="")
    make_entry(session, tomasz, kind="idea", title="A hall for the village", body="")
    looked()
    home = hers.get("/").text
    assert "See 1 new place for “Ideas”" in home and "Villages" not in home


def test_nobody_elses_search_is_there_at_all(session: Session, hers: FlaskClient, tomasz: Account) -> None:
    number = keep(hers)
    his = browser_of(tomasz, session)
    assert his.get(f"/searches/{number}").status_code == 404
    assert his.post(f"/searches/{number}/removal").status_code == 404
    assert saved_ids(his) == [] and saved_ids(hers) == [number]


def test_a_search_that_was_removed_comes_back_with_what_it_had(
    session: Session, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    number = keep(hers)
    make_entry(session, tomasz, title="Village hall", body="")
    looked()
    page = hers.post(f"/searches/{number}/removal", follow_redirects=True).text
    assert "is not kept any more" in page and "Undo" in page and saved_ids(hers) == []
    assert "Halls" not in hers.get("/").text
    given = {name: page.split(f'name="{name}" value="')[1].partition('"')[0] for name in ("name", "address", "looked")}
    hers.post("/searches", data={key: value.replace("&amp;", "&") for key, value in given.items()})
    assert len(saved_ids(hers)) == 1
    looked()
    assert session.scalars(select(SavedSearch.address)).one() == "q=village+hall"


@pytest.mark.parametrize(
    ("address", "name", "said"),
    [("", "Nothing", "Search for something first"), ("colour=red", "Made up", "Search for something first"),
     ("q=" + "hall+" * 500, "Long", "too long to be saved"), ("q=hall", "x" * 101, "at most 100 letters"),
     ("&" * 5_000, "", "Search for something first")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_words(hers: FlaskClient, address: str, name: str, said: str) -> None:
    answer = hers.post("/searches", data={"name": name, "address": address})
    assert answer.status_code == 422 and said in answer.text
    assert not address.startswith("q") or f'value="{name}"' in answer.text
    assert saved_ids(hers) == []


def test_a_person_keeps_so_many_and_the_same_only_once(session: Session, ruth: Account, hers: FlaskClient) -> None:
    for n in range(saved.LIMIT):
        keep(hers, f"q=hall+{n}", f"Hall {n}")
    keep(hers, "q=hall+3&page=7&sort=date", "The third")
    assert len(saved_ids(hers)) == saved.LIMIT and "The third" in hers.get("/searches").text
    answer = hers.post("/searches", data={"name": "One more", "address": "q=one+more"})
    assert answer.status_code == 422 and "remove one" in answer.text and "One more" in answer.text
    with pytest.raises(Invalid):
        saved.save(session, "", "q=and+more", by=actor_of(session, ruth))
    session.rollback()


def test_seen_matches_are_tidied_away_once_they_can_come_up_no_more(
    session: Session, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    number = keep(hers)
    entry = make_entry(session, tomasz, title="Village hall", body="")
    looked()
    hers.get(f"/searches/{number}")
    flush_batch(session)
    watching.tidy(session)
    commit(session)
    assert len(session.scalars(select(SavedMatch)).all()) == 1
    write(session)
    session.get_one(Entry, entry.id).when -= 30 * DAY
    watching.tidy(session)
    commit(session)
    assert session.scalars(select(SavedMatch)).all() == []


def test_leaving_takes_all_of_it(
    session: Session, ruth: Account, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    keep(hers)
    make_entry(session, tomasz, title="Village hall", body="")
    looked()
    accounts.leave(session, ruth, by=actor_of(session, ruth))
    commit(session)
    assert session.scalars(select(SavedSearch)).all() == [] and session.scalars(select(SavedMatch)).all() == []


def test_it_tells_of_the_other_words_for_the_same_out_of_the_own_list(
    session: Session, hers: FlaskClient, tomasz: Account, looked: Round
) -> None:
    make_entry(session, tomasz, "term", title="Parish hall", also=["village hall"], body="")
    update()
    keep(hers, "q=cold+village+hall")
    looked()
    make_entry(session, tomasz, title="A cold parish hall", body="")
    make_entry(session, tomasz, title="A parish hall", body="")
    looked()
    assert "See 1 new place for “Halls”" in hers.get("/").text
