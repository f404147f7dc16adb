"""What needs somebody: found in what was touched, on Home with its verb, and gone when done."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from partnernet.core.consumers import drain
from partnernet.core.db import commit, write
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import Cursor, Touched
from partnernet.home.model import Need
from partnernet.home.needs import NEEDS, YOUNG
from partnernet.people.model import Account
from tests.entries.forms import form, heads, share
from tests.factories import actor_of, browser_of, make_account, make_entry, make_reply, own_node, read_again

CatchUp = Callable[[], None]


def needs(session: Session, account: Account) -> list[tuple[str, bool]]:
    """What the table holds for somebody: kind, and whether it is done."""
    read_again(session)
    rows = session.scalars(select(Need).where(Need.account == account.id).order_by(Need.position))
    return [(row.kind, row.done) for row in rows]


def test_a_reply_needs_whoever_it_answers_until_it_is_read(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, josie, title="What does a hall need?")
    reply = make_reply(session, entry, tomasz)
    caught_up()
    home = hers.get("/").text
    assert "Read the reply from Tomasz Lind" in home and f"/replies/{reply.id[:12]}" in home
    assert "In “What does a hall need?”" in home
    hers.get(hers.get(f"/replies/{reply.id[:12]}").headers["Location"])
    assert "Read the reply from Tomasz Lind" not in hers.get("/").text
    make_entry(session, tomasz, title="Something else")
    caught_up()
    assert needs(session, josie) == [("reply", True)]
    assert "Nothing needs you just now." in hers.get("/").text


def test_what_needs_one_person_is_on_nobody_elses_page(
    session: Session, josie: Account, tomasz: Account, his: FlaskClient, caught_up: CatchUp
) -> None:
    make_reply(session, make_entry(session, josie), tomasz)
    caught_up()
    assert "Nothing needs you just now." in his.get("/").text


def test_what_was_read_once_counts_as_read_with_everything_else(
    session: Session, tomasz: Account, hers: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, tomasz)
    hers.get(f"/discussions/{entry.id[:12]}")
    make_reply(session, entry, tomasz)
    caught_up()
    assert "<b>1 new reply</b>" in hers.get("/").text
    hers.post("/everything-read")
    assert "new repl" not in hers.get("/").text + hers.get("/discussions").text


def test_several_replies_on_one_page_are_one_line(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, josie)
    for _ in range(3):
        make_reply(session, entry, tomasz)
    caught_up()
    home = hers.get("/").text
    assert "Read 3 replies" in home and home.count("needs__due") == 1


def test_a_reply_to_a_reply_needs_both_its_authors(
    session: Session, josie: Account, tomasz: Account, caught_up: CatchUp
) -> None:
    ruth = make_account(session, "Ruth Adeyemi")
    entry = make_entry(session, josie)
    first = make_reply(session, entry, tomasz)
    make_reply(session, first, ruth)
    caught_up()
    assert needs(session, josie) == [("reply", False)] * 2
    assert needs(session, tomasz) == [("reply", False)]
    assert needs(session, ruth) == []


def test_a_mention_needs_whoever_is_meant_but_not_one_that_is_quoted(
    josie: Account, tomasz: Account, hers: FlaskClient, his: FlaskClient, session: Session, caught_up: CatchUp
) -> None:
    share(hers, "idea", title="A press", body="Ask @Tomasz Lind.")
    caught_up()
    assert needs(session, tomasz) == [("mention", False)] and needs(session, josie) == []
    assert "See where Josie Calder mentions you" in his.get("/").text
    share(hers, "idea", title="Another", body="> Ask @Tomasz Lind.\n\nDone.")
    caught_up()
    assert needs(session, tomasz) == [("mention", False)]


def test_a_mention_that_an_edit_adds_needs_somebody_once(
    tomasz: Account, hers: FlaskClient, his: FlaskClient, session: Session, caught_up: CatchUp
) -> None:
    address = share(hers, "idea", body="Ask.")
    his.get(address)
    caught_up()
    hers.post(f"{address}/edit", data=form("idea", body="Ask @Tomasz Lind."))
    caught_up()
    assert "mentions you" in his.get("/").text
    his.get(address)
    caught_up()
    hers.post(f"{address}/edit", data=form("idea", body="Ask @Tomasz Lind, please."))
    caught_up()
    assert needs(session, tomasz) == [("mention", True)]
    assert "mentions you" not in his.get("/").text


def test_versions_need_their_author_until_one_is_made(
    josie: Account, hers: FlaskClient, session: Session, caught_up: CatchUp
) -> None:
    address = share(hers, "idea", title="A press", body="One")
    seen = heads(hers, f"{address}/edit")
    for body in ("Two", "Three"):
        hers.post(f"{address}/edit", data=form("idea", title="A press", body=body, heads=seen))
    caught_up()
    assert "Make one version of “A press”" in hers.get("/").text
    hers.get(address)
    caught_up()
    assert needs(session, josie) == [("conflict", False)]
    made = form("idea", title="A press", body="Both", heads=heads(hers, f"{address}/edit"))
    hers.post(f"{address}/edit", data=made)
    caught_up()
    assert needs(session, josie) == []
    assert "Make one version" not in hers.get("/").text


def test_what_is_removed_or_erased_needs_nobody(
    session: Session, josie: Account, tomasz: Account, his: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, josie)
    reply = make_reply(session, entry, tomasz)
    caught_up()
    assert needs(session, josie) == [("reply", False)]
    his.post(f"/entries/{reply.id[:12]}/removal")
    caught_up()
    assert needs(session, josie) == []


def test_everything_counts_as_read_at_one_press(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, josie)
    make_reply(session, entry, tomasz)
    caught_up()
    assert "Mark everything as read" in hers.get("/").text
    assert hers.post("/everything-read").status_code == 303
    home = hers.get("/").text
    assert "Nothing needs you just now." in home and "New." not in home and "You are up to date." in home
    assert "You have read everything here" in hers.get("/discussions?unread").text


def test_at_most_seven_are_shown_the_most_urgent_first(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, his: FlaskClient, caught_up: CatchUp
) -> None:
    for n in range(9):
        make_reply(session, make_entry(session, josie, title=f"Entry {n}"), tomasz)
    share(his, "idea", title="A press", body="Ask @Josie Calder.")
    caught_up()
    home = hers.get("/").text
    assert home.count("needs__due") == 7
    assert home.index("mentions you") < home.index("Read the reply")
    assert "the next ones move up" in home


def test_history_that_is_brought_in_needs_nobody(
    session: Session, josie: Account, tomasz: Account, caught_up: CatchUp
) -> None:
    entry = make_entry(session, josie)
    old = {"body": "From the archive", "date": entry.ts - 2 * YOUNG}
    verbs.create(session, actor_of(session, tomasz), "reply", "network", old, under=entry)
    commit(session)
    caught_up()
    assert needs(session, josie) == []


@pytest.mark.parametrize(("cause", "found"), [("import", [("reply", False)]), ("replay", [])])
def test_what_came_lately_from_elsewhere_needs_somebody_and_a_replay_does_not(
    session: Session, josie: Account, tomasz: Account, cause: str, found: list[tuple[str, bool]]
) -> None:
    make_reply(session, make_entry(session, josie), tomasz)
    write(session)
    session.execute(update(Touched).values(cause=cause))
    commit(session)
    drain(session, NEEDS)
    assert needs(session, josie) == found


def test_the_consumer_may_read_everything_again(
    session: Session, josie: Account, tomasz: Account, hers: FlaskClient, caught_up: CatchUp
) -> None:
    entry = make_entry(session, josie)
    make_reply(session, entry, tomasz)
    hers.get(f"/discussions/{entry.id[:12]}")
    caught_up()
    before = needs(session, josie)
    write(session)
    session.execute(delete(Cursor).where(Cursor.consumer == NEEDS.name))
    session.execute(delete(Need))
    commit(session)
    drain(session, NEEDS)
    assert needs(session, josie) == before == [("reply", True)]


def test_versions_of_what_the_server_brought_in_need_its_stewards(session: Session, caught_up: CatchUp) -> None:
    steward = make_account(session, "Ruth Adeyemi", role="steward")
    by = NodeItself(own_node())
    op = verbs.create(session, by, "note", "network", {"title": "Minutes", "body": "One"})
    commit(session)
    browser = browser_of(steward, session)
    address = f"/notes/{op.id[:12]}"
    seen = heads(browser, f"{address}/edit")
    for body in ("Two", "Three"):
        browser.post(f"{address}/edit", data=form("note", title="Minutes", body=body, heads=seen))
    caught_up()
    assert needs(session, steward) == [("conflict", False)]
