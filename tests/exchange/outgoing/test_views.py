"""Taking a copy along on the pages: choose, see what will be in it, download it in one file or in several."""

import io
import os
import random
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from partnernet.core.db import commit, db, write
from partnernet.core.policy import STEWARD
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.log import handovers
from partnernet.exchange.model import Handover
from partnernet.exchange.outgoing.exports import KEPT
from partnernet.exchange.sentences import not_in_it
from partnernet.exchange.upkeep import sweep_exports
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place, lines_of


@pytest.fixture
def steward(hall: Place, pier: Server) -> FlaskClient:
    """A steward of a server that holds what the hall does."""
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    return pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)


def looked(browser: FlaskClient, **wish: str) -> str:
    answer = browser.get("/exchange/take", query_string={**wish, "look": "1"})
    assert answer.status_code == 200
    return words(answer)


def made(browser: FlaskClient, folder: Path, **wish: str) -> list[bytes]:
    answer = browser.post("/exchange/export", data=wish)
    assert answer.status_code == 200, answer.text
    path = folder / f"got{wish.get('form', '.pn.zip')}"
    path.write_bytes(answer.data)
    answer.close()
    return lines_of(path)


def test_the_page_says_first_what_will_be_in_it_and_what_is_left_out(hall: Place, steward: FlaskClient) -> None:
    said = looked(steward, kind="discussion")
    assert "discussions" in said and "2 people" in said and "1 file, " in said
    assert "Entries of other kinds: only one kind was asked for." in said
    assert "Accounts, e-mail addresses" in said


@pytest.mark.parametrize("wish", [{}, {"kind": "discussion"}, {"logs": "public"}, {"files": "without"}])
def test_what_is_said_is_what_is_made(pier: Server, steward: FlaskClient, wish: dict[str, str]) -> None:
    from partnernet.exchange.form import TakeForm
    from partnernet.exchange.outgoing.plan import plan
    from partnernet.exchange.outgoing.selection import Selection

    def count() -> Any:
        asked = TakeForm(data=wish).wish
        files = pier.app.extensions["partnernet.files"]
        return plan(db.session(), files, Selection(logs=asked.logs, kind=asked.kind, with_files=asked.with_files))

    planned = pier.inside(count)
    assert planned.ops == len(made(steward, pier.folder, **wish))
    with zipfile.ZipFile(pier.folder / "got.pn.zip") as archive:
        assert planned.files == len([name for name in archive.namelist() if "/blobs/" in name])


@pytest.mark.parametrize("form", [".pn.zip", ".pn.json"])
@pytest.mark.parametrize("wish", [{}, {"kind": "discussion"}, {"logs": "public"}, {"files": "without"}])
def test_the_page_leaves_out_what_the_bundle_says_is_left_out(
    pier: Server, steward: FlaskClient, wish: dict[str, str], form: str
) -> None:
    made(steward, pier.folder, **wish, form=form)
    with open_bundle(pier.folder / f"got{form}") as bundle:
        there = not_in_it([item.said() for item in bundle.header.left_out])
    said = looked(steward, **wish, form=form)
    assert len(there) > 1 or wish == {"logs": "public"}
    for sentence in there:
        assert sentence in said
    assert (("1 file, " in said) == (form == ".pn.zip")) or wish


def test_for_a_server_the_page_says_when_it_was_heard_and_sends_what_it_lacks(
    hall: Place, pier: Server, steward: FlaskClient
) -> None:
    said = looked(steward, to=hall.node.id)
    assert "They last said what they hold today" in said
    kinds = made(steward, pier.folder, to=hall.node.id)
    assert not [line for line in kinds if b"A poster for spring" in line]
    said = words(steward.get("/exchange/log"))
    assert len(kinds) == 2 and "Sent to" in said, "the card of who wrote, and the membership that goes always"
    assert ": 2 things. They have confirmed 1." in said


