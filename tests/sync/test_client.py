"""Bad servers: whatever answers, nothing is believed that was not signed, and nothing is waited for without end."""

import gzip
import socket
from collections.abc import Callable
from contextlib import suppress

import pytest

from partnernet.core.errors import Refused
from partnernet.sync import protocol
from partnernet.sync.client import AnotherServer, Client
from partnernet.sync.connection import OVERHEAD, Meter, Patience, Unreachable
from tests.sync.impostor import PEER, STRANGER, Visit, facing, well_known

GIGABYTES = 10 << 30


def greeting(then: Callable[[Visit], None]) -> Callable[[Visit], None]:
    """Say hello as the paired server does, and then something else."""

    def handle(visit: Visit) -> None:
        visit.answer(well_known()) if visit.path == protocol.WELL_KNOWN else then(visit)

    return handle


def meet(client: Client) -> None:
    client.hello()
    client.have({})


def test_a_server_that_signs_its_answers_is_understood() -> None:
    with facing(greeting(lambda visit: visit.signed(PEER.key, b'{"have":{}}'))) as (client, impostor):
        client.hello()
        assert client.have({}) == {"have": {}}
        assert client.have({}) == {"have": {}}
        assert impostor.visits == 1, "one connection serves them all"


def test_redirects_are_refused_and_lead_nowhere() -> None:
    canary = socket.create_server(("127.0.0.1", 0))
    canary.setblocking(False)
    there = f"http://127.0.0.1:{canary.getsockname()[1]}/"
    for status in ("301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"):
        with (
            facing(lambda visit, status=status: visit.answer(b"", status, location=there)) as (client, _),
            pytest.raises(Unreachable, match="leads to another address"),
        ):
            client.hello()
        moved = greeting(lambda visit, status=status: visit.signed(PEER.key, b"", status, location=there))
        with facing(moved) as (client, _), pytest.raises(Unreachable, match="leads to another address"):
            meet(client)
    with pytest.raises(BlockingIOError):
        canary.accept()
    canary.close()


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"], ids=["head", "body"])
def test_a_server_that_sends_byte_by_byte_is_given_up(start: bytes) -> None:
    def trickle(visit: Visit) -> None:
        visit.sock.sendall(start)
        while not visit.stop.wait(0.02):
            visit.sock.sendall(b"H")

    with facing(trickle) as (client, _), pytest.raises(Unreachable, match="too slowly"):
        client.hello()


def test_a_server_that_says_nothing_is_given_up() -> None:
    patience = Patience(connect=5, idle=0.2, total=20)
    with (
        facing(lambda visit: bool(visit.stop.wait(10)) and None, patience) as (client, _),
        pytest.raises(Unreachable, match="does not answer"),
    ):
        client.hello()


def test_time_is_up_however_fast_it_goes() -> None:
    now = [0.0]
    meter = Meter(Patience(idle=30, total=60, grace=5, least=1_000), clock=lambda: now[0])
    meter.begin(10_000_000)
    assert meter.wait() == 30
    meter.count(500_000)
    now[0] = 55.0
    assert meter.wait() == 5
    now[0] = 60.0
    with pytest.raises(Unreachable, match="too slowly"):
        meter.wait()


def test_a_slow_beginning_is_forgiven_and_a_slow_middle_is_not() -> None:
    now = [0.0]
    meter = Meter(Patience(idle=30, total=600, grace=5, least=1_000), clock=lambda: now[0])
    meter.begin(10_000_000)
    now[0] = 100.0  # as long as nothing has come at all, the server may still be at work
    assert meter.wait() == 30
    meter.count(10)
    now[0] = 104.0
    assert meter.wait() == 30
    now[0] = 106.0
    with pytest.raises(Unreachable, match="too slowly"):
        meter.wait()


@pytest.mark.parametrize("length", [str(GIGABYTES), ""], ids=["said", "unsaid"])
def test_ten_gigabytes_stop_at_the_limit(length: str) -> None:
    sent = [0]

    def pour(visit: Visit) -> None:
        visit.answer(b"", content_length=length, connection="close")
        block = b"x" * 65_536
        with suppress(OSError):
            while sent[0] < GIGABYTES and not visit.stop.is_set():
                visit.sock.sendall(block)
                sent[0] += len(block)

    with facing(pour) as (client, _):
        with pytest.raises(Unreachable, match="more than it was asked for"):
            client.hello()
        assert client.connection.received <= 65_536 + OVERHEAD + 65_536
    assert sent[0] < 64 << 20, "what is on the way when the connection is closed, and no more"


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1_000 + b"\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-More: more\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["headers", "promises", "trailers", "chunks"],
)
def test_what_never_ends_stops_at_the_limit(start: bytes, more: bytes) -> None:
    def pour(visit: Visit) -> None:
        with suppress(OSError):
            visit.sock.sendall(start)
            while not visit.stop.is_set():
                visit.sock.sendall(more * 100)

    with facing(pour) as (client, _):
        with pytest.raises(Unreachable):
            client.hello()
        assert client.connection.received <= 65_536 + OVERHEAD + 65_536


