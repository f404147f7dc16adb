"""Who belongs to a network and looks after it: versioned documents, signed by the network's key.

A steward's op names, as `mem`, the membership op that it relies on; a later version never changes
what it did. A membership may hand the network over to a new key, and a revocation says that what a
node wrote counts no more. All of it follows from the ops alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import orjson
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, table_of
from partnernet.core.entry import Membership, Revocation
from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical
from partnernet.core.ledger.fold import SIGNED_BY_NETWORK, Made, Rules
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpRow

PREFIXES = {"membership": b"partnernet-membership-v1\n", "revoke": b"partnernet-revocation-v1\n"}
KEPT = 26
"""Characters of an id, 130 bits of it, by which a revocation names a statement that goes on counting."""
KEEP_LIMIT = 30_000
"""Statements that one revocation keeps at most, so that it fits on a line."""
NAME_LIMIT = 200


# -- what the network's key signs ------------------------------------------------------------------


def document(
    key: SigningKey,
    network: str,
    version: int,
    stewards: Sequence[tuple[str, str]],
    nodes: Sequence[Mapping[str, Any]] = (),
    new_key: str = "",
) -> dict[str, Any]:
    """The body of a membership op.

    stewards: pairs of node and person. nodes: `{node, name, reads, writes}`, the last two lists of logs.
    new_key: the public key that signs from the next version on.
    """
    doc: dict[str, Any] = {"network": network, "version": version, "stewards": sorted(list(pair) for pair in stewards)}
    if nodes:
        doc["nodes"] = sorted((dict(node) for node in nodes), key=lambda node: str(node["node"]))
    if new_key:
        doc["key"] = new_key
    return _signed(key, "membership", doc)


def revocations(
    key: SigningKey, network: str, version: int, node: str, *, revoked: bool = True, keep: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """The bodies of the revoke ops that say together which statements of a node, by their ids, go on counting."""
    kept = sorted({op_id[:KEPT] for op_id in keep})
    for some in chunks(kept, KEEP_LIMIT) if kept else iter([[]]):
        doc = {"network": network, "version": version, "node": node, "revoked": revoked, "keep": some}
        yield _signed(key, "revoke", doc)


def _signed(key: SigningKey, kind: str, doc: dict[str, Any]) -> dict[str, Any]:
    return {"doc": doc, "by_key": canonical.to_base32(key.sign(PREFIXES[kind] + canonical.checked(doc)))}


# -- from ops to rows ------------------------------------------------------------------------------


def derive(session: Session, create: Op, ops: Iterable[Op]) -> tuple[list[str], list[str]]:
    """Set the rows of a network's memberships and revocations from its ops.

    The ops on which others may have come to rely, and the nodes of which something else counts now.
    """
    documents = list(valid(create, ops))
    members = {op.id: row for op, doc in documents if (row := _member_row(op, doc)) is not None}
    revoked = {op.id: row for op, doc in documents if (row := _revoked_row(op, doc)) is not None}
    relied = _replace(session, table_of(Membership), create.id, members)
    changed = _replace(session, table_of(Revocation), create.id, revoked)
    return [row["op"] for row in relied], sorted({row["node"] for row in changed})


def valid(create: Op, ops: Iterable[Op]) -> Iterator[tuple[Op, dict[str, Any]]]:
    """The documents that were signed by the key which was the network's at their version, oldest version first."""
    key = create.h.get("net")
    if not isinstance(key, str):
        return
    given = [(op, doc) for op in ops if (doc := _document_of(op, create)) is not None]
    given.sort(key=lambda pair: (pair[1]["version"], pair[0].id))
    for _, pairs in groupby(given, key=lambda pair: pair[1]["version"]):
        valid = [(op, doc) for op, doc in pairs if _is_signed(op, doc, key)]
        yield from valid
        key = next((doc["key"] for op, doc in valid if op.kind == "membership" and _is_key(doc.get("key"))), key)


def _document_of(op: Op, create: Op) -> dict[str, Any] | None:
    if op.kind not in SIGNED_BY_NETWORK or op.log != create.log:
        return None
    doc = (op.b or {}).get("doc")
    if not isinstance(doc, dict):
        return None
    return doc if doc.get("network") == create.id and type(doc.get("version")) is int else None


def _is_signed(op: Op, doc: dict[str, Any], key: str) -> bool:
    signature = (op.b or {}).get("by_key")
    try:
        signed = canonical.from_base32(str(signature), 64) + PREFIXES[op.kind] + canonical.encode(doc)
        crypto_sign_open(signed, canonical.from_base32(key, 32))
    except (BadSignatureError, BadBundle, ValueError):
        return False
    return True


def _member_row(op: Op, doc: dict[str, Any]) -> dict[str, Any] | None:
    stewards, nodes, key = doc.get("stewards"), doc.get("nodes", []), doc.get("key")
    if op.kind != "membership" or not isinstance(stewards, list) or not all(_is_pair(pair) for pair in stewards):
        return None
    listed = [node for node in nodes if _is_member(node)] if isinstance(nodes, list) else []
    return {
        "op": op.id, "network": doc["network"], "version": doc["version"], "stewards": stewards,
        "nodes": listed, "key": key if _is_key(key) else "",
    }  # fmt: skip


