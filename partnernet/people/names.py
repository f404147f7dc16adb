"""Names for display: who wrote something, as whoever asks may know it. One query for a whole page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, bindparam, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.policy import Actor, readable_logs
from partnernet.core.slug import slug
from partnernet.core.text import mentions
from partnernet.core.words import _, lazy
from partnernet.network.model import OWN, Network, Setting
from partnernet.partners.model import Partner
from partnernet.people.model import Person

Pair = tuple[str, str]
"""A person: the node, and the handle at that node."""


@dataclass(frozen=True, slots=True)
class Name:
    """How somebody is called on a page, with the address of their card and of their partner's."""

    text: str
    url: str = ""
    partner_text: str = ""
    partner_url: str = ""


FORMER = Name(lazy("former member"))
SOMEBODY = Name(lazy("somebody"))
ELSEWHERE = Name(lazy("somebody at another server"))
MEMBER = Name(lazy("a member of the network"))
SERVER = Name(lazy("this server"))

Names = Mapping[Pair, Name]

_card, _person, _partner = Entry.__table__.c, Person.__table__.c, Partner.__table__.c
_network, _setting = Network.__table__.c, Setting.__table__.c

_CARDS = (
    select(
        _person.node, _person.who, _person.id, _person.name, _card.log, _card.redacted, _card.ts,
        _partner.id.label("partner"), _partner.name.label("partner_name"),
    )
    .select_from(Person.__table__)
    .join(Entry.__table__, _card.id == _person.id)
    .outerjoin(Partner.__table__, _partner.id == _person.partner)
    .where(_person.who.in_(bindparam("handles", expanding=True)), _card.superseded_by.is_(None))
)  # fmt: skip
_NETWORKS = (
    select(
        _card.node, literal(NODE_ITSELF), _network.id, _network.name, _card.log, _card.redacted, _card.ts,
        type_coerce(null(), Text), _setting.value,
    )
    .select_from(Network.__table__)
    .join(Entry.__table__, _card.id == _network.id)
    .outerjoin(Setting.__table__, (_setting.value == _network.id) & (_setting.name == OWN))
)  # fmt: skip
_BOTH = union_all(_CARDS, _NETWORKS)


def names(session: Session, actor: Actor | None, pairs: Iterable[Pair]) -> dict[Pair, Name]:
    """The names of some persons, in one query.

    Every pair that is asked for is in the answer. Persons of other nodes with the same handle are in
    it, too, so that `mentions.fill` can tell who a handle means.
    """
    asked = set(pairs)
    if not asked:
        return {}
    handles = sorted({by for _, by in asked})
    has_node = NODE_ITSELF in handles
    rows = session.execute(_BOTH if has_node else _CARDS, {"handles": handles}).all()
    logs = readable_logs(actor)
    cards = sorted((row for row in rows if row.who != NODE_ITSELF), key=_standing)
    found = {(row.node, row.who): _name(row, logs) for row in cards}
    if has_node:
        networks = [row for row in rows if row.who == NODE_ITSELF]
        found |= {pair: _network_name(pair, networks) for pair in asked if pair[1] == NODE_ITSELF}
    return found | dict.fromkeys(asked - found.keys(), ELSEWHERE)


def pairs_of(entries: Collection[Any]) -> set[Pair]:
    """Everybody who wrote some entries or is mentioned in them, to ask `names` for."""
    pairs = {(entry.node, entry.by) for entry in entries}
    for entry in entries:
        if "@[" in entry.body:
            pairs.update((entry.node, handle) for handle in mentions(entry.body))
    return pairs


def byline(entry: Any, names: Names) -> Name:
    """Who an entry is by: for loaded history the name in words, and who brought it in."""
    writer = names[(entry.node, entry.by)]
    if not entry.credit:
        return writer
    return Name(entry.credit, "", _("brought in by %(name)s", name=writer.text), writer.url)


def address(folder: str, entity: str, name: str) -> str:
    """The address of a card."""
    words = slug(name)
    return f"/{folder}/{entity[:SHORT_ID]}-{words}" if words else f"/{folder}/{entity[:SHORT_ID]}"


def _standing(row: Any) -> tuple[bool, int, str]:
    """What orders the cards of one person: the last one counts."""
    return (not row.redacted, row.ts, row.id)


def _name(row: Any, logs: Collection[str]) -> Name:
    if row.redacted:
        return FORMER
    partner_url = address("partners", row.partner, row.partner_name) if row.partner else ""
    if row.log in logs:
        return Name(row.name, address("people", row.id, row.name), row.partner_name or "", partner_url)
    return Name(row.partner_name, partner_url) if row.partner_name else MEMBER


def _network_name(pair: Pair, networks: Collection[Any]) -> Name:
    """The network that a node made; for a node that joined one, this server's own."""
    own = [row for row in networks if row.partner_name is not None]
    made = [row for row in networks if row.node == pair[0]]
    row = next(iter(made or own), None)
    return Name(row.name, "/about" if row in own else "") if row and row.name else SERVER
