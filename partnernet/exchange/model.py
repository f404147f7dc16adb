"""Imports that were begun, and the ops of those that are not decided yet."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.tables import OpId

BatchId = String(16)

STAGING, WAITING, APPLIED, SET_ASIDE = "staging", "waiting", "applied", "set aside"
TURNED_AWAY = "refused"

BY_FILE, BY_WIRE = "file", "wire"

NEW, FILL, QUARANTINE, LATER, REFUSED = "new", "fill", "quarantine", "later", "refused"
"""What is to become of a staged op: taken in; its late text put in place; kept outside because its node
is not admitted; kept outside because its format is not known yet; left out for the reason given."""


class ImportBatch(Base):
    """One import: what was handed over, what is in it, and what became of it."""

    __tablename__ = "import_batch"

    id: Mapped[str] = mapped_column(BatchId, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    """The name of the file."""
    state: Mapped[str] = mapped_column(String(12))
    started: Mapped[int] = mapped_column(BigInteger)
    ended: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(27))
    """The person of this node who brought it, or `node`."""
    sender: Mapped[str | None] = mapped_column(OpId)
    """The node that signed the bundle as a whole: who handed it over, which grants nothing."""
    header: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    preview: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    way: Mapped[str] = mapped_column(String(8), default=BY_FILE, server_default=BY_FILE)
    hold: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why it waits for a person although it came by wire; of one that was refused: why."""


class StagedOp(Base):
    """One verified op of a bundle that waits for a decision, as it would stand in `op`."""

    __tablename__ = "stage"

    batch: Mapped[str] = mapped_column(BatchId, primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Which line of the bundle it was."""
    id: Mapped[str] = mapped_column(OpId)
    thing: Mapped[str] = mapped_column(String(96))
    kind: Mapped[str] = mapped_column(String(32))
    node: Mapped[str] = mapped_column(OpId)
    inc: Mapped[str] = mapped_column(String(26))
    log: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    relies_on: Mapped[str | None] = mapped_column(OpId)
    sig: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    """Of an op whose format is not known yet: the whole line."""
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_stage_batch_thing", "batch", "thing"),)


class PeerHave(Base):
    """What another node holds, as it said itself: in a bundle that it signed, or over the wire."""

    __tablename__ = "peer_have"

    node: Mapped[str] = mapped_column(OpId, primary_key=True)
    have: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[int] = mapped_column(BigInteger)
    """When it said so, by the clock here."""
    way: Mapped[str] = mapped_column(String(8))


class Handover(Base):
    """One thing that this node gave away."""

    __tablename__ = "handover"

    id: Mapped[str] = mapped_column(BatchId, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger, index=True)
    by: Mapped[str] = mapped_column(String(27))
    """The person of this node who did, or `node`."""
    to: Mapped[str | None] = mapped_column(OpId)
    """The node for which it was made; None where it is for anybody."""
    way: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(Text)
    selection: Mapped[dict[str, Any]] = mapped_column(JSON)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    held: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What of each log went out, in the form of `have`."""
    bytes: Mapped[int] = mapped_column(BigInteger)