def test_a_small_answer_that_unpacks_to_much_is_refused() -> None:
    bomb = gzip.compress(bytes(64 << 20))
    handle = greeting(lambda visit: visit.signed(PEER.key, bomb, content_encoding="gzip"))
    with facing(handle) as (client, _), pytest.raises(Unreachable, match="larger than the"):
        meet(client)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not packed", "gzip"), (gzip.compress(b"{}", mtime=0)[:-3], "gzip"), (b"{}", "br"),
        (gzip.compress(b"{}", mtime=0) + b"more", "gzip"),
    ],
    ids=["plain", "cut off", "another way", "followed by more"],
)  # fmt: skip
def test_what_cannot_be_unpacked_is_refused(body: bytes, encoding: str) -> None:
    handle = greeting(lambda visit: visit.signed(PEER.key, body, content_encoding=encoding))
    with facing(handle) as (client, _), pytest.raises(Unreachable):
        meet(client)


@pytest.mark.parametrize(
    "answer",
    [
        lambda visit: visit.signed(STRANGER.key, b'{"have":{}}'),
        lambda visit: visit.signed(PEER.key, b'{"have":{}}', partnernet_signature="a" * 103),
        lambda visit: visit.signed(PEER.key, b'{"have":{}}', partnernet_signature="not base32 at all"),
    ],
    ids=["by another", "forged", "nonsense"],
)
def test_an_answer_that_the_paired_server_did_not_sign_is_not_taken_in(answer: Callable[[Visit], None]) -> None:
    with facing(greeting(answer)) as (client, _), pytest.raises(AnotherServer, match="not signed by it"):
        meet(client)


def test_an_answer_that_nobody_signed_is_not_taken_in_and_says_nothing_of_who_answers() -> None:
    with (
        facing(greeting(lambda visit: visit.answer(b'{"have":{}}'))) as (client, _),
        pytest.raises(Unreachable, match="not signed by it"),
    ):
        meet(client)


def test_an_answer_to_another_question_is_not_taken_in() -> None:
    """Somebody between the two servers keeps a signed answer and gives it again."""
    kept: list[tuple[bytes, str]] = []

    def answer(visit: Visit) -> None:
        if not kept:
            visit.signed(PEER.key, b'{"have":{}}')
            head = visit.request.partition(b"\r\n\r\n")[0].decode()
            claim = protocol.read_claim(head[head.index("Authorization: ") + 15 :].split("\r\n")[0])
            assert claim
            kept.append((b'{"have":{}}', protocol.sign_answer(PEER.key, claim, 200, "", b'{"have":{}}')))
        else:
            visit.answer(kept[0][0], partnernet_signature=kept[0][1])

    with facing(greeting(answer)) as (client, _):
        meet(client)
        with pytest.raises(AnotherServer):
            client.have({"another": {"r": "1", "x": "0" * 16}})


def test_another_server_at_the_address_is_told_from_the_paired_one() -> None:
    with (
        facing(lambda visit: visit.answer(well_known(STRANGER.id))) as (client, _),
        pytest.raises(AnotherServer, match="another server answers"),
    ):
        client.hello()


@pytest.mark.parametrize(
    "answer",
    [
        lambda visit: visit.answer(b"<!doctype html>"),
        lambda visit: visit.answer(b"[]"),
        lambda visit: visit.answer(b"[" * 60_000),
        lambda visit: visit.answer(b'{"format":"partnernet-sync/1"}'),
        lambda visit: visit.answer(b"Not here", "404 Not Found"),
        lambda visit: visit.answer(b"", "204 No Content", content_length=""),
        lambda visit: visit.answer(b"", "500 Oh"),
        lambda visit: visit.sock.sendall(b"220 mail.example.org ESMTP\r\n"),
        lambda visit: visit.sock.sendall(b"\x16\x03\x01\x02\x00\x01"),
        lambda visit: visit.answer(b"{}", content_length="50", connection="close") or visit.sock.close(),
        lambda visit: visit.sock.close(),
    ],
)
def test_what_is_no_partnernet_server_is_said_to_be_none(answer: Callable[[Visit], None]) -> None:
    with facing(answer, Patience(connect=5, idle=0.5, total=5)) as (client, _):
        with pytest.raises(Refused) as refused:
            client.hello()
        assert refused.value.sentence.endswith((".", ":"))


def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    def once(visit: Visit) -> None:
        greeting(lambda visit: visit.signed(PEER.key, b'{"have":{}}'))(visit)
        visit.sock.shutdown(socket.SHUT_RDWR)

    with facing(once) as (client, impostor):
        meet(client)
        assert client.have({}) == {"have": {}}
        assert impostor.visits == 3


def test_a_stale_challenge_is_exchanged_for_a_fresh_one_once() -> None:
    challenges: list[str] = []

    def answer(visit: Visit) -> None:
        head = visit.request.partition(b"\r\n\r\n")[0].decode()
        claim = protocol.read_claim(head[head.index("Authorization: ") + 15 :].split("\r\n")[0])
        assert claim
        challenges.append(claim.challenge)
        if claim.challenge.startswith("2."):
            visit.signed(PEER.key, b'{"have":{}}')
        else:
            visit.answer(b"too old", "401 Unauthorized", partnernet_challenge="2.aaaaaaaaaaaaaaaaaaaaaaaaaa")

    with facing(greeting(answer)) as (client, _):
        meet(client)
        assert [each[:2] for each in challenges] == ["1.", "2."]
    with (
        facing(greeting(lambda visit: visit.answer(b"", "401 No", partnernet_challenge="3.aaaa"))) as (
            client,
            _,
        ),
        pytest.raises(Unreachable, match="401"),
    ):
        meet(client)


def test_nobody_there_is_said() -> None:
    with facing(lambda visit: None) as (client, impostor):
        impostor.close()
        with pytest.raises(Unreachable, match="Nothing answers"):
            client.hello()
