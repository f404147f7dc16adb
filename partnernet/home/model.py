"""What needs somebody: one table for all of Home, kept by the consumer in `needs.py`."""

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.tables import OpId


class Need(Base):
    """Something that waits for a person. Never an op, and gone with the account."""

    __tablename__ = "need"

    account: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    entry: Mapped[str] = mapped_column(OpId, primary_key=True)
    """The entry or reply that it is about."""
    root: Mapped[str] = mapped_column(OpId)
    """The entry on whose page that stands."""
    position: Mapped[int] = mapped_column(BigInteger)
    """Where in `touched` it came up: whoever has read the page up to there is done with it."""
    done: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_need_done_account", "done", "account"), Index("ix_need_entry", "entry"))
