"""The cards of partners and people in a bundle, as somebody without PartnerNet reads them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.policy import visible_in
from partnernet.core.words import lazy
from partnernet.exchange.outgoing.selection import Selection
from partnernet.partners.model import Partner
from partnernet.people.model import Person

_STREAM = {"stream_results": True, "yield_per": 200}
_partner, _person = Partner.__table__.c, Person.__table__.c
_PARTNER_WORDS = (("about", ""), ("offers", lazy("They offer")), ("seeks", lazy("They seek")))


class Card(NamedTuple):
    """One card, without its markup."""

    id: str
    node: str
    kind: str
    name: str
    facts: str
    """Where and what, on one line."""
    website: str
    texts: Sequence[tuple[str, str]]
    """Each with its heading, which may be empty, and in Markdown."""


def cards(session: Session, selection: Selection, only: Collection[str] | None = None) -> Iterator[Card]:
    """The cards in a selection, by name: partners, then people; `only` some ids, where given."""
    for table, made in ((_partner, _of_partner), (_person, _of_person)):
        wanted = (
            select(Entry.node.label("whose"), *table)
            .join(Entry, Entry.id == table.id)
            .where(visible_in(selection.logs), ~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None))
            .order_by(table.name, table.id)
        )
        if only is None and selection.is_narrowed:
            from partnernet.exchange.outgoing.narrowing import chosen

            wanted = wanted.where(table.id.in_(chosen(session, selection)))
        called = _called(session) if table is _person else {}
        for row in session.execute(wanted, execution_options=_STREAM):
            if only is None or row.id in only:
                yield made(row, called)


def _called(session: Session) -> dict[str, str]:
    """The names of the partners that there are, which are few and public."""
    named = select(Partner.id, Partner.name).join(Entry, Entry.id == Partner.id).where(~Entry.redacted, ~Entry.deleted)
    return dict(session.execute(named).all())


def _of_partner(row: Any, called: dict[str, str]) -> Card:
    facts = ", ".join(filter(None, (row.place, row.region, *row.art_forms)))
    texts = [(str(heading), getattr(row, name)) for name, heading in _PARTNER_WORDS if getattr(row, name).strip()]
    return Card(row.id, row.whose, "partner", row.name, facts, row.website, texts)


def _of_person(row: Any, called: dict[str, str]) -> Card:
    texts = [("", row.about)] if row.about.strip() else []
    return Card(row.id, row.whose, "person", row.name, called.get(row.partner or "", ""), "", texts)
