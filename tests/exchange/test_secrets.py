"""What is not in the ledger cannot leave: canaries of every local table are looked for in whatever goes out."""

import json
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from partnernet.core.db import db
from partnernet.core.entry import Entry
from partnernet.core.policy import STEWARD
from partnernet.exchange.incoming import cli
from partnernet.sync.protocol import unpack
from tests.exchange.nodes import Server
from tests.exchange.places import FORMS, ZIP, Place
from tests.exchange.planted import canary_of, found, local_tables, plant
from tests.sync.conftest import pair
from tests.sync.stations import Station, station

__all__ = ("pair", "station")

WISHES: tuple[tuple[str, ...], ...] = (
    (), ("--log", "public"), ("--log", "network"), ("--kind", "discussion"), ("--kind", "person"), ("--no-files",),
    ("--from", "2020-01-01"), ("--until", "2100-01-01"), ("--max-size", "1M"), ("--to", "SERVER"), ("--root", "ENTRY"),
    ("--since-have", "HAVE"), ("--note", "To you all"), ("--json",),
    ("--kind", "discussion", "--from", "2020-01-01", "--max-size", "1M", "--no-files"),
)  # fmt: skip
REAL = (b"canary@pier.example", b"argon2-canary-hash")
SECRET = {"account", "session", "link", "draft", "setting", "attempt", "node", "peer", "peer_have", "alarm", "intake",
          "quarantine", "stage", "import_batch", "handover", "saved_search"}  # fmt: skip


def pieces(path: Path) -> Iterator[bytes]:
    """What is in a bundle, unpacked where it is packed."""
    if not path.name.endswith(".zip"):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        yield "\n".join(archive.namelist()).encode()
        yield from (archive.read(name) for name in archive.namelist())


@pytest.fixture
def secretive(hall: Place, pier: Server) -> tuple[Server, dict[str, str]]:
    """A server with something to send, with people, and with a canary in every column that is not of the ledger."""
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    pier.browser("canary@pier.example", "Ash Ferreira", STEWARD)
    return pier, pier.inside(lambda: plant(db.session()))


def test_every_table_of_secrets_has_canaries(secretive: tuple[Server, dict[str, str]]) -> None:
    _pier, planted = secretive
    assert {table.name for table in local_tables()} >= SECRET
    for column in ("account.email", "account.password", "draft.values", "link.token", "quarantine.line", "stage.body"):
        assert column in planted.values()
    assert found(f"the token {canary_of(0)}".encode(), planted) == ["account.email"]


def test_every_way_to_choose_is_tried() -> None:
    (export,) = [command for command in cli.commands if command.name == "export"]
    ways = {option for parameter in export.params for option in parameter.opts if option.startswith("--")}
    assert ways - {"--out", "--help"} == {word for wish in WISHES for word in wish if word.startswith("--")}


def test_no_selection_holds_a_secret(hall: Place, secretive: tuple[Server, dict[str, str]]) -> None:
    pier, planted = secretive
    keys = [path.read_bytes().strip() for path in pier.folder.glob("*.key")]
    assert keys
    have = pier.folder / "have.json"
    have.write_text(json.dumps(hall.have()))
    entry = hall.session.scalars(select(Entry.id).where(Entry.kind == "discussion", ~Entry.redacted)).first() or ""
    words = {"SERVER": hall.node.id, "ENTRY": entry, "HAVE": str(have)}
    for (number, wish), form in product(enumerate(WISHES), FORMS):
        if "--max-size" in wish and form != ZIP:
            continue
        given = [words.get(word, word) for word in wish]
        out = pier.folder / "out" / f"{number}{form}"
        out.parent.mkdir(exist_ok=True)
        done = pier.run("export", "--out", str(out), *given)
        assert done.exit_code == 0, (wish, form, done.output)
        assert found(done.output.encode(), planted) == [], (wish, form)
        (bundle,) = out.parent.iterdir()
        for piece in pieces(bundle):
            assert found(piece, planted) == [], (wish, form)
            assert [secret for secret in (*REAL, *keys) if secret in piece] == [], (wish, form)
        bundle.unlink()


def test_no_answer_over_the_wire_holds_a_secret(pair: tuple[Station, Station], monkeypatch: pytest.MonkeyPatch) -> None:
    hall, barge = pair
    hall.write(hall.person(), "With a poster", files=[hall.attach(b"a poster" * 900)])
    planted = hall.inside(lambda: plant(db.session()))
    said: list[bytes] = []
    dispatch = hall.app.full_dispatch_request

    def heard() -> Any:
        answer = dispatch()
        body = unpack(answer.get_data(), answer.headers.get("Content-Encoding", ""), 1 << 30)
        said.append(str(answer.headers).encode() + body)
        return answer

    monkeypatch.setattr(hall.app, "full_dispatch_request", heard)
    report = barge.sync(hall)
    assert report.came == 2 and report.files == 1 and len(said) >= 4
    hall.app.test_client().get("/.well-known/partnernet")
    for answer in said:
        assert found(answer, planted) == []
