"""How exchange with each node that can be reached goes on."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.tables import OpId


class Peer(Base):
    """A node that is reached over the wire: when it was tried, and when it will be tried again."""

    __tablename__ = "peer"

    node: Mapped[str] = mapped_column(OpId, primary_key=True)
    every: Mapped[int] = mapped_column(Integer, default=0)
    """Minutes between two exchanges; 0 where somebody presses a button."""
    tried: Mapped[int | None] = mapped_column(BigInteger)
    reached: Mapped[int | None] = mapped_column(BigInteger)
    next_at: Mapped[int | None] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    """What went wrong the last time, in a sentence; empty where nothing did."""
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Brought(Base):
    """What a node brought over the wire and is not asked for again, though it is no part of what is said to be held."""

    __tablename__ = "brought"

    node: Mapped[str] = mapped_column(OpId, primary_key=True)
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Of logs that it may not be given itself: what it gave and is here, in the form of `have`."""
    unread: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Numbers under which it gave what could not be read, as ranges by `node/inc/log`."""
    program: Mapped[str] = mapped_column(Text, default="")
    """By which version of the program that could not be read."""
