"""Alarms: what this server must tell its stewards, in a sentence with what to do; marked as seen by one of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, write
from partnernet.core.time import now_ms
from partnernet.core.words import _, plural
from partnernet.nodes import known
from partnernet.nodes.model import Alarm

COPIED, RESTORED, FORK, QUOTA, FILES, FULL, CROWD, KEY_CHANGED, ERASURES = (
    "copied", "restored", "fork", "quota", "files", "full", "crowd", "key_changed", "erasures",
)  # fmt: skip
"""Two servers write under one key; this one does; two lists of one number; too much of one server; too many of its
files; what waits of it is over the limit; too many servers that nobody knows; another key or certificate at a known
address; many erasures wait for a person."""
SHOWN = 20
OF_KIND, OF_SERVER = 50, 5
"""Alarms of one kind that nobody has seen, in all and of one server, after which no more are raised: so many say
enough."""
KEPT = 1_000
"""Alarms that are kept; older ones that were seen go."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm in words."""

    id: int
    at: int
    node: str | None
    what: str
    """What was seen."""
    do: str
    """What to do about it."""


def raise_alarm(session: Session, kind: str, node: str | None = None, **detail: Any) -> None:
    """Note something for the stewards; once, while nobody has seen it, and not where many like it wait already."""
    write(session)
    lock_ledger(session)
    like = session.execute(select(Alarm.node, Alarm.detail).where(Alarm.kind == kind, Alarm.seen.is_(None))).all()
    of_server = [row.detail for row in like if row.node == node]
    if detail in of_server or len(of_server) >= OF_SERVER or len(like) >= OF_KIND:
        return
    alarm = Alarm(at=now_ms(), kind=kind, node=node, detail=detail, seen=None)
    session.add(alarm)
    session.flush()
    session.execute(delete(Alarm).where(Alarm.id <= alarm.id - KEPT, Alarm.seen.is_not(None)))


def waits(session: Session, kind: str) -> bool:
    """Whether an alarm of a kind is there that nobody has seen yet."""
    of_kind = select(Alarm.id).where(Alarm.kind == kind, Alarm.seen.is_(None))
    return session.scalars(of_kind.limit(1)).first() is not None


def unseen(session: Session, called: Mapping[str, str] | None = None) -> list[Told]:
    """The alarms that nobody has seen, the newest first, in words; `called` names servers that are known already."""
    rows = session.scalars(select(Alarm).where(Alarm.seen.is_(None)).order_by(Alarm.id.desc()).limit(SHOWN)).all()
    named = dict(called or {})
    named |= known.names(session, {row.node for row in rows if row.node and row.node not in named})
    return [_told(row, named) for row in rows]


def see(session: Session, alarms: Collection[int]) -> None:
    """Mark alarms as seen."""
    write(session)
    session.execute(update(Alarm).where(Alarm.id.in_(sorted(alarms)), Alarm.seen.is_(None)).values(seen=now_ms()))


def _told(alarm: Alarm, called: Mapping[str, str]) -> Told:
    name = called.get(alarm.node or "", "")
    what, do = SENTENCES[alarm.kind](name, alarm.detail) if alarm.kind in SENTENCES else (alarm.kind, "")
    return Told(alarm.id, alarm.at, alarm.node, what, do)


Sentences = Callable[[str, Mapping[str, Any]], tuple[str, str]]
"""What was seen, and what to do about it, from what a server is called and what was noted."""

SENTENCES: dict[str, Sentences] = {
    COPIED: lambda name, detail: (
        _("%(server)s seems to run twice: two of its statements bear the same number.", server=name),
        _("Nothing is lost. Ask its stewards whether it was copied or restored from a backup; one of the two has to "
          "begin anew, by “partnernet restore” or as a server of its own."),
    ),
    RESTORED: lambda name, detail: (
        _("Somebody else holds statements of this very server that are not here: it was copied, or restored from an "
          "old backup by hand."),
        _("Nothing is lost. If a second copy of this server runs somewhere, stop one of the two; it takes a new "
          "number for what it writes from now on."),
    ),
    FORK: lambda name, detail: (
        _("Two different lists of the network’s servers bear the number %(version)s.", version=detail.get("version")),
        _("Two people have signed with the network’s key at once, or somebody has stolen it. Ask whoever keeps it, and "
          "have them sign a newer list; until then nothing is changed by either."),
    ),
    QUOTA: lambda name, detail: (
        _("More came from %(server)s than it may send; the rest waits outside.", server=name),
        _("It comes in by itself, day by day. Look at what waits; if it is what it should be, let it in at once and "
          "allow that server more."),
    ),
    FILES: lambda name, detail: (
        _("More files came from %(server)s than it may send; the rest is left out.", server=name),
        _("Its entries say that they are not here yet; they come with a later bundle or exchange. If they are what "
          "they should be, allow that server more."),
    ),
    FULL: lambda name, detail: (
        _("No more of %(server)s is kept outside: what waits of it has reached the limit.", server=name),
        _("Let it in or discard what waits; what was left out comes again with the next bundle."),
    ),
    CROWD: lambda name, detail: (
        _("So many servers wait for somebody to decide about them that nothing is kept of new ones."),
        _("Let in those that you know. What was left out comes again with the next bundle."),
    ),
    KEY_CHANGED: lambda name, detail: (
        _("At the address of %(server)s another server answers now.", server=name),
        _("Nothing was exchanged with it. Ask its stewards whether they set it up anew; if they did, pair with it "
          "again and compare the six words."),
    ),
    ERASURES: lambda name, detail: (
        plural("%(count)s erasure waits for you.", "%(count)s erasures wait for you.", int(detail.get("count", 0))),
        _("So many at once may be a mistake: look at what they would erase before you take them in."),
    ),
}  # fmt: skip
"""What each kind says; a room that raises alarms of its own adds to it."""
