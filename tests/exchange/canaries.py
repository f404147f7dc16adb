"""Words that must be gone: written wherever words can be written, and looked for wherever they could have stayed."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from PIL import Image
from sqlalchemy import select

from partnernet.background import catch_up, do_chore
from partnernet.core.db import Base, db
from partnernet.core.ledger import state
from tests.exchange.nodes import Server
from tests.extract.documents import pdf

IN_ENTRY = (
    "qzxtitle", "qzxbody", "qzxpoint", "qzxalt", "qzxfile", "qzxpaper", "qzxtag", "qzxreply", "qzxdraft",
)  # fmt: skip
"""What goes with an entry and the reply under it."""
NAME = "Qzxname"
"""What goes with a person."""
PICTURE = (201, 33, 97)
"""The colour of the picture: a file is known by its content."""


def write_everywhere(author: Any, other: Any) -> dict[str, str]:
    """Somebody writes canaries wherever they can; where what they wrote is."""
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), PICTURE).save(picture, "PNG")
    picture.seek(0)
    given = {
        "title": "A qzxtitle", "body": "What qzxbody means.", "standfirst": "Of qzxbody.", "learning": "A qzxpoint",
        "link": "", "visibility": "network", "tags": "qzxtag", "picture": (picture, "qzxfile.png"),
        "picture_alt": "A qzxalt", "files": [(io.BytesIO(pdf(["A qzxpaper."])), "qzxfile.pdf")],
    }  # fmt: skip
    answer = author.post("/news/new", data=given)
    assert answer.status_code == 303, answer.text
    news = answer.location
    short = news.split("/")[2][:12]
    reply = author.post(f"/replies/to/{short}", data={"body": "A qzxreply under it."}).location
    edited = given | {"body": "What qzxdraft means.", "act": "draft"}
    edited = {name: value for name, value in edited.items() if name not in ("picture", "files")}
    assert author.post(f"{news}/edit", data=edited).status_code == 303
    talk = other.post(
        "/discussions/new",
        data={"title": "Thanks", "body": f"@{NAME} Calder said so.", "visibility": "network", "tags": ""},
    ).location
    assert (
        other.post("/people/invitations", data={"name": f"{NAME} Calder", "role": "member", "partner": ""}).status_code
        == 200
    )
    for page in (news, "/news", "/", "/search?q=qzxbody", talk, "/people"):
        assert author.get(page).status_code == 200
    return {"news": short, "reply": reply.split("/")[2], "talk": talk, "address": news}


def keep_house(server: Server, hours: float = 2) -> None:
    """Everything that is done within some hours behind the pages."""

    def chores() -> None:
        for chore in server.app.extensions["partnernet.chores"]:
            do_chore(chore)
        state.note(db.session(), server.app.config["DATA"], server.app.extensions["partnernet.node"])

    catch_up(server.app)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        catch_up(server.app)
        server.inside(chores)
        catch_up(server.app)


def traces(server: Server, words: Iterable[str], skip: Iterable[Path] = ()) -> list[str]:
    """Where any of some words still is: in which file of the server, or which table."""
    wanted = [word.lower().encode() for word in words]
    found = set()
    for path in sorted(server.folder.rglob("*")):
        if path.is_file() and path not in set(skip):
            content = opened(path).lower()
            found |= {f"{path.relative_to(server.folder)}: {word.decode()}" for word in wanted if word in content}

    def tables() -> set[str]:
        session = db.session()
        session.rollback()
        rows = {
            table.name: repr([tuple(row) for row in session.execute(select(table))]).lower()
            for table in Base.metadata.sorted_tables
        }
        session.rollback()
        return {f"{name}: {word.decode()}" for name, said in rows.items() for word in wanted if word.decode() in said}

    return sorted(found | server.inside(tables))


def kept(server: Server) -> list[str]:
    """The files that are attached to anything, and what was made of them."""
    return sorted(path.name for path in (server.folder / "files").rglob("*") if path.is_file())


def opened(path: Path) -> bytes:
    """What is in a file, packed or not."""
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content += b"".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    return content + b"".join(_inflated(content))


def _inflated(content: bytes) -> Iterable[bytes]:
    """What is packed with zlib inside a file, as an index packs what it stores."""
    at = -1
    while (at := content.find(b"\x78", at + 1)) >= 0:
        if content[at : at + 2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
            try:
                yield zlib.decompressobj().decompress(content[at:], 1 << 20)
            except zlib.error:
                continue
