"""What this node must tell a steward about others."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.tables import OpId


class Alarm(Base):
    """Something about this node or another that a person has to look at."""

    __tablename__ = "alarm"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(32))
    node: Mapped[str | None] = mapped_column(OpId)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    seen: Mapped[int | None] = mapped_column(BigInteger)
    """When a steward said that they have seen it."""
