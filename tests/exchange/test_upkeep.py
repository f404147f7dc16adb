"""Housekeeping beside people who are deciding: nothing that waits is lost by it, and nothing erased goes on waiting."""

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from partnernet.core.db import commit, db, write
from partnernet.core.files import Files
from partnernet.core.policy import STEWARD
from partnernet.exchange.incoming import views
from partnernet.exchange.incoming.uploads import Uploads
from partnernet.exchange.model import STAGING, ImportBatch, StagedOp
from partnernet.exchange.upkeep import sweep_files
from tests.exchange.nodes import Server
from tests.exchange.places import POSTER, Place


@pytest.fixture
def steward(pier: Server) -> FlaskClient:
    return pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)


def upload(browser: FlaskClient, path: Path) -> str:
    answer = browser.post("/exchange/imports", data={"bundle": (io.BytesIO(path.read_bytes()), path.name)})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_file_that_was_here_already_waits_for_the_import_that_names_it(
    hall: Place, pier: Server, steward: FlaskClient
) -> None:
    files: Files = pier.app.extensions["partnernet.files"]
    name = files.store(io.BytesIO(POSTER), len(POSTER)).sha256
    os.utime(files.path(name), (0, 0))  # it was left over long ago
    address = upload(steward, hall.export("out.pn.zip"))
    pier.inside(lambda: sweep_files(db.session()))
    assert steward.post(f"{address}/apply").status_code == 303
    assert files.has(name)


def test_what_is_erased_while_an_import_is_staged_goes_out_of_it(
    hall: Place, pier: Server, steward: FlaskClient
) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "Best forgotten", body="qzxcanary")
    upload(steward, hall.export("old.pn.zip"))

    def as_if_it_were_not_over() -> None:
        write()
        db.session.execute(update(ImportBatch).values(state=STAGING))
        commit()

    pier.inside(as_if_it_were_not_over)
    hall.redact(josie, talk.id)
    assert pier.run("import", str(hall.export("new.pn.zip")), "--yes").exit_code == 0
    bodies = pier.inside(lambda: db.session.scalars(select(StagedOp.body).where(StagedOp.body.is_not(None))).all())
    assert bodies and not [body for body in bodies if b"qzxcanary" in body]


def test_two_who_take_in_one_import_at_once_are_both_told(
    hall: Place, pier: Server, steward: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = upload(steward, hall.export("out.pn.zip"))
    held, plan = Uploads.held, views.plan_files

    def after_the_other(uploads: Uploads, batch: str) -> Mapping[str, Path]:
        found = held(uploads, batch)
        uploads.forget(batch)  # as the other does once it is taken in
        return found

    def planned(*given: Any) -> Any:
        monkeypatch.setattr(Uploads, "held", after_the_other)
        return plan(*given)

    monkeypatch.setattr(views, "plan_files", planned)
    assert steward.post(f"{address}/apply").status_code == 303
