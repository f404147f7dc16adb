"""From what somebody asks for to a selection: for whom, and so in which logs and beyond what that server holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.errors import NotFound
from partnernet.core.ledger.tables import KnownNode
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.core.time import DAY, day_ms
from partnernet.core.words import _
from partnernet.exchange.header import Have
from partnernet.exchange.log.handovers import peer_have
from partnernet.exchange.outgoing.selection import Selection

SHORTEST = 8
"""Characters of a key or an id that name one well enough."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for; days are whole, `first` and `last` of them included."""

    logs: Sequence[str] = (PUBLIC, NETWORK)
    to: str | None = None
    """The key of the server that it is for."""
    root: str | None = None
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    with_files: bool = True
    since: Have | None = None
    """What the other server holds, where somebody brought word of it; else what it last said itself."""


def selection_of(session: Session, wish: Wish) -> Selection:
    """The selection for a wish; raises NotFound for a server or an entry that is not here."""
    receiver = known_server(session, wish.to) if wish.to else None
    logs = [log for log in wish.logs if receiver is None or may_be_given(receiver, log)]
    heard = peer_have(session, receiver.key) if receiver is not None and wish.since is None else None
    return Selection(
        logs=tuple(logs),
        withheld=tuple(log for log in wish.logs if log not in logs),
        to=receiver.key if receiver is not None else None,
        root=thread_of(session, wish.root) if wish.root else None,
        kind=wish.kind,
        start=day_ms(wish.first) if wish.first else None,
        end=day_ms(wish.last) + DAY if wish.last else None,
        since=wish.since or (heard.have if heard else {}),
        with_files=wish.with_files,
    )


def may_be_given(server: KnownNode, log: str) -> bool:
    """Whether somebody may hand a log to a server: what is public to all, the rest to those it is shared with.

    Whose words are let in for the network is of the network, whether it is reached over the wire or not.
    """
    return log == PUBLIC or log in server.reads or (server.admitted and log in server.writes)


def known_server(session: Session, given: str) -> KnownNode:
    """A server by its name or the beginning of its key; raises NotFound unless it is the only one."""
    start = given.replace(" ", "")
    is_meant = KnownNode.name == given
    if len(start) >= SHORTEST:
        is_meant = or_(is_meant, KnownNode.key.startswith(start, autoescape=True))
    found = session.scalars(select(KnownNode).where(is_meant).limit(2)).all()
    if len(found) != 1:
        raise NotFound(
            _("No one server is known here as “%(given)s”: give its name, or the beginning of its key.", given=given)
        )
    return found[0]


def thread_of(session: Session, start: str) -> str:
    """The entry whose id begins so, or that under which such a reply stands; raises NotFound unless there is one."""
    wanted = select(Entry.id, Entry.root).where(Entry.id.startswith(start, autoescape=True))
    found = session.execute(wanted.limit(2)).all()
    if not found:
        raise NotFound(_("There is no entry whose id begins with “%(start)s”.", start=start))
    if len(found) > 1:
        raise NotFound(_("There is more than one entry whose id begins with “%(start)s”.", start=start))
    return str(found[0].root or found[0].id)
