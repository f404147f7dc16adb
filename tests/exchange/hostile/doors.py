"""The doors through which a bundle comes: the page, the two commands, the pipe, and the wire."""

from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from partnernet.core.db import Base, commit, db, upsert, write
from partnernet.core.errors import Refused
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.tables import KnownNode
from partnernet.core.policy import STEWARD
from partnernet.core.time import now_ms
from partnernet.exchange.model import TURNED_AWAY, ImportBatch
from partnernet.sync import protocol
from tests.exchange.nodes import Server, words
from tests.vectors.writing import Key

LOCAL = ("import_batch", "session", "cursor", "lately", "attempt")
"""Tables that a refusal may change: its own line in the log, and when somebody was last seen."""
PEER = Key("peer")
NOTED = {"page": ("file", "upload."), "import": ("file", "import."), "pipe": ("file", "-"), "wire": ("wire", "peer")}
"""How each door is named in the log."""


class House:
    """A server with all its doors, and a look at everything in it."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(folder)
        self.browser: FlaskClient = self.server.browser("ash@pier.example", "Ash Ferreira", STEWARD)
        self.scratch = folder / "given"
        self.scratch.mkdir()
        self.server.inside(self._know_peer)

    def dump(self) -> dict[str, list[str]]:
        """Everything in the database, and every file; not the log."""

        def rows() -> dict[str, list[str]]:
            with db.engine.connect() as connection:
                return {
                    table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                    for table in Base.metadata.sorted_tables if table.name not in LOCAL
                }  # fmt: skip

        folders = [self.server.folder / name for name in ("files", "imports", "exports")]
        kept = sorted(str(path) for folder in folders for path in folder.rglob("*") if path.is_file())
        return {**self.server.inside(rows), "files": kept}

    def log(self, door: str) -> list[str]:
        """The reasons that stand in the log of what came through a door."""
        way, name = NOTED[door]

        def rows() -> list[str]:
            refused = select(ImportBatch.hold).where(ImportBatch.state == TURNED_AWAY, ImportBatch.way == way)
            return list(db.session.scalars(refused.where(ImportBatch.name.startswith(name))))

        return self.server.inside(rows)

    # -- doors: each answers with the sentence of the refusal ------------------------------------------

    def page(self, form: str, content: bytes) -> str:
        head = f'--x\r\nContent-Disposition: form-data; name="bundle"; filename="upload{form}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--x--\r\n"
        answer = self.browser.post("/exchange/imports", data=body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 422
        return unescape(words(answer))

    def command(self, form: str, content: bytes, name: str = "import") -> str:
        path = self.scratch / f"{name}{form}"
        path.write_bytes(content)
        return self._run(name, str(path), *(["--yes"] if name == "import" else []))

    def inspect(self, form: str, content: bytes) -> str:
        return self.command(form, content, "inspect")

    def pipe(self, form: str, content: bytes) -> str:
        return self._run("import", "-", "--yes", stdin=content)

    def wire(self, form: str, content: bytes) -> str:
        """What a paired server would be told that pushed these lines."""
        body = orjson.dumps({"sync": {}}) + b"\n" + content + (b"" if content.endswith(b"\n") else b"\n")
        client = self.server.app.test_client()
        known = client.get(protocol.WELL_KNOWN).get_json()
        claim = protocol.claim(
            SigningKey.from_seed(PEER.seed), known["node"], "POST", protocol.OPS, body, known["challenge"]
        )
        answer = client.post(protocol.OPS, data=body, headers={"Authorization": claim.header()})
        if answer.status_code != 200:
            assert answer.status_code in (413, 422), answer.status_code
            return str(answer.get_data(as_text=True))
        refused = orjson.loads(answer.data.partition(b"\n")[0])["sync"]["push"]["refused"]
        return str(refused)

    def _run(self, *arguments: str, stdin: bytes | None = None) -> str:
        result = self.server.run(*arguments, stdin=stdin)
        assert isinstance(result.exception, Refused), result.exc_info
        return result.exception.sentence

    def _know_peer(self) -> None:
        row = {
            "key": PEER.public, "admitted": True, "since": now_ms(), "name": "peer", "address": "", "paired": now_ms(),
            "reads": ["public", "network"], "writes": ["public", "network"],
        }  # fmt: skip
        write()
        upsert(db.session(), KnownNode.__table__, [row])
        commit()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One server for all that is thrown at it."""
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.server.close()


Door = Callable[[str, bytes], str]


def doors(house: House, form: str) -> dict[str, Door]:
    """The doors that take a form."""
    through = {"page": house.page, "import": house.command, "inspect": house.inspect}
    return through | ({"pipe": house.pipe, "wire": house.wire} if form == ".pn.jsonl" else {})