def test_what_was_sent_is_confirmed_by_the_next_bundle_that_comes_back(
    hall: Place, pier: Server, steward: FlaskClient
) -> None:
    made(steward, pier.folder, to=hall.node.id)
    assert "Ash Ferreira" in words(steward.get("/exchange/log"))

    def hear() -> None:
        write(db.session())
        row = db.session.scalars(select(Handover)).one()
        have = {key: {"r": value["r"], "x": "0" * 16} for key, value in row.held.items()}
        handovers.note_have(db.session(), hall.node.id, have, ("public", "network"), way="wire")
        commit(db.session())

    pier.inside(hear)
    assert "They have confirmed all of it." in words(steward.get("/exchange/log"))


def test_for_e_mail_there_are_several_files_to_download_one_by_one(
    hall: Place, pier: Server, steward: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    josie = hall.person("Bo Lindqvist")
    for number in range(8):
        hall.write(josie, f"Long {number}", body=random.Random(number).randbytes(95_000).hex())
    pier.run("import", str(hall.export("more.pn.zip")), "--yes")
    monkeypatch.setattr("partnernet.exchange.outgoing.views.read_size", lambda size: 1_000_000)
    answer = steward.post("/exchange/export", data={"size": "18M"})
    assert answer.status_code == 303
    page = steward.get(answer.location)
    assert "files to take along" in words(page) and "Download file 2" in words(page)
    first = steward.get(answer.location + "/1")
    assert first.status_code == 200 and first.headers["Content-Disposition"].endswith("-part-1-of-3.pn.zip")
    assert zipfile.is_zipfile(io.BytesIO(first.data))
    first.close()
    assert steward.get(answer.location + "/99").status_code == 404
    assert steward.get("/exchange/exports/..%2f..%2fx/1").status_code == 404
    (folder,) = (pier.folder / "exports").iterdir()
    pier.inside(lambda: sweep_exports(db.session()))
    assert folder.exists()
    old = time.time() - KEPT - 60
    os.utime(folder, (old, old))
    pier.inside(lambda: sweep_exports(db.session()))
    assert steward.get(answer.location).status_code == 404 and not folder.exists()


@pytest.mark.parametrize(
    "wish",
    [
        {"to": "nobody"}, {"kind": "poem"}, {"first": "2026-06-02", "last": "2026-06-01"}, {"first": "soon"},
        {"size": "18M", "form": ".pn.json"}, {"size": "1K"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said_with_the_words_kept(steward: FlaskClient, wish: dict[str, str]) -> None:
    for answer in (
        steward.get("/exchange/take", query_string={**wish, "look": "1", "note": "My own words"}),
        steward.post("/exchange/export", data={**wish, "note": "My own words"}),
    ):
        assert answer.status_code == 422 and "My own words" in answer.text


def test_one_entry_is_exported_from_its_page(hall: Place, pier: Server, steward: FlaskClient) -> None:
    root = next(line for line in lines_of(hall.folder / "in.pn.zip") if b"A poster for spring" in line)
    short = root.split(b'"id":"')[1][:12].decode()
    assert f"/exchange/take?root={short}" in steward.get(f"/discussions/{short}").text
    said = looked(steward, root=short)
    assert "Only A poster for spring" in said and "All other entries: only one entry" in said
    assert steward.get("/exchange/take?root=zzz").status_code == 404


def test_files_that_wait_to_be_downloaded_go_once_something_is_erased(
    hall: Place, pier: Server, steward: FlaskClient
) -> None:
    address = steward.post("/exchange/export", data={"size": "18M"}).location
    assert steward.get(address).status_code == 200
    josie = hall.person("Bo Lindqvist")
    hall.redact(josie, hall.write(josie, "Never mind").id)
    pier.run("import", str(hall.export("more.pn.zip")), "--yes")
    pier.inside(lambda: sweep_exports(db.session()))
    assert steward.get(address).status_code == 404
