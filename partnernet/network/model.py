"""The network as a whole: its name, its welcome, its charter pages, and who looks after it."""

from dataclasses import dataclass

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from partnernet.core.db import Base, table_of, upsert, write
from partnernet.core.ledger.kinds import TITLE_LIMIT, Field, Kind, declare, line, picture, prose
from partnernet.core.ledger.tables import OpId
from partnernet.core.words import lazy

NAME_LIMIT, STRAPLINE_LIMIT, WELCOME_LIMIT = 100, 140, 20_000


class Network(Base):
    """A network that this node knows; `Setting` says which of them is its own."""

    __tablename__ = "network"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    name: Mapped[str] = mapped_column(Text, default="")
    welcome: Mapped[str] = mapped_column(Text, default="")
    accent: Mapped[str] = mapped_column(String(60), default="")
    strapline: Mapped[str] = mapped_column(Text, default="")
    """One line over its name: what it is, for those who have never heard of it."""


class Setting(Base):
    """A setting of this node that stewards make on a page; never travels."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


NETWORK = declare(
    Kind(
        "network",
        {
            "name": Field(line(NAME_LIMIT, empty=False)),
            "welcome": Field(prose(WELCOME_LIMIT)),
            "accent": Field(line(60)),
            "strapline": Field(line(STRAPLINE_LIMIT)),
            "picture": Field(picture),
        },
        table=table_of(Network),
        title="name",
        word=lazy("Network"),
        words=lazy("Networks"),
    )
)


class Page(Base):
    """A page that the network words itself: its charter, the privacy notice, how it meets access needs."""

    __tablename__ = "page"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), default="", index=True)


PAGE = declare(
    Kind(
        "page",
        {
            "slug": Field(line(60, empty=False)),
            "title": Field(line(TITLE_LIMIT, empty=False), shared=True),
            "body": Field(prose(), shared=True),
        },
        table=table_of(Page),
        plural="pages",
        word=lazy("Page"),
        words=lazy("Pages"),
    )
)

DEFAULT_NAME = "PartnerNet"

OWN = "network"
"""The setting that holds the id of this node's own network."""


def own_network(session: Session) -> Network | None:
    """The network that this node belongs to; None before `init`."""
    return session.scalars(
        select(Network).join(Setting, Setting.value == Network.id).where(Setting.name == OWN)
    ).first()


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the network says to strangers, and how they reach it."""

    welcome: str
    contact: str


def greeting(session: Session) -> Greeting:
    """The welcome of this node's network with the contact of this server, in one statement."""
    contact = select(Setting.value).where(Setting.name == "contact").scalar_subquery()
    own = select(Setting.value).where(Setting.name == OWN).scalar_subquery()
    row = session.execute(
        select(select(Network.welcome).where(Network.id == own).scalar_subquery(), contact)
    ).one()  # fmt: skip
    return Greeting(row[0] or "", row[1] or "")


def setting(session: Session, name: str) -> str:
    """A setting of this node; empty where it was never made."""
    return session.scalars(select(Setting.value).where(Setting.name == name)).first() or ""


def settle(session: Session, name: str, value: str) -> None:
    """Make a setting of this node."""
    write(session)
    upsert(session, Setting.__table__, [{"name": name, "value": value}])
