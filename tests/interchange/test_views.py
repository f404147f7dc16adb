"""The page for other programs: stewards choose, and get one file that is whole."""

import io
import mailbox
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from partnernet.core.db import db
from partnernet.core.policy import MEMBER, STEWARD
from partnernet.interchange import views
from tests.factories import browser_of, make_account
from tests.interchange.conftest import Node

PAGE = "/exchange/other-programs"


def browser(hall: Node, role: str) -> FlaskClient:
    with hall.app.app_context():
        session = db.session()
        client = browser_of(make_account(session, "Ola Lund", role=role), session)
        session.rollback()
        return client


@pytest.fixture
def steward(hall: Node) -> FlaskClient:
    return browser(hall, STEWARD)


def test_only_stewards_come_here(hall: Node) -> None:
    member = browser(hall, MEMBER)
    assert member.get(PAGE).status_code == member.post(PAGE).status_code == 403


def test_the_exchange_leads_here(steward: FlaskClient) -> None:
    assert PAGE in steward.get("/exchange").text
    assert "For other programs" in steward.get(PAGE).text


@pytest.mark.parametrize("form", ["markdown", "csv"])
def test_a_zip_file_holds_what_the_command_writes(hall: Node, steward: FlaskClient, form: str) -> None:
    answer = steward.post(PAGE, data={"form": form, "reader": "everything"})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    path = hall.write_out(form, "out")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed.keys() == {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}
    same = [name for name, content in packed.items() if name != "people.csv" and (path / name).read_bytes() == content]
    assert len(same) == len(packed) - (form == "csv")  # somebody has come since
    assert list((hall.app.config["DATA"] / "exports").iterdir()) == []


def test_the_same_state_makes_the_same_zip(steward: FlaskClient) -> None:
    one, two = (steward.post(PAGE, data={"form": "markdown", "reader": "everything"}).data for _ in "ab")
    assert one == two


def test_a_mailbox_is_handed_over_as_it_is(steward: FlaskClient, tmp_path: Path) -> None:
    answer = steward.post(PAGE, data={"form": "mbox", "reader": "public"})
    assert answer.mimetype == "application/mbox"
    (tmp_path / "got.mbox").write_bytes(answer.data)
    box = mailbox.mbox(tmp_path / "got.mbox")
    assert [message["Subject"] for message in box] == ["CON"]
    box.close()


@pytest.mark.parametrize(
    "given",
    [{"form": "docx"}, {"first": "tomorrow"}, {"kinds": "person"}, {"first": "1990-01-01", "last": "1990-01-02"}],
)
def test_what_cannot_be_is_said_on_the_page(steward: FlaskClient, given: dict[str, str]) -> None:
    answer = steward.post(PAGE, data={"form": "markdown", "reader": "public", **given})
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_too_much_for_one_download_is_refused(steward: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TEXTS_LIMIT", 5)
    answer = steward.post(PAGE, data={"form": "markdown", "reader": "everything"})
    assert answer.status_code == 422 and "too much for one download" in answer.text
    assert steward.post(PAGE, data={"form": "markdown", "reader": "everything", "kinds": "idea"}).status_code == 200
