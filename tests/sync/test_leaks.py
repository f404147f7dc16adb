"""Nothing private leaves: whoever may read one log gets not a word, number or file of another."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from partnernet.core.db import commit, db, write
from partnernet.core.errors import Refused
from partnernet.core.ledger.tables import Quarantined
from partnernet.people import accounts
from partnernet.sync import protocol
from partnernet.sync.client import Client
from tests.sync.callers import calling, known
from tests.sync.impostor import ME
from tests.sync.stations import Station, serving

LOGS = ("public", "network", "circle:" + "c" * 52)
CANARY = "canary-of-"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A server that has something to hide everywhere."""
    with serving(tmp_path_factory.mktemp("leaks") / "hall") as hall:
        fill(hall)
        yield hall


def fill(hall: Station) -> None:
    josie = hall.person(CANARY + "card")
    for log in LOGS:
        files = [hall.attach((CANARY + "file-of-" + log).encode())]
        hall.inside(lambda log=log, files=files: _append(hall, josie, log, files))  # type: ignore[misc]

    def more() -> None:
        write()
        accounts.open_account(
            db.session(), hall.node, email=f"{CANARY}mail@example.org", name="Wren Achebe",
            password=CANARY + "password", role="member",
        )  # fmt: skip
        db.session.add(Quarantined(id="q" * 52, node="b" * 52, line=(CANARY + "quarantine").encode(), since=0))
        commit()

    hall.inside(more)


def _append(hall: Station, by: Any, log: str, files: list[Any]) -> None:
    from partnernet.core.ledger import log as ledger

    write()
    body = {"set": {"title": CANARY + log, "files": files}}
    made = ledger.append(db.session(), by, "discussion", log, body)
    ledger.append(db.session(), by, "redact", log, {}, ent=made.id, root=None, par=[made.id])
    ledger.append(db.session(), by, "discussion", log, body)
    commit()


def everything(client: Client, hall: Station, reads: tuple[str, ...]) -> list[bytes]:
    """All that a server says to somebody who asks for all there is, by every way of asking."""
    whole = hall.have()
    said = [orjson.dumps(client.have({})), orjson.dumps(client.have(whole)), orjson.dumps(_lying(client, whole))]
    wants = {key: held["r"] for key, held in whole.items()}
    head: dict[str, Any] = {"want": wants, "ids": sorted(hall.ids()), "files": _files(hall)}
    said.append(client.ops(orjson.dumps({"sync": head}) + b"\n"))
    said.append(client.ops(orjson.dumps({"sync": {"want": wants}}) + b"\n"))
    for key in whole:
        try:
            said.append(orjson.dumps(client.ids(key, (0, ""))))
        except Refused as refused:
            assert key.split("/", 2)[2] not in reads
            said.append(refused.sentence.encode())
    for sha256, op in _files(hall).items():
        for named in sorted(hall.ids()):
            try:
                said.append(client.piece(sha256, named, 0)[0])
            except Refused as refused:
                said.append(refused.sentence.encode())
        assert op in hall.ids()
    return said


def _lying(client: Client, whole: dict[str, Any]) -> dict[str, Any]:
    """To claim to hold everything under the sun makes nobody say what of it they lack."""
    claims = {key: {"r": "1-9007199254740991", "x": held["x"]} for key, held in whole.items()}
    return client.have(claims)


def _files(hall: Station) -> dict[str, str]:
    from sqlalchemy import select

    from partnernet.core.ledger.tables import OpRow
    from partnernet.exchange.bundle import named_files

    return {
        sha256: row.id for row in hall.rows(select(OpRow)) for sha256 in named_files(row.body)
    }  # fmt: skip


@pytest.mark.parametrize("reads", [(), ("public",), ("network",), ("public", "network"), (LOGS[2],)])
@pytest.mark.parametrize("writes", [("public",), ("public", "network")])
def test_a_server_sees_its_logs_and_nothing_else(
    hall: Station, reads: tuple[str, ...], writes: tuple[str, ...]
) -> None:
    known(hall, reads=list(reads), writes=list(writes))
    client = calling(hall)
    said = everything(client, hall, reads)
    text = b"\n".join(said).decode(errors="replace")
    for log in LOGS:
        heard = CANARY + log in text, CANARY + "file-of-" + log in text, f'/{log}"' in said[0].decode()
        assert heard == (3 * (log in reads,)), log
    assert (CANARY + "card" in text) == ("network" in reads)
    for secret in ("mail", "password", "quarantine"):
        assert CANARY + secret not in text
    ids = {op for op in hall.ids() if op in text}
    assert len(ids) == sum(len(_ids(hall, log)) for log in reads)


def _ids(hall: Station, log: str) -> list[str]:
    from sqlalchemy import select

    from partnernet.core.ledger.tables import OpRow

    return hall.rows(select(OpRow.id).where(OpRow.log == log))


def test_lying_about_what_one_holds_tells_nothing_of_what_may_not_be_read(hall: Station) -> None:
    known(hall, reads=["public"], writes=["public", "network"])
    client = calling(hall)
    of_network = f"{hall.key}/{hall.node.inc}/network"
    asked = client.have({of_network: {"r": "1-9007199254740991", "x": "0" * 16}})["want"]
    assert asked == {}
    own = f"{ME.id}/{ME.inc}/network"
    assert client.have({own: {"r": "1-3", "x": "0" * 16}})["want"] == {own: "1-3"}, (
        "of one's own words one knows already"
    )


def test_files_need_an_op_that_names_them_and_may_be_read(hall: Station) -> None:
    known(hall, reads=["public"])
    client = calling(hall)
    files = _files(hall)
    public = set(_ids(hall, "public"))
    for sha256, op in files.items():
        if op in public:
            assert client.piece(sha256, op, 0)[0].decode() == CANARY + "file-of-public"
        for wrong in (op if op not in public else "a" * 52, "", "x", "a" * 52):
            with pytest.raises(Refused, match="not here"):
                client.piece(sha256, wrong, 0)
    with pytest.raises(Refused, match="not here"):
        client.piece("0" * 64, next(iter(public)), 0)
    assert protocol.PIECE >= 1 << 20
