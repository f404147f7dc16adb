"""A connection to one address that was checked: kept open, counted, timed, and certain of who answers."""

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from partnernet.core.errors import Refused
from partnernet.core.words import _
from partnernet.sync.address import Place

READ = 64 << 10
OVERHEAD = 128 << 10
"""Bytes of headers that an answer may have besides its body."""
EXPIRED, NOT_YET, WRONG_NAME, SELF_SIGNED = (10,), (9,), (62, 64), (18, 19)
"""Numbers by which OpenSSL says what is wrong with a certificate."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one waits, in seconds, and how slow an answer may be, in bytes a second."""

    connect: float = 10.0
    idle: float = 30.0
    total: float = 300.0
    grace: float = 20.0
    """How long an answer may be as slow as it likes."""
    least: float = 1_000.0


class Unreachable(Refused):
    """The other server could not be reached, or not be understood; it is worth another try later."""


@dataclass(slots=True)
class Meter:
    """Counts what comes in of one answer, and gives up what is too slow, too long or too large."""

    patience: Patience
    clock: Callable[[], float] = time.monotonic
    limit: int = OVERHEAD
    started: float = 0.0
    heard: float | None = None
    """When the first byte of the answer came."""
    bytes: int = 0

    def begin(self, limit: int) -> None:
        """Count from zero, for one more answer."""
        self.limit, self.started, self.heard, self.bytes = limit + OVERHEAD, self.clock(), None, 0

    def wait(self) -> float:
        """How many seconds the next bytes may take; raises Unreachable where time is up."""
        now = self.clock()
        left = self.started + self.patience.total - now
        slow = self.heard is not None and now - self.heard > self.patience.grace
        if left <= 0 or (slow and self.bytes < self.patience.least * (now - (self.heard or 0.0))):
            raise Unreachable(_("The other server answers too slowly; it will be tried again later."))
        return min(left, self.patience.idle)

    def count(self, number: int) -> None:
        """Some bytes came in; raises Unreachable where that is more than was to be expected."""
        if self.heard is None:
            self.heard = self.clock()
        self.bytes += number
        if self.bytes > self.limit:
            raise Unreachable(_("The other server sends more than it was asked for, so the exchange was ended."))


class _Metered(io.RawIOBase):
    """What is read from a socket, by the rules of a meter."""

    def __init__(self, sock: socket.socket, meter: Meter) -> None:
        self._sock, self._meter = sock, meter
        self._raw: Any = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._meter.wait())
        number = int(self._raw.readinto(buffer) or 0)
        self._meter.count(number)
        return number

    def close(self) -> None:
        self._raw.close()
        super().close()


