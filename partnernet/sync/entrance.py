"""The door for other servers: who knocks is known by their signature, and a stranger learns nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import orjson
from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from partnernet.core.db import db, told_at_the_end
from partnernet.core.errors import Refused, StorageFull, TooLarge
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.sync import protocol
from partnernet.sync.peers import Guest, guest
from partnernet.sync.protocol import Claim
from partnernet.web.here import this_node


@dataclass(frozen=True, slots=True)
class Call:
    """A request by another server that may make it."""

    guest: Guest
    claim: Claim
    body: bytes
    """As it was before it was packed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered, before it is packed and signed."""

    body: bytes
    kind: str = protocol.JSON
    status: int = 200
    span: str = ""
    """Where in a file it lies, as Content-Range says it."""


def said(value: Mapping[str, Any], status: int = 200) -> Said:
    """An answer in JSON."""
    return Said(orjson.dumps(value), status=status)


def for_servers(limit: int) -> Callable[[Callable[..., Said]], Callable[..., Response]]:
    """Let another server in whose request is signed and of at most `limit` bytes; its answer is signed as well."""

    def declare(view: Callable[..., Said]) -> Callable[..., Response]:
        @wraps(view)
        def answered(**arguments: Any) -> Response:
            call = _knock(limit)
            if isinstance(call, Response):
                return call
            with told_at_the_end(db.session()):
                try:
                    answer = view(call, **arguments)
                except Refused as error:
                    db.session.rollback()
                    status = 507 if isinstance(error, StorageFull) else 413 if isinstance(error, TooLarge) else 422
                    answer = said({"error": error.sentence}, status)
                return _signed(call, answer)

        return answered

    return declare


def fresh_challenge() -> str:
    """A challenge for whoever wants to knock."""
    return protocol.challenge(_secret(), this_node().id, now_ms())


def _knock(limit: int) -> Call | Response:
    claim = protocol.read_claim(request.headers.get("Authorization"))
    if claim is None:
        return _nobody()
    if (request.content_length or 0) > limit:  # said to strangers, too: who is known here is not told by it
        return _plain(413, _("This is larger than the server takes; please send less at once."))
    known = guest(db.session(), claim.node)
    db.session.rollback()
    if known is None:
        return _nobody()
    request.max_content_length = limit
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _plain(413, _("This is larger than the server takes; please send less at once."))
    query = request.query_string
    target = request.path + (f"?{query.decode('ascii', 'replace')}" if query else "")
    if not protocol.is_claimed(claim, this_node().id, request.method, target, body):
        return _nobody()
    if not protocol.is_fresh(_secret(), this_node().id, claim.challenge, now_ms()):
        stale = _plain(401, _("This was signed too long ago; ask again."))
        stale.headers[protocol.CHALLENGE] = fresh_challenge()
        return stale
    try:
        return Call(known, claim, protocol.unpack(body, request.headers.get("Content-Encoding", ""), limit))
    except Refused as error:
        return _plain(413 if isinstance(error, TooLarge) else 422, error.sentence)


def _signed(call: Call, answer: Said) -> Response:
    body, headers = (answer.body, {}) if answer.span else protocol.pack(answer.body)
    response = Response(body, answer.status, headers, content_type=answer.kind)
    if answer.span:
        response.headers["Content-Range"] = answer.span
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers[protocol.SIGNATURE] = protocol.sign_answer(
        this_node().key, call.claim, answer.status, answer.span, body
    )
    return response


def _nobody() -> Response:
    """The same for whoever is not known, whatever they ask for."""
    return _plain(404, _("There is nothing at this address."))


def _plain(status: int, sentence: str) -> Response:
    response = Response(sentence + "\n", status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _secret() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()
