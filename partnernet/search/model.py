"""Saved searches: what somebody looks for again and again, and what is new of it. They never travel."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.tables import OpId


class SavedSearch(Base):
    """One search that somebody keeps. Never an op, and gone with the account."""

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account: Mapped[int] = mapped_column(Integer, index=True)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    """What stands after the question mark in its address: the words, and how they are narrowed."""
    saved: Mapped[int] = mapped_column(BigInteger)
    """When it was saved, in milliseconds."""
    since: Mapped[int] = mapped_column(BigInteger)
    """The position in `touched` at that moment: what came before is not new."""
    looked: Mapped[int] = mapped_column(BigInteger)
    """The position up to which what matches has been seen."""


class SavedMatch(Base):
    """Something that came after a search was saved, and that it finds. Whether it may be seen is decided at reading."""

    __tablename__ = "saved_match"

    search: Mapped[int] = mapped_column(ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True)
    entry: Mapped[str] = mapped_column(OpId, primary_key=True)
    account: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(BigInteger)
    """Where in `touched` it came up."""

    __table_args__ = (Index("ix_saved_match_account_position", "account", "position"),)
