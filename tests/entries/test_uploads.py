"""Files that come with forms: what is kept, what is refused, and who may fetch it."""

import io
import re
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Attachment
from partnernet.entries.uploads import EDGE_LIMIT
from tests.entries.forms import errors, form, heads, picture, share
from tests.factories import read_again

WHERE_IT_WAS_TAKEN = 0x8825


def stored(app: Flask) -> list[Path]:
    """The files that the node keeps."""
    folder: Path = app.extensions["partnernet.files"].folder
    return [path for path in folder.glob("??/*") if path.is_file()]


def attachments(session: Session) -> list[Attachment]:
    """The rows of all attachments, in order."""
    read_again(session)
    return list(session.scalars(select(Attachment).order_by(Attachment.field, Attachment.n)))


def with_place() -> io.BytesIO:
    """A photograph that says where it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(WHERE_IT_WAS_TAKEN)[1] = "N"
    return picture("JPEG", (60, 20), exif=exif)


def test_pictures_are_made_anew_upright_and_without_their_data(app: Flask, hers: FlaskClient, session: Session) -> None:
    share(hers, "idea", files=[(with_place(), "hall.JPG")], files_alt="- The hall")
    (row,) = attachments(session)
    assert (row.name, row.type, row.alt) == ("hall.webp", "image/webp", "The hall")
    with Image.open(stored(app)[0]) as kept:
        assert kept.size == (20, 60)
        assert not kept.getexif()


def test_a_large_picture_is_made_smaller(app: Flask, hers: FlaskClient) -> None:
    share(hers, "idea", files=[(picture("PNG", (3_000, 30)), "wide.png")], files_alt="A wall")
    with Image.open(stored(app)[0]) as kept:
        assert kept.width == EDGE_LIMIT


def bomb() -> io.BytesIO:
    """A small file that says it is a picture of 100 million pixels."""
    made = picture("PNG").getvalue()
    head = b"IHDR" + (10_000).to_bytes(4, "big") * 2 + made[24:29]
    return io.BytesIO(made[:12] + head + crc32(head).to_bytes(4, "big") + made[33:])


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ((io.BytesIO(b"not a picture"), "broken.png"), "cannot be read as a picture"),
        ((io.BytesIO(picture().getvalue()[:60]), "half.png"), "cannot be read as a picture"),
        ((bomb(), "bomb.png"), "40 million pixels"),
        ((io.BytesIO(b"MZ\x90"), "virus.exe"), "not a kind of file"),
        ((io.BytesIO(b"<html>"), "really.pdf"), "not what its name says"),
        ((io.BytesIO(b"MZ\x90"), "really.docx"), "not what its name says"),
        ((io.BytesIO(b"MZ\x90\0\0"), "song.mp3"), "not what its name says"),
        ((io.BytesIO(b"a\0b"), "notes.txt"), "not what its name says"),
    ],
)
def test_what_is_refused_has_its_reason_beside_the_field_and_the_rest_waits(
    app: Flask, hers: FlaskClient, file: tuple[io.BytesIO, str], reason: str
) -> None:
    given = (io.BytesIO(file[0].getvalue()), file[1])
    answer = hers.post("/ideas/new", data=form("idea", files=[(picture(), "good.png"), given]))
    assert answer.status_code == 422
    assert reason in errors(answer.text)["files"] and file[1] in errors(answer.text)["files"]
    assert "It rained." in answer.text
    (waiting,) = stored(app)
    assert f'name="staged" value="{waiting.name}" checked' in answer.text and "good.webp" in answer.text


def test_a_file_over_the_limit_is_refused_beside_the_field(app: Flask, hers: FlaskClient) -> None:
    app.config["FILE_LIMIT"] = 1 << 10
    large = io.BytesIO(b"x" * ((1 << 10) + 1))
    answer = hers.post("/ideas/new", data=form("idea", files=[(large, "large.txt")]))
    assert answer.status_code == 422 and "larger than 1 KB" in errors(answer.text)["files"]


def test_files_are_kept_or_taken_away_by_a_tick(hers: FlaskClient, session: Session) -> None:
    files = [(io.BytesIO(b"one"), "one.txt"), (picture(), "two.png")]
    address = share(hers, "note", files=files, files_alt="A square")
    editor = hers.get(f"{address}/edit").text
    _, two = re.findall(r'name="kept" value="([0-9a-f]+)"', editor)
    changed = form("note", heads=heads(hers, f"{address}/edit"), kept_asked="1", kept=two)
    changed[f"kept_alt_{two[:12]}"] = "A teal square"
    assert hers.post(f"{address}/edit", data=changed).status_code == 303
    (row,) = attachments(session)
    assert (row.sha256, row.alt) == (two, "A teal square")
    assert "one.txt" not in hers.get(address).text and 'alt="A teal square"' in hers.get(address).text
    assert "one.txt" in hers.get(f"{address}/history").text


def test_a_form_that_knows_nothing_of_files_keeps_them(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "note", files=[(io.BytesIO(b"one"), "one.txt")])
    hers.post(f"{address}/edit", data=form("note", body="Another text"))
    assert [row.name for row in attachments(session)] == ["one.txt"]


def test_a_file_is_served_only_to_those_who_may_read_its_entry(
    hers: FlaskClient, his: FlaskClient, client: FlaskClient, session: Session
) -> None:
    address = share(hers, "idea", files=[(io.BytesIO(b"among us"), "ours.txt")])
    (row,) = attachments(session)
    fetched = his.get(f"/files/{row.sha256}")
    assert fetched.data == b"among us" and fetched.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/files/{row.sha256}").status_code == 404
    assert his.get(f"/files/{'0' * 64}").status_code == 404
    hers.post(f"/entries/{address.split('/')[2][:12]}/removal")
    assert his.get(f"/files/{row.sha256}").status_code == 404


@pytest.mark.parametrize("name", ["drawing.svg", "page.html"])
def test_what_could_run_is_a_download_in_a_sandbox(hers: FlaskClient, session: Session, name: str) -> None:
    share(hers, "idea", files=[(io.BytesIO(b"<svg onload=alert(1)>"), name)])
    fetched = hers.get(f"/files/{attachments(session)[0].sha256}")
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert fetched.headers["Content-Security-Policy"].startswith("sandbox")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"


def test_a_name_holds_nothing_that_a_file_system_would_trip_over(hers: FlaskClient, session: Session) -> None:
    share(hers, "idea", files=[(io.BytesIO(b"x"), "..\\..\\etc/pass\x07wd.txt")])
    assert attachments(session)[0].name == "passwd.txt"


def test_a_pdf_is_shown_so_that_it_opens_at_a_page(hers: FlaskClient, session: Session) -> None:
    share(hers, "idea", files=[(io.BytesIO(b"%PDF-1.4 plan"), "plan.pdf")])
    fetched = hers.get(f"/files/{attachments(session)[0].sha256}")
    assert fetched.headers["Content-Disposition"].startswith("inline")
    assert fetched.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
