"""The protocol as it is written down is the protocol that is spoken."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from partnernet.sync import protocol
from tests.sync.callers import known
from tests.sync.second import Second
from tests.sync.stations import Station

ME = bytes([1]) * 32
DOCS = Path(__file__).resolve().parents[2] / "docs" / "sync.md"


def test_a_caller_written_from_the_documentation_gets_what_it_may(station: Callable[[str], Station]) -> None:
    hall = station("hall")
    josie = hall.person()
    hall.write_many(josie, 30)
    film = hall.attach(b"what was filmed" * 1_000)
    named = hall.write(josie, "A film", files=[film])
    known(hall)
    caller = Second(ME, hall.address)

    said = caller.have({})
    assert said["have"] == hall.have() and said["want"] == said["lacks"] == {}
    wants = {key: held["r"] for key, held in said["have"].items()}
    came: list[bytes] = []
    while wants:
        head, lines = caller.ops({"want": wants, "most": 20}, [])
        came += lines
        for line in lines:
            h = orjson.loads(line)["h"]
            key = f"{h['node']}/{h['inc']}/{h['log']}"
            left = [n for n in _numbers(wants[key]) if n != h["seq"]]
            wants = {**wants, key: _ranges(left)} if left else {k: v for k, v in wants.items() if k != key}
        assert head["more"] == bool(wants)
    assert {orjson.loads(line)["id"] for line in came} == hall.ids()

    head, _ = caller.ops({"files": {film["sha256"]: named.id}}, [])
    assert head["files"] == {film["sha256"]: film["size"]}
    target = f"/sync/v1/blobs/{film['sha256']}?op={named.id}"
    status, headers, piece = caller.ask("GET", target, Range="bytes=0-9999")
    assert (status, headers["content-range"], len(piece)) == (206, "bytes 0-9999/15000", 10_000)
    status, headers, rest = caller.ask("GET", target, Range="bytes=10000-")
    assert (status, headers["content-range"]) == (206, "bytes 10000-14999/15000")
    assert hashlib.sha256(piece + rest).hexdigest() == film["sha256"]
    assert caller.ask("GET", target)[::2] == (200, piece + rest)
    assert caller.ask("GET", target, Range="bytes=15000-")[0] == 416
    assert caller.ask("GET", f"/sync/v1/blobs/{film['sha256']}?op={'a' * 52}")[0] == 404


def test_what_it_gives_is_taken_in(station: Callable[[str], Station]) -> None:
    hall, barge = station("hall"), station("barge")
    known(hall)
    hall.know(barge)
    said = barge.write(barge.person(), "Who brings the lantern?", files=[film := barge.attach(b"what was filmed")])
    caller = Second(ME, hall.address)
    assert caller.have(barge.have())["want"] == {key: held["r"] for key, held in barge.have().items()}
    lines = _lines(barge)

    head, came = caller.ops({}, lines)

    assert came == [] and hall.ids() == barge.ids()
    assert head["push"] == {"ops": 2, "late": 0, "waiting": 0, "held": False}
    assert head["have"] == barge.have() and head["lacks"] == {film["sha256"]: [said.id, 0]}
    target = f"/sync/v1/blobs/{film['sha256']}?op={said.id}&of=15"
    assert orjson.loads(caller.ask("POST", f"{target}&at=0", b"what was")[2]) == {"at": 8}
    assert orjson.loads(caller.ask("POST", f"{target}&at=0", b"again")[2]) == {"at": 8}
    assert orjson.loads(caller.ask("POST", f"{target}&at=8", b" filmed")[2]) == {"whole": True}
    assert hall.has_file(film["sha256"])
    _, _, ids = caller.ask("GET", f"/sync/v1/have?of={barge.key}/{barge.node.inc}/network&after=0.")
    assert orjson.loads(ids) == {"ids": sorted([[n + 1, _id(line)] for n, line in enumerate(lines)]), "more": False}


def test_the_limits_are_those_that_are_written_down() -> None:
    text = DOCS.read_text()
    given = re.search(r'"limits": (\{[^}]*\})', text)
    assert given and orjson.loads(given[1]) == protocol.limits()
    for target in (protocol.WELL_KNOWN, protocol.HAVE, protocol.OPS, protocol.BLOBS, protocol.FORMAT):
        assert target in text
    for prefix in (protocol.REQUEST, protocol.ANSWER):
        assert f"\n{prefix.decode()}\n" in text


def _numbers(ranges: str) -> list[int]:
    spans = [part.split("-") for part in ranges.split(",")]
    return [n for span in spans for n in range(int(span[0]), int(span[-1]) + 1)]


def _ranges(numbers: list[int]) -> str:
    starts = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))


def _id(line: bytes) -> str:
    return str(orjson.loads(line)["id"])


def _lines(one: Station) -> list[bytes]:
    from sqlalchemy import select

    from partnernet.core.ledger.op import join
    from partnernet.core.ledger.tables import OpRow

    rows: list[Any] = one.rows(select(OpRow).order_by(OpRow.seq))
    return [join(row.id, row.head, row.body, row.sig) for row in rows]
