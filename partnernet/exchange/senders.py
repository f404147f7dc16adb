"""Who handed a bundle over, as people would say it: by the name it has here, else by the one that it gives itself."""

from partnernet.core.words import _
from partnernet.exchange.header import shown_name
from partnernet.exchange.model import ImportBatch
from partnernet.nodes.known import stranger, unnamed


def sender_name(batch: ImportBatch, called: str) -> str:
    """What the sender of an import is called; `called` is its name here, perhaps only the beginning of its key."""
    if not batch.sender or called != unnamed(batch.sender):
        return called
    given = batch.header.get("from", {})
    if own := shown_name(given.get("server")):
        return stranger(own)
    if network := shown_name(given.get("network")):
        return _("a server of %(network)s (never met before)", network=network)
    return called
