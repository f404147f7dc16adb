"""The front page for strangers: who this network is, who is in it, what it is doing, and how to join."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.entry import Attachment, Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.entries import listing
from partnernet.network.model import Greeting, greeting
from partnernet.partners.model import Partner, by_their_names

LOOKED_THROUGH, SHOWN, PARTNERS_SHOWN = 30, 3, 15
"""How many of the newest entries are looked through, how many of a kind are shown, and how many partners."""


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on the front page."""

    greeting: Greeting
    welcome: Markup
    partners: Sequence[Partner]
    partner_count: int
    lead: listing.Line | None
    """The news that stands first: the newest with a picture, else the newest."""
    kinds: dict[str, list[listing.Line]]
    """The newest few of each other kind, and of the news that is left."""

    @property
    def is_new(self) -> bool:
        """Nothing is here yet that a stranger could read."""
        return not (self.welcome or self.partner_count or self.lead or self.kinds)


def front(session: Session) -> Front:
    """The front page, in four statements."""
    greets = greeting(session)
    partners = by_their_names(session)
    wanted = listing.Wanted(columns=_lead_columns())
    lines = listing.page(session, None, wanted, size=LOOKED_THROUGH).lines
    news = [line for line in lines if line.kind == "news"]
    lead = next((line for line in news if line.row.picture), news[0] if news else None)
    kinds: dict[str, list[listing.Line]] = {}
    for line in lines:
        if line is not lead and len(kinds.setdefault(line.kind, [])) < SHOWN:
            kinds[line.kind].append(line)
    return Front(greets, _rendered(greets.welcome), partners[:PARTNERS_SHOWN], len(partners), lead, kinds)


@lru_cache(maxsize=1)
def _lead_columns() -> tuple[Any, ...]:
    """What the first story shows beside its line: its standfirst and its picture."""
    news, file = KINDS["news"].table, Attachment.__table__.c
    assert news is not None  # noqa: S101 - news has a table
    pictured = (file.entry == Entry.__table__.c.id, file.field == "picture", file.n == 0)
    return (
        select(news.c.standfirst).where(news.c.id == Entry.__table__.c.id).scalar_subquery().label("standfirst"),
        *(
            select(file[column]).where(*pictured).scalar_subquery().label(label)
            for column, label in (("sha256", "picture"), ("alt", "alt"), ("caption", "caption"), ("credit", "shown_by"))
        ),
    )


@lru_cache(maxsize=8)
def _rendered(source: str) -> Markup:
    return Markup(text.render(source))  # noqa: S704 - rendered and cleaned
