"""Asking another server: requests are signed, and an answer that it did not sign counts for nothing."""

from collections.abc import Mapping
from typing import Any

import orjson

from partnernet.core.errors import BadBundle, Refused, TooLarge
from partnernet.core.ledger.node import Node
from partnernet.core.words import _
from partnernet.exchange.bundle import strict_json
from partnernet.sync import protocol
from partnernet.sync.connection import Answer, Connection, Unreachable
from partnernet.sync.peers import Guest

WELL_KNOWN_LIMIT = 64 << 10


class AnotherServer(Refused):
    """At the address of a server another one answers."""


class Client:
    """One conversation with one server."""

    def __init__(self, connection: Connection, node: Node, other: Guest) -> None:
        self.connection, self._node, self.other = connection, node, other
        self.challenge = ""

    def hello(self) -> Mapping[str, Any]:
        """Hear who answers, and the challenge to sign; raises AnotherServer where it is not the paired one."""
        answer = self.connection.ask("GET", protocol.WELL_KNOWN, self._headers(), b"", WELL_KNOWN_LIMIT)
        if 400 <= answer.status < 500:
            raise Unreachable(self._no_partner())
        self._check(answer, b"")
        try:
            given = strict_json(self._content(answer, WELL_KNOWN_LIMIT), protocol.WELL_KNOWN)
        except BadBundle as error:
            raise Unreachable(self._no_partner()) from error
        if not isinstance(given, dict) or not isinstance(given.get("challenge"), str):
            raise Unreachable(self._no_partner())
        if given.get("format") != protocol.FORMAT:
            raise Unreachable(_("%(server)s speaks another version of this exchange: update both.", server=self._name))
        if given.get("node") != self.other.key:
            raise AnotherServer(
                _("At the address of %(server)s another server answers, so nothing was exchanged.", server=self._name)
            )
        self.challenge = given["challenge"][:100]
        return given

    def have(self, mine: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """Say what is held here; hear what is held there, and what of this is wanted."""
        body = orjson.dumps({"have": mine}, option=orjson.OPT_SORT_KEYS)
        return self._object(self.ask("POST", protocol.HAVE, body, protocol.JSON, protocol.PAGE_LIMIT))

    def ids(self, key: str, after: tuple[int, str]) -> dict[str, Any]:
        """Numbers and ids that are held there of one incarnation's log."""
        target = f"{protocol.HAVE}?of={key}&after={after[0]}.{after[1]}"
        return self._object(self.ask("GET", target, limit=protocol.PAGE_LIMIT))

    def ops(self, page: bytes) -> bytes:
        """Send a page, which says what is wanted; the page that comes back."""
        return self.ask("POST", protocol.OPS, page, protocol.LINES, protocol.PAGE_LIMIT)[1]

    def piece(self, sha256: str, op: str, first: int) -> tuple[bytes, int]:
        """A piece of a file from a place on, and the size of all of it; raises Refused where it is not there."""
        answer, body = self.ask(
            "GET", f"{protocol.BLOBS}{sha256}?op={op}", limit=protocol.PIECE, more={"Range": f"bytes={first}-"}
        )
        span, _slash, size = answer.headers.get("content-range", "").partition("/")
        if not span.startswith(f"bytes {first}-") or not size.isdigit() or len(size) > 15:
            raise Unreachable(self._no_partner())
        return body, int(size)

    def give(self, sha256: str, op: str, first: int, size: int, piece: bytes) -> dict[str, Any]:
        """Send a piece of a file; from where it goes on there, or that it is whole."""
        target = f"{protocol.BLOBS}{sha256}?op={op}&at={first}&of={size}"
        return self._object(self.ask("POST", target, piece, protocol.BYTES, protocol.HEAD_LIMIT))

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        kind: str = "",
        limit: int = 0,
        more: Mapping[str, str] | None = None,
    ) -> tuple[Answer, bytes]:
        """Send a signed request; the answer and its body, once it is certain who gave it."""  # fmt: skip
        packed, packing = protocol.pack(body)
        for is_first in (True, False):
            claim = protocol.claim(self._node.key, self.other.key, method, target, packed, self.challenge)
            headers = {**self._headers(), **packing, **(more or {}), "Authorization": claim.header()}
            if kind:
                headers["Content-Type"] = kind
            answer = self.connection.ask(method, target, headers, packed, limit)
            fresh = answer.headers.get(protocol.CHALLENGE.lower())
            if answer.status == 401 and fresh and is_first:
                self.challenge = fresh[:100]
                continue
            break
        answer = self._signed(answer, claim, limit)
        content = self._content(answer, limit)
        self._check(answer, content)
        return answer, content

    def _signed(self, answer: Answer, claim: protocol.Claim, limit: int) -> Answer:
        """An answer that the other server signed, as it signed it; raises AnotherServer for one that somebody forged.

        What nobody signed at all is the page of a proxy, or of whoever wants money for the network of a hotel.
        """
        signature = answer.headers.get(protocol.SIGNATURE.lower(), "")
        if self._is_theirs(answer, signature, claim):
            return answer
        packed = answer.headers.get("content-encoding", "")
        if signature and packed:  # on the way somebody has packed what was short enough to go as it was
            plain = Answer(answer.status, {**answer.headers, "content-encoding": ""}, self._content(answer, limit))
            if self._is_theirs(plain, signature, claim):
                return plain
        self._check(answer, b"")
        raise (AnotherServer if signature else Unreachable)(
            _("What came from the address of %(server)s was not signed by it, so it was not taken in: "
              "something stands between the two servers.", server=self._name)
        )  # fmt: skip

    def _is_theirs(self, answer: Answer, signature: str, claim: protocol.Claim) -> bool:
        span = answer.headers.get("content-range", "")
        return protocol.is_answer(self.other.key, signature, claim, answer.status, span, answer.body)

    @property
    def _name(self) -> str:
        return self.other.name

    def _headers(self) -> dict[str, str]:
        return {"Accept-Encoding": "gzip", "User-Agent": protocol.FORMAT}

    def _content(self, answer: Answer, limit: int) -> bytes:
        try:
            return protocol.unpack(answer.body, answer.headers.get("content-encoding", ""), limit)
        except (BadBundle, TooLarge) as error:
            raise Unreachable(error.sentence) from error

    def _check(self, answer: Answer, content: bytes) -> None:
        """Raise, in a sentence, for every answer but a good one."""
        status = answer.status
        if status in (200, 206):
            return
        if 300 <= status < 400:
            raise Unreachable(
                _("%(server)s leads to another address, which is not followed: ask for its present one.",
                  server=self._name)
            )  # fmt: skip
        if status == 404 and not content:
            raise Unreachable(
                _("%(server)s does not know this server yet: its stewards have to pair with it, too.",
                  server=self._name)
            )  # fmt: skip
        if status == 413 and not content:
            raise Unreachable(
                _("What stands before %(server)s takes less at once than an exchange needs: have its stewards allow "
                  "%(limit)s MB there. It goes on in smaller pieces.", server=self._name, limit=protocol.AT_ONCE)
            )  # fmt: skip
        if sentence := _refusal(content):
            raise Refused(_("%(server)s refused: %(why)s", server=self._name, why=sentence))
        raise Unreachable(
            _("%(server)s answered with an error (%(status)s); it will be tried again later.",
              server=self._name, status=str(status))
        )  # fmt: skip

    def _object(self, answered: tuple[Answer, bytes]) -> dict[str, Any]:
        value = strict_json(answered[1], self._name)
        if not isinstance(value, dict):
            raise Unreachable(self._no_partner())
        return value

    def _no_partner(self) -> str:
        return _("What answers at the address of %(server)s is no PartnerNet server.", server=self._name)


def _refusal(content: bytes) -> str:
    """What a server that was paired with said against a request; empty where it said nothing."""
    try:
        value = strict_json(content, "")
    except BadBundle:
        return ""
    sentence = value.get("error") if isinstance(value, dict) else None
    return sentence[:300] if isinstance(sentence, str) and sentence.isprintable() else ""