@dataclass(frozen=True, slots=True)
class _Source:
    """What `http.client` makes its file from."""

    sock: socket.socket
    meter: Meter

    def makefile(self, mode: str) -> Any:
        return io.BufferedReader(_Metered(self.sock, self.meter), READ)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Connection:
    """One server at one address; raises Unreachable for whatever goes wrong on the way."""

    place: Place
    certificates: str | None = None
    """A file of authorities to trust besides those of the system."""
    patience: Patience = field(default_factory=Patience)
    trips: int = 0
    received: int = 0
    sent: int = 0
    _http: HTTPConnection | None = None
    _meter: Meter = field(init=False)

    def __post_init__(self) -> None:
        self._meter = Meter(self.patience)

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes, limit: int) -> Answer:
        """Send one request and read its answer, of at most `limit` bytes; one that lost its connection is sent anew."""
        is_kept = self._http is not None
        try:
            return self._ask(method, target, headers, body, limit)
        except (OSError, HTTPException) as error:
            self.close()
            if not is_kept or self._meter.bytes:
                raise self._failed(error) from error
        try:
            return self._ask(method, target, headers, body, limit)
        except (OSError, HTTPException) as error:
            self.close()
            raise self._failed(error) from error

    def close(self) -> None:
        """Close it; the next request opens another one."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def _ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes, limit: int) -> Answer:
        self._meter.begin(limit)
        http = self._http or self._open()
        http.sock.settimeout(self.patience.total)
        self.trips += 1
        try:
            with suppress(ConnectionError):  # it may have answered before it had heard all, and hung up
                http.request(method, target, body or None, dict(headers))
            response = http.getresponse()
            content = self._read(response, limit)
        except Unreachable:
            self.close()
            raise
        finally:
            self.received += self._meter.bytes
        self.sent += len(body) + len(method) + len(target) + sum(len(k) + len(v) + 4 for k, v in headers.items()) + 60
        if response.will_close:
            self.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _read(self, response: HTTPResponse, limit: int) -> bytes:
        parts, size = [], 0
        while part := response.read(READ):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise Unreachable(_("The other server sends more than it was asked for, so the exchange was ended."))
        if response.length:
            raise ConnectionResetError
        return b"".join(parts)

    def _open(self) -> HTTPConnection:
        self._http = http = HTTPConnection(self.place.host, self.place.port)
        meter = self._meter
        http.sock = self._connected()
        http.response_class = lambda sock, **more: HTTPResponse(_Source(sock, meter), **more)  # type: ignore[assignment, arg-type] # it asks no more of either
        http.auto_open = 0
        return http

    def _connected(self) -> socket.socket:
        """A socket to the address that was checked, whatever the name leads to by now."""
        failure: OSError | None = None
        for address in self.place.addresses:
            try:
                sock = socket.create_connection((address, self.place.port), self.patience.connect)
            except OSError as error:
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not self.place.is_secure:
                return sock
            try:
                return self._context().wrap_socket(sock, server_hostname=self.place.host)
            except BaseException:
                sock.close()
                raise
        raise failure or OSError("no address")

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificates:
            try:
                context.load_verify_locations(self.certificates)
            except OSError as error:  # of which an SSLError is one
                raise Unreachable(unusable(self.certificates)) from error
        return context

    def _failed(self, error: Exception) -> Unreachable:
        where = self.place.shown
        if isinstance(error, ssl.SSLCertVerificationError):
            return Unreachable(_bad_certificate(error.verify_code, where))
        if isinstance(error, ssl.SSLError):
            return Unreachable(_("No secure connection to %(where)s could be made.", where=where))
        if isinstance(error, TimeoutError):
            return Unreachable(_("%(where)s does not answer; it will be tried again later.", where=where))
        if isinstance(error, ConnectionRefusedError):
            return Unreachable(_("Nothing answers at %(where)s: the server there may be switched off.", where=where))
        if isinstance(error, OSError):
            return Unreachable(_("The connection to %(where)s broke off; it will be tried again later.", where=where))
        return Unreachable(_("What answers at %(where)s does not speak as a web server does.", where=where))


def concerns(certificates: str) -> list[str]:
    """What is wrong with the file of further authorities, where one is named."""
    try:
        if certificates:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(certificates)
    except OSError:
        return [unusable(certificates)]
    return []


def unusable(certificates: str) -> str:
    """That the file of further authorities is of no use."""
    return _(
        "The file %(file)s, which PARTNERNET_SYNC_CA names, is not there or holds no certificates.", file=certificates
    )


def _bad_certificate(code: int, where: str) -> str:
    if code in EXPIRED:
        return _("The certificate of %(where)s has expired, or the clock of this server is wrong.", where=where)
    if code in NOT_YET:
        return _("The certificate of %(where)s is not valid yet, or the clock of this server is wrong.", where=where)
    if code in WRONG_NAME:
        return _("The certificate at %(where)s is for another name.", where=where)
    if code in SELF_SIGNED:
        return _(
            "The certificate of %(where)s is signed by nobody whom this server trusts, but by itself.", where=where
        )
    return _("The certificate of %(where)s is signed by nobody whom this server trusts.", where=where)
