"""No page says anything that is not in the catalogue: all of them are read in a language of other letters."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from partnernet.core.db import db
from partnernet.core.ledger import verbs
from partnernet.search import saved
from partnernet.web import language
from partnernet.web.guard import SAFE_METHODS
from tests.conftest import make_app
from tests.matrix.cast import Cast, assemble
from tests.matrix.expected import Outcome
from tests.matrix.parameters import Case
from tests.matrix.pseudo import Translations, greek, latin, spoken, written
from tests.matrix.watch import Dump, Watch, dump
from tests.test_matrix import FORM, put_back, requests

VISITORS = ("stranger", "author", "steward")
SENT = {
    name: greek(value) if name in ("title", "body", "tags", "name", "words") else value for name, value in FORM.items()
}
EMPTY = {"heads": "", "visibility": "nobody", "title": "", "body": "\0", "name": "", "email": "x"}


@pytest.fixture(scope="module", autouse=True)
def speak() -> Iterator[None]:
    """Speak the other language, whose days and months are those of Greek."""
    patch = pytest.MonkeyPatch()
    patch.setattr(language, "get_translations", Translations)
    patch.setattr(language, "LANGUAGES", {"el": "Ελληνικά"})
    patch.setattr(verbs, "create", in_greek(verbs.create, 4))
    patch.setattr(verbs, "edit", in_greek(verbs.edit, 3))
    save = saved.save
    patch.setattr(saved, "save", lambda session, name, _, **more: save(session, greek(name), greek_search(), **more))
    yield
    patch.undo()


def greek_search() -> str:
    """What a saved search asks for."""
    return f"q={greek('harbour')}&kind=discussion"


def in_greek(verb: Callable[..., Any], place: int) -> Callable[..., Any]:
    """A verb of the ledger that writes the values, given at a place among its arguments, in Greek letters."""
    return lambda *given, **more: verb(*given[:place], written(given[place]), *given[place + 1 :], **more)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One node for all of it."""
    app = make_app(tmp_path_factory.mktemp("words"))
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
def before(app: Flask, cast: Cast) -> Dump:
    with app.app_context():
        return dump(db.engine)


def test_the_other_language_keeps_places_and_tags() -> None:
    assert spoken("By <b>%(name)s</b> at {time}") == "Βψ <b>%(name)s</b> ατ {time}"


def test_a_sentence_outside_the_catalogue_is_found() -> None:
    page = f'<p title="Left out">{spoken("Save")}</p><code>in:public</code><button aria-label="Γο">Go</button>'
    assert list(latin(page)) == ["Left out", "Go"]


def different(
    all_requests: Iterator[tuple[Rule, str, str, Case, Outcome]],
) -> Iterator[tuple[Rule, str, str]]:
    """Of the requests that are answered with words, one for each outcome and for each sort of thing."""
    seen = set()
    for rule, address, method, case, wanted in all_requests:
        thing = case.thing
        sort = (thing.kind, thing.by, thing.deleted, thing.redacted, thing.log) if thing is not None else case.value
        outcome = (rule.rule, method, wanted, "" if wanted.is_refusal else sort)
        if method != "HEAD" and outcome not in seen:
            seen.add(outcome)
            yield rule, address, method


@pytest.mark.parametrize("who", VISITORS)
def test_every_page_speaks_the_language_of_its_reader(app: Flask, cast: Cast, before: Dump, who: str) -> None:
    visitor = cast.visitors[who]
    found: dict[str, str] = {}
    seen: set[bytes] = set()
    browser = visitor.browser(app)
    with app.app_context():
        watch = Watch().over(db.engine)
    asked: dict[str, Any] = {"Accept-Language": "el"}
    for rule, address, method in different(requests(app, cast, visitor)):
        for form in (None,) if method in SAFE_METHODS else (SENT, EMPTY):
            answer = browser.open(address, method=method, data=form, headers=asked)
            while answer.status_code == 303:
                answer = browser.get(answer.location, headers=asked)
            if answer.mimetype == "text/html" and answer.data not in seen:
                seen.add(answer.data)
                for text in latin(answer.text):
                    found.setdefault(text, f"{method} {rule}")
            if watch.committed:
                put_back(app, before)
                browser = visitor.browser(app)
                watch.reset()
    assert not found, "\n".join(f"{where}: {text}" for text, where in found.items())
    assert len(seen) > 100
