"""What a bundle would hold, said before it is made: counted without reading a single text."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment, Entry
from partnernet.core.files import Files
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.tables import OpRow
from partnernet.core.policy import visible_in
from partnernet.exchange.bundle import ZIP
from partnernet.exchange.header import LeftOut
from partnernet.exchange.log.handovers import peer_have
from partnernet.exchange.outgoing.bag import NOT_HERE
from partnernet.exchange.outgoing.selection import FIRST, Selection, left_out, selected
from partnernet.exchange.outgoing.writer import IN_ZIP_ALONE, NOT_ASKED, Tally, erased

_op = OpRow.__table__.c
TEXTS_LIMIT = 100_000


@dataclass(slots=True)
class Plan:
    """What a bundle would hold, and what not."""

    kinds: Counter[str] = field(default_factory=Counter)
    """Entries and cards, by kind."""
    changes: int = 0
    """Statements that change, mark or remove something."""
    always: int = 0
    """Those that always go along: who looks after the network, who is out, and what is erased."""
    files: int = 0
    bytes: int = 0
    left: Sequence[LeftOut] = ()
    heard: int | None = None
    """When the server that it is for last said what it holds, in milliseconds; None where it never did."""

    @property
    def ops(self) -> int:
        """How many statements it would hold."""
        return self.kinds.total() + self.changes + self.always


def plan(session: Session, files: Files, selection: Selection, form: str = ZIP) -> Plan:
    """Count what a selection has, in a bundle of a form."""
    found, things, tally = Plan(), set[str](), Tally()
    columns = (_op.kind, _op.thing, _op.id, _op.body.is_(None))
    for kind, thing, op_id, has_no_body in selected(session, selection, columns):
        tally.erased += has_no_body
        if kind in FIRST:
            found.always += 1
        elif thing == op_id:
            found.kinds[kind] += 1
        else:
            found.changes += 1
        if kind in KINDS or kind == "edit":
            things.add(thing)
    heard = peer_have(session, selection.to) if selection.to else None
    found.heard = heard.at if heard else None
    left, names = left_out(session, selection), _named(session, selection, things)
    found.left = [*left, *erased(tally), *_count_files(files, selection, names, form, found)]
    return found


def _count_files(files: Files, selection: Selection, names: Collection[str], form: str, found: Plan) -> list[LeftOut]:
    if not selection.with_files or form != ZIP:
        why = IN_ZIP_ALONE if selection.with_files else NOT_ASKED
        return [LeftOut("attachments", why, len(names))] if names else []
    here = {name for name in names if files.has(name)}
    found.files, found.bytes = len(here), sum(files.size(name) for name in here)
    absent = len(names) - len(here)
    return [LeftOut("attachments", NOT_HERE, absent)] if absent else []


def _named(session: Session, selection: Selection, things: Collection[str]) -> set[str]:
    """The files that some entries name as they are now."""
    wanted = select(Attachment.sha256).distinct()
    if len(things) > TEXTS_LIMIT or not (selection.is_narrowed or selection.since):
        shown = wanted.join(Entry, Entry.id == Attachment.entry).where(visible_in(selection.logs))
        return set(session.scalars(shown))
    names: set[str] = set()
    for some in chunks(sorted(things)):
        names.update(session.scalars(wanted.where(Attachment.entry.in_(some))))
    return names
