"""How well servers are known, for pages: the sentences, with the names of whoever compared words here."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from partnernet.core.policy import Actor
from partnernet.nodes import sentences
from partnernet.nodes.known import Server
from partnernet.people.names import names


def how_known(session: Session, servers: Sequence[Server], *, to: Actor) -> dict[str, str]:
    """How well each server is known, by its key, as whoever asks is told it."""
    called = names(session, to, {(to.node.id, server.node.paired_by) for server in servers if server.node.paired_by})
    who = {by: str(name.text) for (_node, by), name in called.items()}
    return {server.key: sentences.how_known(server, to=to, by=who.get(server.node.paired_by, "")) for server in servers}
