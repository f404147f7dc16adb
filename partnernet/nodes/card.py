"""The card of a node: a small JSON file by which another server knows it, and can join its network."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.errors import BadBundle, Invalid, Refused
from partnernet.core.ledger.canonical import is_base32
from partnernet.core.ledger.kinds import address as is_address
from partnernet.core.ledger.kinds import line, reference
from partnernet.core.ledger.node import Node
from partnernet.core.outside import strict_json
from partnernet.core.words import _, lazy
from partnernet.network.model import OWN, Network, Setting

FORMAT = "partnernet-node/1"
CARD_LIMIT = 64 << 10
NAME_LIMIT = 100

SERVER = "server"
"""The setting that holds what this server is called."""

NOT_A_CARD = lazy(
    "This is not the card of a server: ask a steward there for it, from their page of servers or by “partnernet card”."
)

COPIED = "network_key_copied"
"""The setting that holds the public key of the network of which a copy was taken."""

_values = [select(Setting.value).where(Setting.name == name).scalar_subquery() for name in (SERVER, OWN, COPIED)]
_OWN = select(
    _values[0], _values[1], select(Network.name).where(Network.id == _values[1]).scalar_subquery(), _values[2]
)

_is_name = line(NAME_LIMIT)


@dataclass(frozen=True, slots=True)
class Card:
    """What a server says of itself; nothing of it is proven but by comparing words."""

    node: str
    network: str
    name: str = ""
    """What the network is called."""
    server: str = ""
    """What the server is called."""
    address: str = ""
    """Where it can be reached; empty where only files lead there."""

    @property
    def called(self) -> str:
        """The name that a person would know it by."""
        return self.server or self.name

    def said(self) -> dict[str, Any]:
        """As JSON; what is empty is left out."""
        given = {"format": FORMAT, "node": self.node, "network": self.network, "name": self.name}
        return given | {name: value for name in ("server", "address") if (value := getattr(self, name))}

    def text(self) -> str:
        """As a file."""
        return json.dumps(self.said(), indent=2, ensure_ascii=False) + "\n"


def own_card(session: Session, node: Node, base_url: str = "") -> Card:
    """The card of this node; raises Refused before it has a network."""
    own = own_words(session)
    if not own.network:
        raise Refused(_("This server has no network yet: run “partnernet init” first."))
    return Card(node.id, own.network, own.network_name, own.server, base_url)


class Own(NamedTuple):
    """What this server is called, and which network it is of."""

    server: str
    network: str
    network_name: str
    copied: str
    """The public key of the network of which a copy was taken."""

    @property
    def called(self) -> str:
        """As its stewards say, else as its network."""
        return self.server or self.network_name


def own_words(session: Session) -> Own:
    """What this server says of itself, in one statement."""
    row = session.execute(_OWN).one()
    return Own(*(value or "" for value in row))


def read_card(content: bytes | str) -> Card:
    """The card in a file or a text; raises Invalid for anything else."""
    try:
        text = content.encode() if isinstance(content, str) else content
        given = strict_json(text, FORMAT) if len(text) <= CARD_LIMIT else None
    except (BadBundle, UnicodeEncodeError) as error:
        raise Invalid(str(NOT_A_CARD)) from error
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise Invalid(str(NOT_A_CARD))
    return card_of(given)


def card_of(given: object, address: str = "") -> Card:
    """The card that some JSON is; raises Invalid where the key or the network is none.

    A name or an address that is not as it should be is left out: it is only a name.
    """
    if not isinstance(given, dict) or not given.get("network") or not reference(given["network"]):
        raise Invalid(str(NOT_A_CARD))
    if not isinstance(given.get("node"), str) or not is_base32(given["node"], 32):
        raise Invalid(str(NOT_A_CARD))
    names = {name: given.get(name, "") for name in ("name", "server")}
    said = {name: " ".join(value.split()) for name, value in names.items() if _is_name(value)}
    where = address or given.get("address", "")
    return Card(given["node"], given["network"], address=where if is_address(where) else "", **said)