def _revoked_row(op: Op, doc: dict[str, Any]) -> dict[str, Any] | None:
    node, revoked, keep = doc.get("node"), doc.get("revoked"), doc.get("keep")
    if op.kind != "revoke" or not _is_key(node) or not isinstance(revoked, bool) or not isinstance(keep, list):
        return None
    if not all(isinstance(op_id, str) and len(op_id) == KEPT for op_id in keep):
        return None
    return {
        "op": op.id, "network": doc["network"], "version": doc["version"], "node": node, "revoked": revoked,
        "keep": keep,
    }  # fmt: skip


def _replace(
    session: Session, table: Table, network: str, after: Mapping[str, Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Set the rows of a network in a table; those that came, changed or went."""
    rows = session.execute(select(table).where(table.c.network == network)).mappings()
    before = {row["op"]: dict(row) for row in rows}
    changed = [row for op_id, row in {**before, **after}.items() if before.get(op_id) != after.get(op_id)]
    if changed:
        session.execute(delete(table).where(table.c.network == network))
        if after:
            session.execute(insert(table), list(after.values()))
    return changed


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and canonical.is_base32(value, 32)


def _is_member(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_key(value.get("node"))
        and isinstance(value.get("name"), str)
        and len(value["name"]) <= NAME_LIMIT
        and all(
            isinstance(value.get(right), list) and all(isinstance(log, str) for log in value[right])
            for right in ("reads", "writes")
        )
    )


# -- what they say ---------------------------------------------------------------------------------


def rules(session: Session, ops: Iterable[Op], *, revoking: bool = True) -> Rules:
    """What the memberships that are here say of some ops; `revoking` is False where nothing is revoked at all.

    It counts for entities made in the same network alone, so that nobody becomes a steward over others by
    founding a network of their own.
    """
    ops = list(ops)
    named = _stewards(session, sorted({str(op.h["mem"]) for op in ops if isinstance(op.h.get("mem"), str)}))
    kept = revoked_nodes(session, {op.node for op in ops}) if revoking else {}

    def is_steward(op: Op, create: Made) -> bool:
        mem = op.h.get("mem")
        network = named.get((mem, op.node, op.by)) if isinstance(mem, str) else None
        return network is not None and network == create.network

    def is_revoked(op: Op, create: Made) -> bool:
        keeps = kept.get((op.node, create.network))
        return keeps is not None and op.id[:KEPT] not in keeps

    return Rules(is_steward, is_revoked) if kept else Rules(is_steward)


def _stewards(session: Session, relied: Sequence[str]) -> dict[tuple[object, str, str], str]:
    named: dict[tuple[object, str, str], str] = {}
    for some in chunks(relied):
        rows = session.execute(
            select(Membership.op, Membership.network, Membership.stewards).where(Membership.op.in_(some))
        )
        named.update({(row.op, node, by): row.network for row in rows for node, by in row.stewards})
    return named


def revoked_nodes(session: Session, nodes: Iterable[str]) -> dict[tuple[str, str | None], set[str]]:
    """For each of some nodes and each network that has revoked it: the starts of the ids that go on counting."""
    kept: dict[tuple[str, str | None], tuple[int, bool, set[str]]] = {}
    for some in chunks(sorted(nodes)):
        rows = session.execute(
            select(Revocation.node, Revocation.network, Revocation.version, Revocation.revoked, Revocation.keep)
            .where(Revocation.node.in_(some))
            .order_by(Revocation.version, Revocation.op)
        )
        for node, network, version, revoked, keep in rows:
            newest, is_revoked, keeps = kept.get((node, network), (version, revoked, set()))
            if newest < version:
                is_revoked, keeps = revoked, set()
            kept[(node, network)] = (version, is_revoked and revoked, keeps | set(keep))
    return {key: keeps for key, (_, is_revoked, keeps) in kept.items() if is_revoked}


def latest(session: Session, network: str) -> Membership | None:
    """The highest version that this node knows."""
    return session.scalars(
        select(Membership).where(Membership.network == network).order_by(Membership.version.desc(), Membership.op)
    ).first()


def latest_version(session: Session, network: str) -> int:
    """The highest version of anything that the network's key has signed; 0 where there is nothing yet."""
    versions = [
        session.scalars(select(model.version).where(model.network == network).order_by(model.version.desc())).first()
        for model in (Membership, Revocation)
    ]
    return max(version or 0 for version in versions)


def current_key(session: Session, network: str) -> str | None:
    """The public key that signs for a network now; None where the network is not here."""
    newest = select(Membership.key).where(Membership.network == network, Membership.key != "")
    first = select(OpRow.head).where(OpRow.id == network).scalar_subquery()
    handed_over, head = session.execute(
        select(newest.order_by(Membership.version.desc(), Membership.op).limit(1).scalar_subquery(), first)
    ).one()
    key = handed_over or (orjson.loads(head).get("net") if head else None)
    return key if isinstance(key, str) else None
