"""The pages of a bundle for people without PartnerNet: from a disk, on a telephone, in Welsh and on paper."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

from partnernet.core.db import db
from partnernet.exchange.outgoing.selection import Selection
from partnernet.exchange.outgoing.writer import Export
from partnernet.exchange.outgoing.writer import write as write_bundle
from tests import tools
from tests.browser import Visitor, lack
from tests.looks.checks import faults, violations
from tests.looks.site import Site

pytestmark = pytest.mark.browser

NARROW = 320


@pytest.fixture(scope="module")
def folder(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that there is, as a bundle in Welsh, unpacked."""
    into = tmp_path_factory.mktemp("readable")
    with site.app.test_request_context(headers={"Accept-Language": "cy"}), (into / "all.zip").open("w+b") as file:
        node, files = site.app.extensions["partnernet.node"], site.app.extensions["partnernet.files"]
        given = Export(db.session(), node, files, Selection(), note="Oddi wrth bawb")
        write_bundle(given, ".pn.zip", file)
        db.session.rollback()
        db.engine.dispose()
    with zipfile.ZipFile(into / "all.zip") as archive:
        archive.extractall(into)
    (top,) = (path for path in into.iterdir() if path.is_dir())
    return top


def opened(folder: Path, page: Page) -> list[str]:
    """Open the first page; what it asked for from anywhere but the disk."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "data" / "readable.html").as_uri())
    return [url for url in asked if not url.startswith(("file:", "data:"))]


def test_they_fit_on_a_telephone_load_nothing_and_are_open_to_everybody(
    folder: Path, visitor: Visitor, axe: str
) -> None:
    page = visitor(width=NARROW).new_page()
    assert opened(folder, page) == []
    assert not faults(page, "sound", "spacing") + violations(page, axe)
    assert page.locator("script, iframe, form, link").count() == 0
    assert page.locator("article").count() > 20


def test_they_can_be_printed(folder: Path, visitor: Visitor) -> None:
    page = visitor(width=NARROW).new_page()
    opened(folder, page)
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible() and not page.locator("nav").filter(visible=True).count()


def test_what_stands_around_the_words_is_in_the_language_of_who_made_it(folder: Path) -> None:
    shown = (folder / "data" / "readable.html").read_text()
    assert '<html lang="cy">' in shown and "Oddi wrth bawb" in shown
    assert "What was written" not in shown and '<p class="who" dir="auto">Partner' in shown
    welsh, english = (folder / "README.txt").read_text().split("\n---", 1)
    assert "This is a copy" in english and "This is a copy" not in welsh and "readable.html" in welsh


def test_they_are_sound_html(folder: Path) -> None:
    if not tools.VNU.is_file() or not shutil.which("java"):
        lack("THE HTML CHECKER OR JAVA IS NOT HERE: `python -m tests` installs the one, and needs the other")
    pages = sorted(map(str, (folder / "data").glob("*.html")))
    command = ["java", "-jar", str(tools.VNU), "--errors-only", "--format", "json", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not [message["message"] for message in json.loads(done.stderr)["messages"]]
