"""Fetching the card of a server from its address, through the same guarded connection as exchange."""

from partnernet.core.errors import BadBundle, Invalid, Refused
from partnernet.core.outside import strict_json
from partnernet.core.words import _
from partnernet.nodes.card import Card, card_of
from partnernet.sync import address, protocol
from partnernet.sync.client import WELL_KNOWN_LIMIT
from partnernet.sync.connection import Connection, Patience

HURRY = Patience(connect=5.0, idle=5.0, total=15.0)
"""Seconds that the page of a steward waits: less than an exchange, since everybody else waits for it, too."""


def fetch(where: str, *, private: bool, certificates: str | None = None) -> Card:
    """The card of the server at an address; raises Refused with what went wrong."""
    place = address.find(where, private=private)
    connection = Connection(place, certificates, HURRY)
    try:
        answer = connection.ask("GET", protocol.WELL_KNOWN, {"User-Agent": protocol.FORMAT}, b"", WELL_KNOWN_LIMIT)
    finally:
        connection.close()
    if 300 <= answer.status < 400:
        raise Refused(_("%(where)s leads to another address, which is not followed: ask for the right one.",
                        where=place.shown))  # fmt: skip
    try:
        if answer.status != 200:
            raise Invalid("")
        return card_of(_said(answer.body), address=where.rstrip("/"))
    except (BadBundle, Invalid) as error:
        raise Refused(_("What answers at %(where)s is no PartnerNet server.", where=place.shown)) from error


def _said(body: bytes) -> object:
    """What a server says of itself, in the form of a card."""
    given = strict_json(body, protocol.WELL_KNOWN)
    if not isinstance(given, dict) or given.get("format") != protocol.FORMAT:
        return None
    network = given.get("network")
    of_network = {"network": network.get("id"), "name": network.get("name")} if isinstance(network, dict) else {}
    return {"node": given.get("node"), "server": given.get("server", ""), **of_network}
