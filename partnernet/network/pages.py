"""The pages that the network words itself. Until it does, each has a complete text to begin with."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import Author
from partnernet.core.policy import PUBLIC
from partnernet.core.words import lazy
from partnernet.network.model import PAGE, Page, own_network

TITLES = {
    "charter": lazy("Our charter"),
    "privacy": lazy("Your data and your privacy"),
    "accessibility": lazy("Access for everybody"),
}
"""The pages that every network has, by their address."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A page that somebody has worded."""

    entry: Entry
    slug: str


def find(session: Session, node: str, slug: str) -> Worded | None:
    """The page of an address: this node's own, else that of the node that made the network; None for neither.

    A page that another node wrote under the same address never takes its place.
    """
    network = own_network(session)
    founder = session.get(Entry, network.id) if network else None
    trusted = [node, *([founder.node] if founder else [])]
    candidates = session.scalars(
        select(Entry)
        .join(Page, Page.id == Entry.id)
        .where(Page.slug == slug, Entry.log == PUBLIC, Entry.node.in_(trusted), ~Entry.deleted, ~Entry.redacted)
        .order_by(Entry.ts, Entry.id)
    ).all()
    best = min(candidates, key=lambda entry: trusted.index(entry.node), default=None)
    return Worded(best, slug) if best else None


def word(session: Session, slug: str, values: dict[str, Any], *, by: Author) -> None:
    """Put the network's own words in the place of those that a page began with."""
    verbs.create(session, by, PAGE.name, PUBLIC, {"slug": slug, **values})
