"""Partners: organisations, which may exist without any account. The network keeps their cards together."""

from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.kinds import Field, Kind, address, declare, line, lines, picture, prose
from partnernet.core.ledger.tables import OpId


class Partner(Base):
    """An organisation of the network."""

    __tablename__ = "partner"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    name: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    region: Mapped[str] = mapped_column(String(200), default="")
    art_forms: Mapped[list[Any]] = mapped_column(JSON, default=list)
    offers: Mapped[str] = mapped_column(Text, default="")
    seeks: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[str] = mapped_column(Text, default="")


PARTNER = declare(
    Kind(
        "partner",
        {
            "name": Field(line(200, empty=False), shared=True),
            "place": Field(line(200), shared=True),
            "region": Field(line(200), shared=True),
            "art_forms": Field(lines(20, 60), shared=True),
            "offers": Field(prose(4_000), shared=True),
            "seeks": Field(prose(4_000), shared=True),
            "website": Field(address, shared=True),
            "about": Field(prose(20_000), shared=True),
            "picture": Field(picture, shared=True),
        },
        table=Partner.__table__,  # type: ignore[arg-type] # a declared class always has a Table
        plural="partners",
        title="name",
    )
)
