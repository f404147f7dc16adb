"""What the page of a partner shows beside its card: its people, what it is in, and who last kept the card."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.entry import Entry, Mark
from partnernet.core.policy import Actor, visible_to
from partnernet.entries.finding import LAST_OP, last_op
from partnernet.people.directory import people_of
from partnernet.people.mentions import fill
from partnernet.people.names import names

TEXTS = ("about", "offers", "seeks")
COUNTS_IN = "count_in"
IDEAS = 8

_entry = Entry.__table__.c
COLUMNS = (LAST_OP,)
"""What the row of a card needs beside its own columns."""


def html(session: Session, actor: Actor | None, card: Any) -> dict[str, Markup]:
    """The texts of a card, rendered."""
    handles = {handle for name in TEXTS for handle in text.mentions(getattr(card, name))}
    known = names(session, actor, {(card.node, handle) for handle in handles})
    stored = {name: getattr(card, f"{name}_html") for name in TEXTS}
    rendered = {name: stored[name] or text.render(getattr(card, name)) for name in TEXTS}
    return {name: fill(text.without_addresses(rendered[name]), known, card.node) for name in TEXTS}


def people(session: Session, actor: Actor | None, card: Any) -> Mapping[str, Any]:
    """The people of a partner, who kept its card last as far as one may know, and when."""
    last = last_op(card)
    keeper = (last.get("node", ""), last.get("by", ""))
    found = people_of(session, actor, card.id, also=keeper)
    return {
        "people": [line for line in found if line.of == card.id],
        "keeper": next((line for line in found if line.pair == keeper), None),
        "kept": last.get("ts") or card.ts,
    }


def counts_in(session: Session, actor: Actor | None, partner: str) -> list[Any]:
    """The ideas that a partner counts itself in for, the liveliest first."""
    return list(
        session.execute(
            select(_entry.id, _entry.kind, _entry.root, _entry.title, Mark.ts)
            .join(Mark, Mark.entry == _entry.id)
            .where(Mark.mark == COUNTS_IN, Mark.partner == partner, Mark.value != "", _entry.listed, visible_to(actor))
            .order_by(_entry.activity.desc(), _entry.id.desc())
            .limit(IDEAS)
        )
    )
