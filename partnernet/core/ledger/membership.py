"""Who looks after the network: versioned documents, signed by the network's key.

A steward's op names, as `mem`, the membership op that it relies on; a later version never changes
what it did.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, table_of
from partnernet.core.entry import Membership
from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical
from partnernet.core.ledger.fold import Made, Stewards
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op

PREFIX = b"partnernet-membership-v1\n"


def document(key: SigningKey, network: str, version: int, stewards: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The body of a membership op: pairs of node and person, signed by the network's key."""
    doc = {"network": network, "version": version, "stewards": sorted(list(pair) for pair in stewards)}
    return {"doc": doc, "by_key": canonical.to_base32(key.sign(PREFIX + canonical.checked(doc)))}


def derive(session: Session, create: Op, ops: Iterable[Op]) -> bool:
    """Set the rows of a network's memberships from its ops; whether any row changed."""
    before = {row["op"]: dict(row) for row in session.execute(
        select(Membership.__table__).where(Membership.network == create.id)).mappings()}  # fmt: skip
    after = {op.id: row for op in ops if (row := row_of(op, create)) is not None}
    if before == after:
        return False
    session.execute(delete(Membership).where(Membership.network == create.id))
    if after:
        session.execute(insert(table_of(Membership)), list(after.values()))
    return True


def row_of(op: Op, create: Op) -> dict[str, Any] | None:
    """The row of a membership op; None where the network's key did not sign it."""
    key, doc = create.h.get("net"), (op.b or {}).get("doc")
    if op.kind != "membership" or op.log != create.log or not isinstance(doc, dict) or not isinstance(key, str):
        return None
    stewards, version = doc.get("stewards"), doc.get("version")
    signature = (op.b or {}).get("by_key")
    if doc.get("network") != create.id or type(version) is not int or not isinstance(signature, str):
        return None
    if not isinstance(stewards, list) or not all(_is_pair(pair) for pair in stewards):
        return None
    try:
        signed = canonical.from_base32(signature, 64) + PREFIX + canonical.encode(doc)
        crypto_sign_open(signed, canonical.from_base32(key, 32))
    except (BadSignatureError, BadBundle, ValueError):
        return None
    return {"op": op.id, "network": create.id, "version": version, "stewards": stewards}


def stewards(session: Session, ops: Iterable[Op]) -> Stewards:
    """A question for the fold: does the membership that an op relies on name its author?

    It counts for entities made in that network alone, so that nobody becomes a steward over others by
    founding a network of their own.
    """
    relied = sorted({str(op.h["mem"]) for op in ops if isinstance(op.h.get("mem"), str)})
    if not relied:
        return lambda op, create: False
    named: dict[tuple[object, str, str], str] = {}
    for some in chunks(relied):
        rows = session.execute(
            select(Membership.op, Membership.network, Membership.stewards).where(Membership.op.in_(some))
        )
        named.update({(row.op, node, by): row.network for row in rows for node, by in row.stewards})

    def is_steward(op: Op, create: Made) -> bool:
        mem = op.h.get("mem")
        network = named.get((mem, op.node, op.by)) if isinstance(mem, str) else None
        return network is not None and network == create.network

    return is_steward


def latest(session: Session, network: str) -> Membership | None:
    """The highest version that this node knows."""
    return session.scalars(
        select(Membership).where(Membership.network == network).order_by(Membership.version.desc(), Membership.op)
    ).first()


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)
