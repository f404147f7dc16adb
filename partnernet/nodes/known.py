"""Other servers as a person knows them: by a name, since when, and how well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import insert_missing, lock_ledger, write
from partnernet.core.entry import Entry
from partnernet.core.errors import NotFound
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.core.time import now_ms
from partnernet.core.words import _, lazy
from partnernet.network.model import Network
from partnernet.nodes.admit import SAID, SEEN, SHARED, STEWARD, release
from partnernet.nodes.card import Card, own_words
from partnernet.nodes.fingerprint import spoken
from partnernet.nodes.lookalikes import is_plain, looks, mixes_alphabets

SHOWN = 500
NEVER = lazy("This server has never been heard of here.")


@dataclass(frozen=True, slots=True)
class Server:
    """Another server, as pages show it."""

    node: KnownNode
    called: str
    """What it is called; never empty."""
    waiting: int = 0
    """How many of its statements wait outside."""

    @property
    def key(self) -> str:
        return self.node.key

    @property
    def short(self) -> str:
        """The start of its key, in groups, for telling one from another."""
        return spoken(self.key)

    @property
    def writes(self) -> Sequence[str]:
        """The logs in which what it writes is let in."""
        return [log for log in SHARED if log in self.node.writes] if self.node.admitted else []

    @property
    def reads(self) -> Sequence[str]:
        """The logs that it may be given over the wire."""
        return [log for log in SHARED if log in self.node.reads]


def servers(session: Session) -> list[Server]:
    """The other servers that this one has heard of: those that are let in first, then by name; strangers last."""
    known_first = _wanted().order_by(KnownNode.admitted.desc(), KnownNode.name == "", KnownNode.since, KnownNode.key)
    found = [_server(*row) for row in session.execute(known_first.limit(SHOWN))]
    return sorted(found, key=lambda server: (not server.node.admitted, server.called.casefold(), server.key))


def find(session: Session, key: str) -> Server:
    """One server; raises NotFound for one that was never heard of."""
    found = look_up(session, key)
    if found is None:
        raise NotFound(str(NEVER))
    return found


def look_up(session: Session, key: str | None) -> Server | None:
    """One server; None for one that was never heard of."""
    row = session.execute(_wanted().where(KnownNode.key == key)).first() if key else None
    return _server(*row) if row else None


def names(session: Session, keys: Collection[str]) -> dict[str, str]:
    """What servers are called, by key: for sentences about many of them in one statement."""
    rows = session.execute(_wanted().where(KnownNode.key.in_(sorted(keys)))).all() if keys else []
    named = {row[0].key: _server(*row).called for row in rows}
    return {key: named.get(key) or unnamed(key) for key in keys}


def unnamed(key: str) -> str:
    """What a server is called that nobody has given a name: by the beginning of its key."""
    return _("%(key)s (no name yet)", key=spoken(key))


def rights(session: Session, key: str) -> Sequence[str]:
    """The logs that a server may be given over the wire; none where it is not known."""
    reads = session.scalars(select(KnownNode.reads).where(KnownNode.key == key)).first() or []
    return [log for log in SHARED if log in reads]


def meet(session: Session, card: Card, *, private: bool = False) -> None:
    """Note a server by its card; what somebody here has said of it before stays.

    The name of its network, by which it was called as long as it had none of its own, gives way to that.
    """
    hear_of(session, [card.node])
    node = _node(session, card.node)
    if node.origin == SAID:
        node.name, node.origin = "", SEEN
    if node.name in ("", card.name, unlike_others(session, card.node, card.name)):
        node.name = unlike_others(session, card.node, card.called)
    node.address = card.address or node.address
    node.private = private or node.private


def unlike_others(session: Session, key: str, name: str) -> str:
    """What to call a server that gives itself a name: with the start of its key where another bears that here.

    So it is where the name only looks like another's, or mixes letters of several alphabets. Signs that cannot be seen
    are left out: some turn round what follows, so that it reads as another name.
    """
    name = "".join(filter(str.isprintable, name)).strip()
    others = select(KnownNode.key).where(KnownNode.key != key, func.lower(KnownNode.name) == func.lower(name))
    taken = name and (
        session.scalars(others.limit(1)).first()
        or name.casefold() == own_words(session).called.casefold()
        or (not is_plain(name) and _looks_like_another(session, key, name))
    )
    return f"{name} ({spoken(key)[:9]})" if taken else name


def _looks_like_another(session: Session, key: str, name: str) -> bool:
    """Whether a name with letters that pass for others may be taken for that of another server, or of this one."""
    others = session.scalars(select(KnownNode.name).where(KnownNode.key != key, KnownNode.name != ""))
    return mixes_alphabets(name) or looks(name) in map(looks, (own_words(session).called, *others))


def hear_of(session: Session, keys: Collection[str]) -> None:
    """Note that there are such servers: nothing of theirs is let in by that."""
    write(session)
    row = {"admitted": False, "since": now_ms(), "reads": [], "writes": [], "origin": SEEN}
    insert_missing(session, KnownNode.__table__, [{"key": key, **row} for key in sorted(keys)])


def call(session: Session, key: str, name: str) -> None:
    """Note what a server calls itself, as long as nobody here has its card or has decided about it."""
    if not name:
        return
    write(session)
    is_nameless = (KnownNode.origin == SEEN) & (KnownNode.name == "") | (KnownNode.origin == SAID)
    unknown = ~KnownNode.admitted & KnownNode.paired.is_(None) & is_nameless
    session.execute(update(KnownNode).where(KnownNode.key == key, unknown).values(name=name, origin=SAID))


def stranger(name: str) -> str:
    """What a server is called of which nobody here knows more than what it calls itself."""
    return _("%(server)s (never met before)", server=name)


def describe(session: Session, key: str, *, name: str, address: str, private: bool) -> None:
    """Call a server by another name, and say where it can be reached."""
    write(session)
    node = _node(session, key)
    node.name, node.address, node.private = name, address, private


def grant(session: Session, key: str, *, reads: Sequence[str], writes: Sequence[str], origin: str = STEWARD) -> int:
    """Say what a server may be given, and what of it is let in; how many waiting statements came in."""
    write(session)
    lock_ledger(session)
    node = _node(session, key)
    if writes and not node.admitted:
        node.since = now_ms()
    node.reads, node.writes, node.admitted, node.origin = list(reads), list(writes), bool(writes), origin
    session.flush()
    return release(session, [key], writes) if writes else 0


def pair(session: Session, key: str, *, met: str, by: str) -> None:
    """Note that two people compared the words of both servers: one here, and whom they met there."""
    write(session)
    node = _node(session, key)
    node.paired, node.met, node.paired_by = now_ms(), met, by


def limit(session: Session, key: str, quota: Mapping[str, int]) -> None:
    """Say how much a server may send; what is not named keeps to the limits for all."""
    write(session)
    _node(session, key).quota = dict(quota)


def _node(session: Session, key: str) -> KnownNode:
    node = session.get(KnownNode, key, populate_existing=True)
    if node is None:
        raise NotFound(str(NEVER))
    return node


def _wanted() -> Select[Any]:
    named = select(Network.name).join(Entry, Entry.id == Network.id).where(Entry.node == KnownNode.key)
    waiting = select(func.count()).where(Quarantined.node == KnownNode.key)
    return select(
        KnownNode, named.order_by(Entry.ts).limit(1).scalar_subquery(), waiting.scalar_subquery()
    ).execution_options(populate_existing=True)


def _server(node: KnownNode, network: str | None, waiting: int) -> Server:
    if node.name and node.origin == SAID:
        return Server(node, stranger(node.name), waiting)
    return Server(node, node.name or network or unnamed(node.key), waiting)
