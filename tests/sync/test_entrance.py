"""The door: who is not known learns nothing, and who is known gets no more than their logs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from partnernet.core.errors import Refused
from partnernet.core.time import now_ms
from partnernet.sync import protocol
from tests.sync.callers import calling, known, raw
from tests.sync.impostor import ME, STRANGER
from tests.sync.stations import BOTH, Station, serving

REQUESTS: tuple[tuple[str, str, bytes], ...] = (
    ("POST", protocol.HAVE, b'{"have":{}}'),
    ("GET", f"{protocol.HAVE}?of={'a' * 52}/{'a' * 26}/public&after=0.", b""),
    ("POST", protocol.OPS, b'{"sync":{}}\n'),
    ("GET", f"{protocol.BLOBS}{'0' * 64}?op={'a' * 52}", b""),
)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with serving(tmp_path_factory.mktemp("entrance") / "hall") as hall:
        yield hall


def test_everybody_may_hear_who_a_server_is_and_no_more(hall: Station) -> None:
    given = calling(hall).hello()
    assert given["node"] == hall.key and given["format"] == "partnernet-sync/1"
    assert given.keys() == {"format", "node", "server", "network", "software", "limits", "challenge"}
    assert given["limits"]["ops"] == 2_000 and given["limits"]["bytes"] == 5_000_000


def test_whoever_is_not_known_is_told_the_same_whatever_they_ask(hall: Station) -> None:
    client = calling(hall, STRANGER)
    answers = set()
    for method, target, body in REQUESTS:
        claim = protocol.claim(STRANGER.key, hall.key, method, target, body, client.challenge)
        for header in ("", "Bearer abc", "PartnerNet", claim.header(), replace(claim, node=ME.id).header()):
            answer = raw(client, method, target, body, **({"Authorization": header} if header else {}))
            answers.add((answer.status, answer.body, answer.headers.get("partnernet-signature")))
    assert answers == {(404, b"There is nothing at this address.\n", None)}


@pytest.mark.parametrize(
    "state",
    [
        {"reads": (), "writes": ()},
        {"paired": None},
        {"paired": None, "origin": "seen"},
        {"admitted": False, "reads": ()},
    ],
)
def test_whoever_is_not_paired_and_let_in_is_a_stranger(hall: Station, state: dict[str, Any]) -> None:
    known(hall, **state)
    client = calling(hall)
    with pytest.raises(Refused, match="does not know this server"):
        client.have({})
    known(hall)
    assert client.have({})["have"] == {}


def test_a_signature_counts_for_one_request_to_one_server(hall: Station) -> None:
    known(hall)
    client = calling(hall)
    method, target, body = REQUESTS[0]
    good = protocol.claim(ME.key, hall.key, method, target, body, client.challenge)
    assert raw(client, method, target, body, Authorization=good.header()).status == 200
    for changed in (
        (method, target, b'{"have":{"a":1}}'), (method, target + "?x=1", body), (method, protocol.OPS, body),
        ("GET", target, b""),
    ):  # fmt: skip
        assert raw(client, *changed, Authorization=good.header()).status == 404
    for claim in (
        protocol.claim(ME.key, STRANGER.id, method, target, body, client.challenge),
        protocol.claim(ME.key, hall.key, "GET", target, body, client.challenge),
        protocol.claim(STRANGER.key, hall.key, method, target, body, client.challenge),
        replace(good, challenge="f" + good.challenge), replace(good, signature=good.signature[1:] + good.signature[:1]),
    ):  # fmt: skip
        assert raw(client, method, target, body, Authorization=claim.header()).status == 404


def test_a_challenge_is_good_for_ten_minutes_by_the_clock_of_whoever_made_it(hall: Station) -> None:
    known(hall)
    client, secret = calling(hall), str(hall.app.config["SECRET_KEY"]).encode()
    now, old = now_ms(), protocol.CHALLENGE_MS
    for at, is_good in ((now - old + 60_000, True), (now - old - 1, False), (now + 60_000, False), (0, False)):
        client.challenge = protocol.challenge(secret, hall.key, at)
        method, target, body = REQUESTS[0]
        claim = protocol.claim(ME.key, hall.key, method, target, body, client.challenge)
        answer = raw(client, method, target, body, Authorization=claim.header())
        assert answer.status == (200 if is_good else 401), at
        assert is_good or answer.headers[protocol.CHALLENGE.lower()]
        assert client.have({}) == {"have": {}, "want": {}, "lacks": {}, "reads": list(BOTH), "writes": list(BOTH)}
    other = protocol.challenge(b"another secret", hall.key, now)
    assert not protocol.is_fresh(secret, hall.key, other, now)
    assert not protocol.is_fresh(secret, STRANGER.id, protocol.challenge(secret, hall.key, now), now)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b'{"have":[]}', b'{"have":{"a":1}}', b'{"have":{"a/b/public":{"r":"1","x":"0"}}}',
        b"[" * 100_000, b'{"have":{}', b'{"have":{},"have":{}}', "ℏ".encode("utf-16"), b'{"have":NaN}',
        b'{"have":{"%b/%b/public":{"r":"1-%b","x":"0000000000000000"}}}' % (b"a" * 52, b"a" * 26, b"9" * 30),
        b'{"have":{"%b/%b/public":{"r":"3-1","x":"0000000000000000"}}}' % (b"a" * 52, b"a" * 26),
    ],
)  # fmt: skip
def test_what_is_said_wrongly_is_refused_in_a_signed_sentence(hall: Station, body: bytes) -> None:
    known(hall)
    client = calling(hall)
    with pytest.raises(Refused, match="refused: "):
        client.ask("POST", protocol.HAVE, body, limit=1 << 20)
    assert client.have({})["have"] == {}


@pytest.mark.parametrize(
    "page",
    [
        b"", b"\n", b"{}\n", b'{"sync":[]}\n',
        b'{"sync":{}}', b'{"sync":{"want":[]}}\n', b'{"sync":{"want":{"a":"1"}}}\n',
        b'{"sync":{"want":{"a/b/public":"1,1"}}}\n', b'{"sync":{"want":{"a/b/public":"1-99999999999999999999"}}}\n',
        b'{"sync":{"ids":{}}}\n', b'{"sync":{"files":[]}}\n', b'{"sync":{}}\n{"b":null',
        b'{"sync":{}}\n' + b"x\n" * 2_001,
        b'{"sync":{"pad":"' + b"x" * (1 << 20) + b'"}}\n',
    ],
)  # fmt: skip
def test_a_page_that_is_none_is_refused(hall: Station, page: bytes) -> None:
    known(hall)
    client = calling(hall)
    with pytest.raises(Refused, match="refused: "):
        client.ops(page)
    assert hall.ids() == set()


def test_a_bad_line_keeps_the_whole_page_out_and_says_so(hall: Station, station: Callable[[str], Station]) -> None:
    barge = station("barge")
    barge.write_many(barge.person(), 3)
    hall.know(barge)
    client = calling(hall, barge.node)
    lines = [line for _, line in sorted(_lines(barge))]
    for bad in (lines[-1].replace(b"Words", b"Swords"), lines[-1][:-3], b"{}", b"\xff", b""):
        answer = orjson.loads(client.ops(b"\n".join([b'{"sync":{}}', *lines[:-1], bad, b""])).split(b"\n")[0])
        assert "is bad" in answer["sync"]["push"]["refused"]
    assert hall.ids() == set()


def test_a_body_over_the_limit_is_not_read(hall: Station) -> None:
    known(hall)
    client = calling(hall)
    with pytest.raises(Refused, match="takes less at once"):
        client.ask("POST", protocol.HAVE, bytes(range(256)) * 17_000, limit=1 << 20)
    bomb = b'{"have":' + b" " * (64 << 20) + b"{}}"
    with pytest.raises(Refused, match="takes less at once"):
        client.ask("POST", protocol.HAVE, bomb, limit=1 << 20)


def _lines(station: Station) -> list[tuple[int, bytes]]:
    from sqlalchemy import select

    from partnernet.core.ledger.op import join
    from partnernet.core.ledger.tables import OpRow

    return [(row.n, join(row.id, row.head, row.body, row.sig)) for row in station.rows(select(OpRow))]
