"""Partners: organisations, which may exist without any account. The network keeps their cards together."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, String, Text, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from partnernet.core.db import Base, table_of
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import Field, Kind, address, declare, line, lines, picture, prose
from partnernet.core.ledger.node import Author
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpId
from partnernet.core.policy import PUBLIC
from partnernet.core.words import _, lazy

ART_FORMS_LIMIT, ART_FORM_LIMIT = 20, 60


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
            "art_forms": Field(lines(ART_FORMS_LIMIT, ART_FORM_LIMIT), shared=True),
            "offers": Field(prose(4_000), shared=True),
            "seeks": Field(prose(4_000), shared=True),
            "website": Field(address, shared=True),
            "about": Field(prose(20_000), shared=True),
            "picture": Field(picture, shared=True),
        },
        table=table_of(Partner),
        plural="partners",
        word=lazy("Partner"),
        words=lazy("Partners"),
        title="name",
        prose=("body", "about", "offers", "seeks"),
    )
)


def share(session: Session, values: Mapping[str, Any], *, by: Author) -> Op:
    """Add a partner to the network."""
    return verbs.create(session, by, "partner", PUBLIC, values)


def by_name(session: Session, name: str) -> Partner | None:
    """The partner of a name, whatever its capitals; the one that was added first, where there are several."""
    plain = " ".join(name.split()).casefold()
    return next((row.Partner for row in _standing(session) if row.Partner.name.casefold() == plain), None)


def choices(session: Session) -> dict[str, str]:
    """The names of the partners to choose from in a form, by id; the first choice is none."""
    partner = Partner.__table__.c
    named = sorted(session.execute(select(partner.id, partner.name).where(_STANDS)), key=_name_key)
    return {"": _("None of these")} | {partner.id: partner.name for partner in named}


_STANDS = exists().where(
    Entry.id == Partner.id, Entry.log == PUBLIC, ~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None)
)
"""Asked of each partner, of whom there are few; a join might go through all entries instead."""


def by_their_names(session: Session) -> list[Partner]:
    """All partners, by name."""
    return sorted((row.Partner for row in _standing(session)), key=_name_key)


def _standing(session: Session) -> Sequence[Any]:
    """The cards that were not removed; they are public, so that everybody may see all of them."""
    since = select(Entry.ts).where(Entry.id == Partner.id).scalar_subquery()
    return session.execute(select(Partner).where(_STANDS).order_by(since)).all()


def _name_key(partner: Any) -> tuple[str, str]:
    return (sorting_name(partner.name), partner.id)


def sorting_name(name: str) -> str:
    """A name as one looks it up: without its article, its capitals and its accents."""
    plain = unicodedata.normalize("NFD", name.casefold().removeprefix("the "))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
