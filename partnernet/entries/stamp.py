"""The stamp of a page: everything that it depends on, in one short hash."""

from hashlib import sha256

from flask import request

from partnernet.entries import reading
from partnernet.web import guard
from partnernet.web.dates import today, zone
from partnernet.web.language import language
from partnernet.web.static import fingerprint


def stamp(*more: object) -> str:
    """A hash that changes when the ledger, the reader's own marks, the day, the language or the program does."""
    here = guard.here()
    person = guard.actor()
    own: tuple[object, ...] = (
        (person.account, guard.visited(), here.account_changed, reading.visits(person)) if person else ()
    )
    parts = (
        here, request.full_path, request.headers.get("HX-Request-Type"), fingerprint(), today(), zone(), language(),
        *own, *more,
    )  # fmt: skip
    return sha256(repr(parts).encode()).hexdigest()[:20]
