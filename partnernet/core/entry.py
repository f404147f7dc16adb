"""Entry: what every kind shares. One row for each entity of the ledger, set by the projection alone."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.tables import OpId

SHORT_ID = 12

NOBODY = "nobody"
"""What stands in place of a log where the network has revoked the node that made an entry: no reader may read it."""


def _listed(name: str, *columns: str, public: bool = False) -> Index:
    """An index over the entries that stand in lists; strangers have their own, where public ones are few."""
    only = " and log = 'public'" if public else ""
    return Index(name, *columns, sqlite_where=text("listed = 1" + only), postgresql_where=text("listed" + only))


class Entry(Base):
    """An entity as it reads now. `when` is `date` where that was given, else `ts`; both milliseconds."""

    __tablename__ = "entry"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    log: Mapped[str] = mapped_column(String(64))
    node: Mapped[str] = mapped_column(OpId)
    by: Mapped[str] = mapped_column(String(27))
    partner: Mapped[str | None] = mapped_column(OpId)
    root: Mapped[str | None] = mapped_column(OpId)
    parent: Mapped[str | None] = mapped_column(OpId)
    ts: Mapped[int] = mapped_column(BigInteger)
    when: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(12), default="")
    copied_from: Mapped[str | None] = mapped_column(OpId)
    superseded_by: Mapped[str | None] = mapped_column(OpId)
    """The copy by the same node in another log that now stands in its place."""
    deleted: Mapped[bool] = mapped_column(Boolean, default=False)
    redacted: Mapped[bool] = mapped_column(Boolean, default=False)
    conflict: Mapped[bool] = mapped_column(Boolean, default=False)
    listed: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether it stands in lists: of a listed kind, and neither deleted, redacted nor superseded."""
    edited: Mapped[int | None] = mapped_column(BigInteger)
    """When its words were last changed, in milliseconds; None where they are as first written."""
    gaps: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether an op names a parent that has not arrived."""
    heads: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The ids of the newest create, edit and delete ops: the `par` of the next one."""
    setters: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    """For each field, the ops whose value stands: the winner first, then those it conflicts with."""
    replies: Mapped[int] = mapped_column(Integer, default=0)
    activity: Mapped[int] = mapped_column(BigInteger, default=0)
    """When something was last written here, in milliseconds: its own `when` or its newest reply's."""
    arrived: Mapped[int] = mapped_column(BigInteger, default=0)
    """The position in `touched` at which it came to this node."""
    newest: Mapped[int] = mapped_column(BigInteger, default=0)
    """The position at which the newest of it, replies included, came: what "unread" goes by."""
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    body: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        _listed("ix_entry_activity", "activity", "id"),
        _listed("ix_entry_kind_activity", "kind", "activity", "id"),
        _listed("ix_entry_kind_when", "kind", "when", "id"),
        _listed("ix_entry_partner_activity", "partner", "activity", "id"),
        _listed("ix_entry_public_activity", "activity", "id", public=True),
        _listed("ix_entry_public_kind_activity", "kind", "activity", "id", public=True),
        _listed("ix_entry_public_kind_when", "kind", "when", "id", public=True),
        Index(
            # What follows the id lets the figures of a thread be taken without reading its replies.
            "ix_entry_root_when", "root", "when", "id", "log", "deleted", "redacted", "arrived",
            sqlite_where=text("root is not null"), postgresql_where=text("root is not null"),
        ),
        Index("ix_entry_by", "by", "node"),
        Index(
            "ix_entry_copied_from", "copied_from",
            sqlite_where=text("copied_from is not null"), postgresql_where=text("copied_from is not null"),
        ),
        Index(
            "ix_entry_source", "source",
            sqlite_where=text("source <> ''"), postgresql_where=text("source <> ''"),
        ),
    )  # fmt: skip

    @property
    def short(self) -> str:
        """The first part of the id, as it stands in addresses."""
        return self.id[:SHORT_ID]


class Mark(Base):
    """One register: what a person or a partner says of an entry, as it stands now."""

    __tablename__ = "mark"

    thing: Mapped[str] = mapped_column(String(96), primary_key=True)
    entry: Mapped[str] = mapped_column(OpId)
    log: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(Text, default="")
    node: Mapped[str] = mapped_column(OpId)
    by: Mapped[str] = mapped_column(String(27))
    partner: Mapped[str | None] = mapped_column(OpId)
    value: Mapped[str] = mapped_column(Text, default="")
    """What it says, "yes" for a plain mark; empty where it was taken back."""
    ts: Mapped[int] = mapped_column(BigInteger)
    heads: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (Index("ix_mark_entry_mark", "entry", "mark"), Index("ix_mark_mark_subject", "mark", "subject"))


class Attachment(Base):
    """A file that an entity names; what it may be served by."""

    __tablename__ = "attachment"

    entry: Mapped[str] = mapped_column(OpId, primary_key=True)
    field: Mapped[str] = mapped_column(String(16), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(141))
    size: Mapped[int] = mapped_column(BigInteger)
    alt: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(Text, default="")


class Membership(Base):
    """A version of who looks after the network, as its key signed it; `op` is what others rely on."""

    __tablename__ = "membership"

    op: Mapped[str] = mapped_column(OpId, primary_key=True)
    network: Mapped[str] = mapped_column(OpId, index=True)
    version: Mapped[int] = mapped_column(BigInteger)
    stewards: Mapped[list[Any]] = mapped_column(JSON)
    """Pairs of node and person."""
    nodes: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    """The nodes of the network, with what they may read and write."""
    key: Mapped[str] = mapped_column(String(52), default="", server_default="")
    """The key of the network from the next version on, where this one changes it."""


class Revocation(Base):
    """That a node's statements do not count in a network any more, but for those kept; `op` says so."""

    __tablename__ = "revocation"

    op: Mapped[str] = mapped_column(OpId, primary_key=True)
    network: Mapped[str] = mapped_column(OpId, index=True)
    version: Mapped[int] = mapped_column(BigInteger)
    node: Mapped[str] = mapped_column(OpId, index=True)
    revoked: Mapped[bool]
    """False takes it back."""
    keep: Mapped[list[Any]] = mapped_column(JSON)
    """The first 26 characters of the ids of those that go on counting."""
