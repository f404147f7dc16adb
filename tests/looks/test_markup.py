"""What pages say to programs: every page, part and refusal is sound HTML, and light."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from partnernet.core.db import db
from tests import tools
from tests.browser import lack
from tests.looks.demo import EVENING
from tests.looks.site import VISITORS, Site, made
from tests.matrix.expected import outcome
from tests.matrix.parameters import addresses
from tests.matrix.watch import Watch, dump, restore

HEAVY = 100_000
"""Bytes that no page reaches before it is compressed."""
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
GIVEN: tuple[dict[str, str], ...] = (
    {},
    {"title": "A boat", "body": "Ours, *too*.", "tags": "boats", "name": "Salt House", "mark": "watching"},
)
"""What is sent with a form: nothing at all, and something."""
DOCUMENT = '<!doctype html>\n<html lang="en">\n<head>\n<title>A part</title>\n</head>\n<body>\n{}\n</body>\n</html>\n'
OPTIONS = ("--errors-only", "--format", "json", "--filterpattern", ".*Attribute .hx-.*")
"""htmx's own attributes are in no standard."""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A node of its own, since things are sent to it, and a small one, since all is put back each time."""
    node = made(tmp_path_factory.mktemp("markup"), unwieldy=False)
    yield node
    with node.app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def texts(site: Site, demo: Site, node: Site) -> dict[str, str]:
    """Every different answer in HTML, and who gets it where."""
    found: dict[str, str] = {}
    for who in VISITORS:
        with time_machine.travel(EVENING):
            seen = [*read(demo, who)]
        for said, answer in [*seen, *read(site, who), *sent(node, who)]:
            if answer.mimetype == "text/html" and answer.data:
                found.setdefault(answer.text, f"{said} ({who})")
    return found


def read(node: Site, who: str) -> Iterator[tuple[str, TestResponse]]:
    """Each page, whole and in part."""
    browser = node.cast.visitors[who].browser(node.app)
    everywhere = [stop.address for stop in node.pages(who)]
    for address in everywhere if who == "stranger" else [*everywhere, *node.unwieldy.values()]:
        yield address, browser.get(address)
        yield f"part of {address}", browser.get(address, headers=PART)


def sent(node: Site, who: str) -> Iterator[tuple[str, TestResponse]]:
    """What comes of sending each form, whole and in part; then all is as it was."""
    watch, actor = watched(node.app), node.cast.visitors[who].actor
    with node.app.app_context():
        before = dump(db.engine)
    for rule in node.rules("POST"):
        permission = getattr(node.app.view_functions[rule.endpoint], "permission")  # noqa: B009 - a view is a plain function
        allowed = (
            address
            for address, case in addresses(node.cast, rule)
            if not outcome(permission, actor, case, "POST", bool(rule.arguments)).is_refusal
        )
        address = next(allowed, None)
        for form in GIVEN if address else ():
            for headers in ({}, PART):
                watch.reset()
                yield f"{form} to {address}", post(node.cast.visitors[who].browser(node.app), address, form, headers)
                if watch.committed:
                    with node.app.app_context():
                        restore(db.engine, before)


def post(browser: FlaskClient, address: str | None, form: dict[str, str], headers: dict[str, str]) -> TestResponse:
    """Send a form."""
    assert address is not None
    return browser.post(address, data=form, headers=headers)


def watched(app: Flask) -> Watch:
    """What happens to the database from now on."""
    with app.app_context():
        return Watch().over(db.engine)


def test_every_page_and_every_part_is_light_and_sound_html(texts: dict[str, str], tmp_path: Path) -> None:
    assert len(texts) > 200
    assert not [where for text, where in texts.items() if len(text.encode()) >= HEAVY]
    if not tools.VNU.is_file() or not shutil.which("java"):  # all but what it says is tried
        lack("THE HTML CHECKER OR JAVA IS NOT HERE: `python -m tests` installs the one, and needs the other")
    parts = 0
    for number, text in enumerate(texts):
        is_part = not text.lstrip().startswith("<!doctype")
        parts += is_part
        (tmp_path / f"{number}.html").write_text(DOCUMENT.format(text) if is_part else text, encoding="utf-8")
    assert parts > 5
    command = ["java", "-jar", str(tools.VNU), *OPTIONS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    where = list(texts.values())
    found = [
        f"{where[int(Path(message['url']).stem)]}: {message['message']} {message.get('extract', '')!r}"
        for message in json.loads(done.stderr)["messages"]
    ]
    assert not found, "\n".join(found)
