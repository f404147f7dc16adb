"""Who may do what: one table, read by the guard, the templates and the exchange alike.

A permission is granted when all predicates of any one of its lines hold. `visible_to` is the twin of
`entry.read` in SQL, and the only way to list or find entries; a test proves that the two agree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal_column

from partnernet.core.entry import Entry
from partnernet.core.ledger.node import Node

MEMBER, STEWARD = "member", "steward"
PUBLIC, NETWORK = "public", "network"
VISIBILITIES = (NETWORK, PUBLIC)
"""Narrowest first: the default is the first."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in at this node, and writes as a person of it."""

    node: Node
    handle: str
    card: str
    name: str
    role: str
    account: int
    partner: str | None = None
    partner_name: str = ""
    membership: str | None = None
    """The membership op that names this person a steward of the whole network, if one does."""


Predicate = Callable[[Actor | None, Any], bool]


def anyone(actor: Actor | None, thing: Any) -> bool:
    """Signed in or not."""
    return True


def signed_in(actor: Actor | None, thing: Any) -> bool:
    """Somebody with an account that is not suspended."""
    return actor is not None


def is_steward(actor: Actor | None, thing: Any) -> bool:
    """A steward of this node."""
    return actor is not None and actor.role == STEWARD


def nobody(actor: Actor | None, thing: Any) -> bool:
    """No person at all."""
    return False


def is_public(actor: Actor | None, thing: Any) -> bool:
    """The thing is open to the whole world."""
    return bool(thing.log == PUBLIC)


def in_network(actor: Actor | None, thing: Any) -> bool:
    """The thing is open to the network."""
    return bool(thing.log == NETWORK)


def is_author(actor: Actor | None, thing: Any) -> bool:
    """The person wrote the thing."""
    return actor is not None and thing.by == actor.handle and thing.node == actor.node.id


def looks_after(actor: Actor | None, thing: Any) -> bool:
    """A steward, of the node where the thing was written or of the whole network."""
    return is_steward(actor, thing) and actor is not None and (
        thing.node == actor.node.id or actor.membership is not None
    )  # fmt: skip


def is_live(actor: Actor | None, thing: Any) -> bool:
    """The thing was neither removed nor erased."""
    return not (thing.deleted or thing.redacted)


def is_kept_together(actor: Actor | None, thing: Any) -> bool:
    """The thing is of a kind that the network keeps together."""
    from partnernet.core.ledger.kinds import KINDS

    kind = KINDS.get(thing.kind)
    return kind is not None and any(field.shared for field in kind.fields.values())


def is_own_account(actor: Actor | None, thing: Any) -> bool:
    """The account is the person's own."""
    return actor is not None and thing.id == actor.account


PERMISSIONS: Mapping[str, Sequence[Sequence[Predicate]]] = {
    "anyone": [[anyone]],
    "member": [[signed_in]],
    "steward": [[is_steward]],
    "entry.read": [[is_public], [signed_in, in_network]],
    "entry.create": [[signed_in]],
    "entry.reply": [[signed_in, is_live]],
    "entry.mark": [[signed_in, is_live]],
    "entry.edit": [[is_author, is_live], [looks_after, is_live]],
    "entry.keep": [[signed_in, is_kept_together, is_live]],
    "entry.settle": [[is_author, is_live], [looks_after, is_live], [signed_in, is_kept_together, is_live]],
    "entry.delete": [[is_author], [looks_after]],
    "entry.redact": [[is_author], [looks_after]],
    "entry.move": [[is_author, is_live], [looks_after, is_live]],
    "partner.edit": [[signed_in, is_live]],
    "partner.create": [[signed_in]],
    "term.edit": [[signed_in, is_live]],
    "page.edit": [[is_steward, is_live]],
    "page.settle": [[is_steward, is_live]],
    "network.edit": [[looks_after, is_live]],
    "person.edit": [[is_author, is_live], [looks_after, is_live]],
    "account.edit": [[is_own_account]],
    "account.manage": [[is_steward]],
    "exchange": [[is_steward]],
    "peer": [[nobody]],
}
"""`peer` is for other servers, which say by their signature who they are, and for no person.
`kind.act` falls back to `entry.act`; a name missing from both is a mistake and raises."""


def can(permission: str, actor: Actor | None, thing: Any = None) -> bool:
    """Whether somebody may do something (to a thing)."""
    return any(all(holds(actor, thing) for holds in line) for line in rules(permission))


def rules(permission: str) -> Sequence[Sequence[Predicate]]:
    """The lines that grant a permission; raises KeyError for one that the table does not know."""
    if permission in PERMISSIONS:
        return PERMISSIONS[permission]
    return PERMISSIONS["entry." + permission.partition(".")[2]]


def readable_logs(actor: Actor | None) -> list[str]:
    """The logs that somebody may read."""
    return [PUBLIC] if actor is None else [PUBLIC, NETWORK]


def visible_to(actor: Actor | None, table: Any = Entry) -> ColumnElement[bool]:
    """The condition under which somebody may see a row of `entry` (or of an alias of it)."""
    return visible_in(readable_logs(actor), table)


def visible_in(logs: Sequence[str], table: Any = Entry) -> ColumnElement[bool]:
    """The same for somebody who may read these logs, for statements made once for all such people."""
    if list(logs) == [PUBLIC]:
        # Written out, not bound, so that the indexes over what is public are used.
        public: ColumnElement[bool] = table.log == literal_column(f"'{PUBLIC}'")
        return public
    within: ColumnElement[bool] = table.log.in_(logs)
    return within
