"""The authorisation matrix: every route, by every method, for everybody, on everything."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask import Flask
from sqlalchemy import insert, select
from werkzeug.routing import Rule

from partnernet.core import policy
from partnernet.core.db import db, write
from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.node import Node, SigningKey, new_handle, new_incarnation
from partnernet.core.policy import MEMBER, STEWARD, Actor, visible_to
from partnernet.web.guard import SAFE_METHODS
from tests.conftest import make_app
from tests.matrix.cast import Cast, Visitor, assemble
from tests.matrix.expected import Outcome, outcome
from tests.matrix.parameters import Case, addresses
from tests.matrix.watch import Dump, Watch, dump, restore

VISITORS = ("stranger", "author", "colleague", "neighbour", "steward", "suspended")
HEADERS: tuple[dict[str, str], ...] = ({}, {"HX-Request": "true", "HX-Request-Type": "partial"})
FORM = {
    "title": "A boat for the harbour days", "body": "We could borrow the one at Salt House.", "tags": "boats",
    "visibility": "network", "name": "The Boat Shed", "words": "boats", "role": "steward", "stage": "define",
    "mark": "watching", "password": "not the password", "heads": "", "account": "1", "by": "pnobody",
}  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One node for all of it."""
    app = make_app(tmp_path_factory.mktemp("matrix"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def cast(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """Everybody and everything."""
    other = make_app(tmp_path_factory.mktemp("elsewhere"))
    cast = assemble(app, other)
    with other.app_context():
        db.engine.dispose()
    return cast


@pytest.fixture(scope="module")
def watch(app: Flask) -> Watch:
    """What happens to the database."""
    with app.app_context():
        return Watch().over(db.engine)


@pytest.fixture(scope="module")
def before(app: Flask, cast: Cast) -> Dump:
    """The database as the visitors find it."""
    return dumped(app)


def dumped(app: Flask) -> Dump:
    with app.app_context():
        return dump(db.engine)


def put_back(app: Flask, before: Dump) -> None:
    with app.app_context():
        restore(db.engine, before)
        app.extensions["partnernet.batch"]._notes.clear()


def requests(app: Flask, cast: Cast, visitor: Visitor) -> Iterator[tuple[Rule, str, str, Case, Outcome]]:
    """Every request that a visitor can make, with what should come of it."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        permission = getattr(app.view_functions[rule.endpoint], "permission")  # noqa: B009 - a view is a plain function
        for address, case in addresses(cast, rule):
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                wanted = outcome(permission, visitor.actor, case, method, bool(rule.arguments))
                if wanted is Outcome.SIGN_IN and "%00" in address:
                    wanted = Outcome.MISSING  # what no browser sends is refused before it is asked who sends it
                yield rule, address, method, case, wanted


def wrong(answer: Any, wanted: Outcome, method: str) -> str:
    """What is wrong with an answer; empty where nothing is."""
    if answer.status_code not in wanted.value:
        return f"{answer.status_code}, not {wanted.name}"
    if wanted is Outcome.SIGN_IN:
        leads = (answer.location or "").startswith("/login?next=")
        if leads != (method in SAFE_METHODS):
            return f"{answer.status_code} to {answer.location}, not to sign in"
    return ""


@pytest.mark.parametrize("who", VISITORS)
def test_everybody_gets_what_the_policy_says_and_a_refusal_changes_nothing(
    app: Flask, cast: Cast, watch: Watch, before: Dump, who: str
) -> None:
    visitor = cast.visitors[who]
    browser, found = visitor.browser(app), defaultdict(list)
    for rule, address, method, case, wanted in requests(app, cast, visitor):
        for headers in HEADERS if method == "GET" else HEADERS[:1]:
            watch.reset()
            form = None if method in SAFE_METHODS else FORM
            answer = browser.open(address, method=method, headers=dict(headers), data=form)
            fault = wrong(answer, wanted, method)
            if method in SAFE_METHODS and watch.begun:
                fault += " a writing transaction was begun"
            if watch.committed and (wanted.is_refusal or (who == "stranger" and "token" not in rule.arguments)):
                fault += " something was stored"
            if fault:
                thing = f"{case.thing.kind} in {case.thing.log}" if case.thing is not None else address
                found[f"{method} {rule} {'partial' if headers else ''}: {fault}"].append(thing)
            if watch.committed:
                put_back(app, before)
                browser = visitor.browser(app)
    assert not found, f"for the {who}:\n" + "\n".join(
        f"{fault} ({', '.join(sorted(set(where)))})" for fault, where in found.items()
    )
    assert dumped(app) == before


@pytest.mark.parametrize("who", VISITORS)
def test_what_one_may_not_see_answers_as_what_is_not_there(app: Flask, cast: Cast, before: Dump, who: str) -> None:
    visitor = cast.visitors[who]
    answers: dict[tuple[str, str], dict[object, str]] = defaultdict(dict)
    for rule, address, method, _, wanted in requests(app, cast, visitor):
        if wanted is Outcome.MISSING and "<path:" not in rule.rule:
            browser = visitor.browser(app)
            answer = browser.open(address, method=method)
            headers = sorted((name, value) for name, value in answer.headers.items() if name != "Content-Length")
            words = answer.text.replace(quote(unquote(address), safe=""), "ADDRESS")  # signing in leads back to it
            kept = (answer.status_code, words, tuple(headers))
            answers[rule.rule, method].setdefault(kept, address)
    assert answers
    assert not [list(seen.values()) for seen in answers.values() if len(seen) > 1]


def test_the_cast_has_something_to_hide(app: Flask, cast: Cast) -> None:
    """The matrix proves nothing where nothing is refused, or everything."""
    for who in VISITORS:
        seen = {wanted for *_, wanted in requests(app, cast, cast.visitors[who])}
        expected = {Outcome.OPEN, Outcome.MISSING}
        expected |= {Outcome.SIGN_IN} if cast.visitors[who].actor is None else {Outcome.DONE, Outcome.FORBIDDEN}
        assert seen >= expected - ({Outcome.FORBIDDEN} if who == "steward" else set())
    assert cast.files and {thing.log for thing in cast.all()} == {"public", "network"}
    kinds = {kind.name for kind in KINDS.values() if kind.plural}
    assert kinds <= cast.things.keys()


def test_nobody_but_its_author_and_stewards_has_power_over_a_text(cast: Cast) -> None:
    """The matrix follows the table; these lines of it are no choice."""
    for who in ("stranger", "colleague", "neighbour"):
        actor = cast.visitors[who].actor
        for thing in cast.all():
            if actor is not None and (thing.by, thing.node) == (actor.handle, actor.node.id):
                continue
            is_kept_together = thing.kind in ("partner", "term") and actor is not None
            acts = {"edit", "delete", "redact", "move"} - ({"edit"} if is_kept_together else set())
            assert not [act for act in acts if policy.can(f"{thing.kind}.{act}", actor, thing)]
            assert policy.can("entry.read", actor, thing) == (thing.log == "public" or actor is not None)


def test_no_other_method_is_taken_anywhere(app: Flask, cast: Cast, watch: Watch) -> None:
    browser = cast.visitors["steward"].browser(app)
    watch.reset()
    for rule in app.url_map.iter_rules():
        address = next(address for address, _ in addresses(cast, rule))
        for method in ("PUT", "PATCH", "DELETE"):
            assert browser.open(address, method=method).status_code == 405, f"{method} {address}"
        assert browser.open(address, method="OPTIONS").status_code == 200
    assert not watch.begun


def test_nothing_is_taken_from_another_site(app: Flask, cast: Cast, watch: Watch, before: Dump) -> None:
    watch.reset()
    for who in ("stranger", "author", "steward"):
        browser = cast.visitors[who].browser(app)
        for rule in app.url_map.iter_rules():
            for address, _ in addresses(cast, rule):
                if "POST" in (rule.methods or ()):
                    answer = browser.post(address, data=FORM, headers={"Sec-Fetch-Site": "cross-site"})
                    assert answer.status_code == 403, f"POST {address}"
    assert not watch.begun
    assert dumped(app) == before


def people(app: Flask) -> dict[str, Actor | None]:
    """One of each sort of reader: of this node and of another, with and without the network's trust."""
    own: Node = app.extensions["partnernet.node"]
    other = Node(SigningKey.from_seed(bytes(32)), new_incarnation())
    return {
        "stranger": None,
        "member": Actor(own, new_handle(), "", "Josie", MEMBER, 1),
        "steward": Actor(own, new_handle(), "", "Bea", STEWARD, 2),
        "steward of the network": Actor(own, new_handle(), "", "Ada", STEWARD, 3, membership="m"),
        "member elsewhere": Actor(other, new_handle(), "", "Ines", MEMBER, 4),
    }


def test_the_policy_and_its_twin_in_sql_agree_on_what_may_be_read(app: Flask) -> None:
    with app.app_context():
        readers = people(app)
        columns = [column for column in Entry.__table__.c if not column.nullable and column.default is None]
        rows: list[dict[str, Any]] = []
        for kind in (*KINDS, "a kind of the future"):
            for log in ("public", "network", "circle:abc", "circle:", "nonsense", "", "Public", "public "):
                for number, reader in enumerate([*readers.values(), None]):
                    for state in ({}, {"deleted": True}, {"redacted": True}):
                        plain = {column.name: 0 if column.type.python_type is int else "x" for column in columns}
                        by = {"by": reader.handle, "node": reader.node.id} if reader else {}
                        name = f"{len(rows)}-{number}"
                        rows.append(plain | by | state | {"id": name, "kind": kind, "log": log})
        write()
        for row in rows:
            db.session.execute(insert(Entry).values(**row))
        made = db.session.scalars(select(Entry).where(Entry.id.in_([row["id"] for row in rows]))).all()
        assert len(made) == len(rows)
        for name, reader in readers.items():
            seen = set(db.session.scalars(select(Entry.id).where(visible_to(reader))))
            may = {entry.id for entry in made if policy.can("entry.read", reader, entry)}
            assert may and may == seen & {entry.id for entry in made}, name
        db.session.rollback()
