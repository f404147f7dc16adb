"""The network as a whole: its name, its welcome, its charter pages, and who looks after it."""

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from partnernet.core.db import Base
from partnernet.core.ledger.kinds import Field, Kind, declare, line, prose
from partnernet.core.ledger.tables import OpId


class Network(Base):
    """A network that this node knows; `Setting` says which of them is its own."""

    __tablename__ = "network"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    name: Mapped[str] = mapped_column(Text, default="")
    welcome: Mapped[str] = mapped_column(Text, default="")
    accent: Mapped[str] = mapped_column(String(60), default="")


class Setting(Base):
    """A setting of this node that stewards make on a page; never travels."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


NETWORK = declare(
    Kind(
        "network",
        {"name": Field(line(100, empty=False)), "welcome": Field(prose(20_000)), "accent": Field(line(60))},
        table=Network.__table__,  # type: ignore[arg-type] # a declared class always has a Table
        title="name",
    )
)

OWN = "network"
"""The setting that holds the id of this node's own network."""


def own_network(session: Session) -> Network | None:
    """The network that this node belongs to; None before `init`."""
    return session.scalars(
        select(Network).join(Setting, Setting.value == Network.id).where(Setting.name == OWN)
    ).first()
