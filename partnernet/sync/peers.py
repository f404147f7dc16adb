"""With whom this server exchanges over the wire: those with whom a steward has compared words, and nobody else.

What another may be given and what is taken from it are two rights, each of which holds without the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.ledger.tables import KnownNode
from partnernet.core.words import _
from partnernet.nodes.admit import MEMBERSHIP
from partnernet.nodes.fingerprint import spoken


@dataclass(frozen=True, slots=True)
class Guest:
    """Another server, and what it may do here."""

    key: str
    name: str
    address: str
    private: bool
    reads: Sequence[str]
    """The logs that it may be given."""
    writes: Sequence[str]
    """The logs that it may bring."""


def guest(session: Session, key: str) -> Guest | None:
    """A server that takes part in exchange over the wire; None for every other one.

    Somebody has compared its words, or the network's own list, which the network's key signed, names it; and it
    may be given something here, or bring something, or both.
    """
    row = session.execute(
        select(
            KnownNode.name, KnownNode.address, KnownNode.private, KnownNode.reads, KnownNode.writes,
            KnownNode.admitted, KnownNode.paired, KnownNode.origin,
        ).where(KnownNode.key == key)
    ).first()  # fmt: skip
    if row is None or not (row.paired or row.origin == MEMBERSHIP):
        return None
    reads, writes = tuple(row.reads), tuple(row.writes) if row.admitted else ()
    if not reads and not writes:
        return None
    return Guest(key, row.name or spoken(key), row.address, row.private, reads, writes)


def why_not(session: Session, key: str) -> str:
    """Why nothing can be exchanged with a server from here, in a sentence; empty where it can."""
    other = guest(session, key)
    if other is None:
        return _("Compare six words with its stewards and let it in first; then the two servers can exchange.")
    if not other.address:
        return _("It is not known where %(server)s can be reached: give its address first.", server=other.name)
    return ""
