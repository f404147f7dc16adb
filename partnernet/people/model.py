"""Persons, who travel as cards in the ledger, and accounts, which never leave this node."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base, table_of
from partnernet.core.entry import Attachment, Entry
from partnernet.core.ledger.kinds import Field, Kind, declare, line, prose, reference
from partnernet.core.ledger.tables import OpId, Touched
from partnernet.core.time import UtcDateTime
from partnernet.core.words import lazy
from partnernet.network.model import OWN, Network, Setting
from partnernet.partners.model import Partner

NAME_LIMIT = 100


class Person(Base):
    """Somebody's public card: a person is the pair of a node and a handle (`who`) at that node."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    node: Mapped[str] = mapped_column(OpId)
    who: Mapped[str] = mapped_column(String(27))
    name: Mapped[str] = mapped_column(Text, default="")
    partner: Mapped[str] = mapped_column(String(52), default="")
    about: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_person_who_node", "who", "node"),)


PERSON = declare(
    Kind(
        "person",
        {
            "name": Field(line(NAME_LIMIT, empty=False)),
            "partner": Field(reference),
            "about": Field(prose(4_000)),
        },
        table=table_of(Person),
        plural="people",
        word=lazy("Person"),
        words=lazy("People"),
        title="name",
    )
)


class Account(Base):
    """A login on this node."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case; never leaves this node."""
    password: Mapped[str] = mapped_column(Text, default="")
    handle: Mapped[str] = mapped_column(String(27), unique=True)
    card: Mapped[str] = mapped_column(OpId)
    role: Mapped[str] = mapped_column(String(16))
    suspended: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    visited: Mapped[int] = mapped_column(BigInteger, default=0)
    """The position in `touched` up to which everything counts as seen."""
    looked: Mapped[int] = mapped_column(BigInteger, default=0)
    """When this person last asked for a page, in milliseconds."""
    looked_to: Mapped[int] = mapped_column(BigInteger, default=0)
    """The position in `touched` at that moment: once a visit is over, `visited` moves there."""
    changed: Mapped[int] = mapped_column(BigInteger, default=0)
    """Counted up when something changes that only this person's pages show."""
    settings: Mapped[str] = mapped_column(Text, default="{}")


class SessionRow(Base):
    """One signed-in browser, by the hash of its random id: deleting the row ends it."""

    __tablename__ = "session"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[int] = mapped_column(BigInteger)


class Link(Base):
    """A link that works once: an invitation, a first sign-in, or a new password. Only its hash is kept."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    """The account that it opens, where there is one already."""
    email: Mapped[str] = mapped_column(String(254), default="")
    name: Mapped[str] = mapped_column(Text, default="")
    partner: Mapped[str] = mapped_column(String(52), default="")
    role: Mapped[str] = mapped_column(String(16), default="member")
    created: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int | None] = mapped_column(BigInteger)


class Attempt(Base):
    """How often signing in has failed lately, by the hash of an e-mail or network address."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last: Mapped[int] = mapped_column(BigInteger, index=True)
    until: Mapped[int] = mapped_column(BigInteger)
    """When the next attempt is heard, in milliseconds."""


_session, _account, _person, _card = (
    SessionRow.__table__.c,
    Account.__table__.c,
    Person.__table__.c,
    Entry.__table__.c,
)
_partner = Partner.__table__.c

_position = select(func.coalesce(func.max(Touched.position), 0)).scalar_subquery()
_network = select(Network.__table__).join(Setting, Setting.value == Network.id).where(Setting.name == OWN).limit(1)
_logo = (
    select(Attachment.sha256)
    .join(Setting, Setting.value == Attachment.entry)
    .where(Setting.name == OWN, Attachment.field == "picture")
    .limit(1)
    .scalar_subquery()
)

HERE = select(
    _position.label("position"),
    *(
        _network.with_only_columns(column).scalar_subquery().label(f"network_{column.name}")
        for column in (Network.name, Network.accent, Network.strapline)
    ),
    _logo.label("network_logo"),
)
"""What every page asks of the database, whoever reads it."""

SIGNED_IN = (
    HERE.add_columns(
        _session.account, _session.created, _session.seen, _account.handle, _account.card, _account.role,
        _account.visited, _account.looked, _account.looked_to, _account.changed, _account.created.label("joined"),
        _person.name, _person.partner, _partner.name.label("partner_name"),
    )
    .select_from(SessionRow.__table__)
    .join(Account.__table__, _account.id == _session.account)
    .outerjoin(Person.__table__, _person.id == _account.card)
    .outerjoin(Partner.__table__, _partner.id == _person.partner)
    .where(_session.key == bindparam("key"), ~_account.suspended)
)  # fmt: skip
"""The same with who is signed in: one query for all of it."""
