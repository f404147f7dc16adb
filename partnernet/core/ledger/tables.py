"""The ledger's own tables: the ops, what this node holds, what was touched, and who waits outside."""

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base

OpId = String(52)
Position = BigInteger().with_variant(Integer, "sqlite")

ERASING = "kind in ('redact', 'erase_person')"
"""The condition of the index over what erases, so that it is found without reading everything."""


class OpRow(Base):
    """One op as it was signed. `head`, `body` and `sig` are the truth; the others say where to look."""

    __tablename__ = "op"

    n: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(OpId, unique=True)
    thing: Mapped[str] = mapped_column(String(96), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    node: Mapped[str] = mapped_column(OpId)
    inc: Mapped[str] = mapped_column(String(26))
    log: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    relies_on: Mapped[str | None] = mapped_column(OpId)
    """The membership op that a steward's op names."""
    sig: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(None, "node", "inc", "log", "seq"),
        Index(
            "ix_op_relies_on", "relies_on",
            sqlite_where=text("relies_on is not null"), postgresql_where=text("relies_on is not null"),
        ),
        Index("ix_op_erasing", "n", sqlite_where=text(ERASING), postgresql_where=text(ERASING)),
    )  # fmt: skip


class Have(Base):
    """What this node holds of one incarnation's log: ranges of numbers, and a digest of the ids."""

    __tablename__ = "have"

    node: Mapped[str] = mapped_column(OpId, primary_key=True)
    inc: Mapped[str] = mapped_column(String(26), primary_key=True)
    log: Mapped[str] = mapped_column(String(64), primary_key=True)
    ranges: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(16))


class Touched(Base):
    """One entity whose projected row changed: what consumers read past their own cursor."""

    __tablename__ = "touched"

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    entity: Mapped[str] = mapped_column(OpId)
    op: Mapped[str | None] = mapped_column(OpId)
    cause: Mapped[str] = mapped_column(String(8))


class Cursor(Base):
    """How far a consumer has read."""

    __tablename__ = "cursor"

    consumer: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class KnownNode(Base):
    """A node that this one has heard of, and whether its ops are let in."""

    __tablename__ = "node"

    key: Mapped[str] = mapped_column(OpId, primary_key=True)
    admitted: Mapped[bool]
    since: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What people call it: from its card, or as a steward says."""
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Where it can be reached; empty where only sticks and e-mail lead there."""
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a steward has said that an address on the own network is meant."""
    reads: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """The logs that it may be given over the wire."""
    writes: Mapped[list[str]] = mapped_column(JSON, default=list, server_default='["public", "network"]')
    """The logs in which what it wrote is let in, once it is admitted."""
    origin: Mapped[str] = mapped_column(String(12), default="steward", server_default="steward")
    """Who decided about it: a `steward` of this node, the `membership` of its network, or nobody: it was `seen`,
    and in a bundle that it signed it `said` what it is called."""
    paired: Mapped[int | None] = mapped_column(BigInteger)
    """When two people compared its fingerprint."""
    met: Mapped[str] = mapped_column(Text, default="", server_default="")
    """With whom it was compared, as whoever did it here wrote it down."""
    paired_by: Mapped[str] = mapped_column(String(27), default="", server_default="")
    """The person of this node who did."""
    quota: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    """Limits for this node alone, by name; those of `nodes/quotas.py` hold where there are none."""


class Intake(Base):
    """How much of another node came in: on one day, and in all (day 0)."""

    __tablename__ = "intake"

    node: Mapped[str] = mapped_column(OpId, primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Days since 1970."""
    ops: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    """Of their lines."""
    files: Mapped[int] = mapped_column(BigInteger)
    """Bytes of the files that they name."""


class Lacking(Base):
    """An op whose text is not here although nothing has erased it: another node may have it."""

    __tablename__ = "lacking"

    op: Mapped[str] = mapped_column(OpId, primary_key=True)
    log: Mapped[str] = mapped_column(String(64))


class Quarantined(Base):
    """A line that waits outside the set: its node is not admitted, or its format is not known yet."""

    __tablename__ = "quarantine"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    node: Mapped[str] = mapped_column(OpId, index=True)
    line: Mapped[bytes] = mapped_column(LargeBinary)
    since: Mapped[int] = mapped_column(BigInteger)
    network: Mapped[str | None] = mapped_column(OpId)
    """Of what a network itself vouches for, its beginning and what its key signs: which network that is."""
    files: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Bytes of the files that came along with it and wait for it here."""

    __table_args__ = (
        Index(
            "ix_quarantine_network", "network",
            sqlite_where=text("network is not null"), postgresql_where=text("network is not null"),
        ),
    )  # fmt: skip
