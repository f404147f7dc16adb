"""What is hidden from somebody shows nowhere: in no result, count, facet, snippet, suggestion or correction.

Each hidden thing has two words of its own. Its readers ask for one; the other must not come up, nothing may
be counted, and neither word may be completed, corrected to or offered. The index stands still where a thing
was hidden only a moment ago.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position
from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.node import NodeItself
from partnernet.core.policy import NETWORK, PUBLIC, STEWARD
from partnernet.entries.model import move
from partnernet.people import accounts
from partnernet.people.model import Account
from partnernet.search import engine
from partnernet.search.asking import Reader
from partnernet.search.interface import FACETS
from partnernet.search.query import read
from tests.factories import actor_of, browser_of, make_account, make_network, own_node
from tests.search.cast import answer, discuss, index, update

MADE = sorted(name for name, kind in KINDS.items() if kind.plural or name == "reply")
"""Kinds that are found by search."""

STATES = ("network", "deleted", "redacted", "narrowed", "reworded")


@dataclass(frozen=True, slots=True)
class Canary:
    """Something that is hidden, from everybody or from strangers alone."""

    kind: str
    state: str
    asked: str
    """A word that whoever looks for it would say."""
    secret: str
    """A word that stands beside it."""

    @property
    def hides_from_members(self) -> bool:
        """Whether nobody at all may find it."""
        return self.state in ("deleted", "redacted", "reworded")


def canaries(state: str) -> list[Canary]:
    return [Canary(kind, state, f"zq{word(kind)}{word(state)}", f"xw{word(state)}{word(kind)}") for kind in MADE]


def word(name: str) -> str:
    """A name as letters that no other word begins with."""
    return name.translate(str.maketrans("aeiou_", "qjqkvx"))


@pytest.fixture
def ruth(session: Session) -> Account:
    make_network(session)
    return make_account(session, "Ruth Adeyemi", role=STEWARD)


def make(session: Session, canary: Canary, by: Account, log: str) -> Entry:
    """The thing as it was before it was hidden."""
    kind = KINDS[canary.kind]
    author = actor_of(session, by)
    values: dict[str, Any] = {kind.title: f"A {canary.asked} with {canary.secret}"} if kind.title in kind.fields else {}
    values[next(name for name in ("body", "about", "meaning", "text") if name in kind.fields)] = (
        f"The {canary.asked} stands beside the {canary.secret} here."
    )
    under = discuss(session, "Something plain", log=log, by=author) if canary.kind == "reply" else None
    op = verbs.create(session, NodeItself(own_node()) if not kind.is_listed else author, canary.kind, log, values,
                      under=under)  # fmt: skip
    commit(session)
    return session.get_one(Entry, op.id)


def hide(session: Session, canary: Canary, entry: Entry, by: Account) -> None:
    """Bring it into its state."""
    node, actor = NodeItself(own_node()), actor_of(session, by)
    if canary.state == "deleted":
        verbs.delete(session, node, entry)
    elif canary.state == "redacted":
        verbs.redact(session, node, entry)
    elif canary.state == "reworded":
        kind = KINDS[canary.kind]
        names = [name for name in (kind.title, "body", "about", "meaning", "text") if name in kind.fields]
        verbs.edit(session, node, entry, dict.fromkeys(names, "Plain words"))
    elif canary.state == "narrowed":
        move(session, entry, NETWORK, by=actor)
    commit(session)


@dataclass(frozen=True, slots=True)
class Door:
    """A way in which somebody may ask."""

    name: str
    ask: Callable[[str], str]


def doors(app: Flask, session: Session, browser: FlaskClient, reader: Reader) -> Iterator[Door]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("search.") and not rule.arguments]
    asked = [(rule.rule, {}) for rule in rules if "GET" in (rule.methods or ())]
    for address, more in (*asked, ("/search", {"why": "1", "sort": "date"})):
        yield Door(address, partial(answered, browser, address, more))
    yield Door("engine", partial(numbers, session, reader))


def answered(browser: FlaskClient, address: str, more: dict[str, str], text: str) -> str:
    return browser.get(address, query_string={"q": text, **more}).text


def numbers(session: Session, reader: Reader, text: str) -> str:
    """Everything that the engine says of a question, as text."""
    session.rollback()
    found = engine.search(session, index(), reader, read(text), facets=FACETS, by_root=True)
    assert not found.count, (text, found.count)
    assert not found.hits
    assert not any(found.facets.values()), found.facets
    return json.dumps([found.notes, str(found.groups)])


def check(canary: Canary, door: Door) -> None:
    """Ask for it, for a word that begins so, and for one that is nearly it."""
    swapped = f"{canary.asked[:-2]}{canary.asked[-1]}{canary.asked[-2]}"
    for text in (canary.asked, canary.asked[:-1], swapped):
        answer = door.ask(text)
        assert canary.secret not in answer, (door.name, text)
        assert text == canary.asked or canary.asked not in answer, (door.name, text)


def ways(app: Flask, session: Session, who: str, ruth: Account) -> list[Door]:
    """The doors of somebody."""
    if who == "stranger":
        return list(doors(app, session, app.test_client(), Reader.of(None)))
    account = ruth if who == "steward" else make_account(session, who)
    browser = browser_of(account, session)
    if who == "suspended":
        accounts.suspend(session, own_node(), account)
        commit(session)
    return list(doors(app, session, browser, Reader.of(None if who == "suspended" else actor_of(session, account))))


@pytest.mark.parametrize("has_read", [True, False], ids=["read", "not-read-yet"])
@pytest.mark.parametrize("state", STATES)
def test_what_is_hidden_shows_nowhere(app: Flask, session: Session, ruth: Account, state: str, has_read: bool) -> None:
    ways_of = {who: ways(app, session, who, ruth) for who in ("stranger", "suspended", "member", "steward")}
    hidden = [one for one in canaries(state) if state != "narrowed" or KINDS[one.kind].is_listed]
    made = {canary: make(session, canary, ruth, NETWORK if state == "network" else PUBLIC).id for canary in hidden}
    update()
    for canary, entity in made.items():
        hide(session, canary, session.get_one(Entry, entity, populate_existing=True), ruth)
    if has_read:
        update()
    else:
        assert index().position() < last_position(session) or state == "network"
    for who, found in ways_of.items():
        for canary in hidden:
            if who not in ("member", "steward") or canary.hides_from_members:
                for door in found if who in ("stranger", "steward") else found[-1:]:
                    check(canary, door)


@pytest.mark.parametrize("has_read", [True, False], ids=["read", "not-read-yet"])
@pytest.mark.parametrize("before", [NETWORK, PUBLIC])
def test_what_was_moved_is_counted_once(session: Session, ruth: Account, before: str, has_read: bool) -> None:
    entry = make(session, Canary("discussion", "moved", "heron", "egret"), ruth, before)
    update()
    move(session, entry, PUBLIC if before == NETWORK else NETWORK, by=actor_of(session, ruth))
    commit(session)
    if has_read:
        update()
    expected = 1 if has_read else 0  # the copy is not indexed yet
    assert engine.search(session, index(), Reader.of(actor_of(session, ruth)), read("heron")).count == expected
    open_to_all = expected if before == NETWORK else 0
    assert engine.search(session, index(), Reader.of(None), read("heron")).count == open_to_all


def test_the_canaries_would_be_found_if_they_were_not_hidden(app: Flask, session: Session, ruth: Account) -> None:
    for canary in canaries("network"):
        make(session, canary, ruth, PUBLIC)
    update()
    client = app.test_client()
    for canary in canaries("network"):
        assert canary.secret in client.get("/search", query_string={"q": canary.asked}).text, canary
        assert client.get("/search.json", query_string={"q": canary.asked}).get_json()["count"] == 1


@pytest.mark.parametrize("has_read", [True, False], ids=["read", "not-read-yet"])
def test_an_answer_does_not_tell_the_title_of_what_was_removed_above_it(
    app: Flask, session: Session, ruth: Account, has_read: bool
) -> None:
    thread = discuss(session, "A xwsecret title", "A xwsecret text", by=actor_of(session, ruth))
    answer(session, thread, "The zqanswer is plain.")
    update()
    verbs.delete(session, NodeItself(own_node()), thread)
    commit(session)
    if has_read:
        update()
    for found in doors(app, session, app.test_client(), Reader.of(None)):
        if found.name != "engine":
            assert "xwsecret" not in found.ask("zqanswer"), found.name
    assert app.test_client().get("/search.json?q=xwsecret&exact=1").get_json()["count"] == 0


@pytest.mark.parametrize("has_read", [True, False], ids=["read", "not-read-yet"])
@pytest.mark.parametrize("state", STATES)
def test_what_is_hidden_is_related_to_nothing(
    app: Flask, session: Session, ruth: Account, state: str, has_read: bool
) -> None:
    """Nor does it stand at the foot of a page that speaks of the same."""
    canary = Canary("discussion", state, "zqpress", "xwsecret")
    said = "The zqpress and the letterpress stand beside the guillotine of the printmakers."
    for n in range(14):
        discuss(session, f"Something else {n}", f"Number {n} of what nobody asks about.")
    page = discuss(session, "The letterpress", said, by=actor_of(session, ruth))
    discuss(session, "The guillotine", said, by=actor_of(session, ruth))
    entry = make(session, canary, ruth, NETWORK if state == "network" else PUBLIC)
    verbs.edit(session, actor_of(session, ruth), entry, {"title": "A xwsecret press", "body": said})
    commit(session)
    update()
    address, browser = f"/entries/{page.short}/related", browser_of(ruth, session)
    assert "xwsecret" in browser.get(address).text
    hide(session, canary, session.get_one(Entry, entry.id, populate_existing=True), ruth)
    if has_read:
        update()
    outside = app.test_client().get(address).text
    assert "The guillotine" in outside
    assert "xwsecret" not in outside
    if canary.hides_from_members:
        assert "xwsecret" not in browser.get(address).text
