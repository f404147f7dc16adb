"""What needs somebody: found by a consumer in what was touched, read in one query, gone when done.

A reply or a mention is done with once its page was read up to it; a conflict, once one version was made.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.consumers import Consumer
from partnernet.core.db import chunks, insert_missing, write
from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.ledger.tables import Touched
from partnernet.core.policy import STEWARD
from partnernet.core.time import DAY, now_ms
from partnernet.entries.model import Reading
from partnernet.home.model import Need
from partnernet.people.model import Account

REPLY, MENTION, CONFLICT = "reply", "mention", "conflict"
READ = (REPLY, MENTION)
"""What is done with once it was read."""

YOUNG = 7 * DAY
"""How old an imported op may be to need somebody, in milliseconds."""

_QUOTED = re.compile(r"(?m)^>.*$")


def consume(session: Session, batch: Sequence[Touched]) -> None:
    """Note who is needed by what was touched, and forget what needs nobody any more."""
    # What was merely taken in again hides nothing that happened in the same batch.
    touched = {row.entity: row for row in sorted(batch, key=lambda row: row.cause != "replay")}
    entries = [entry for some in chunks(touched) for entry in _entries(session, some)]
    people = _Accounts(session)
    found = [
        (account, kind, entry)
        for entry in entries
        if _is_news(entry, touched[entry.id])
        for account, kind in _needed(session, entry, people).items()
    ]
    wanted = [
        {
            "account": account, "kind": kind, "entry": entry.id, "root": entry.root or entry.id, "done": False,
            "position": entry.arrived if kind == REPLY else touched[entry.id].position,
        }
        for account, kind, entry in found
    ]  # fmt: skip
    settled = [entry.id for entry in entries if not entry.conflict or _is_gone(entry)]
    gone = [entry.id for entry in entries if _is_gone(entry)]
    write(session)
    insert_missing(session, Need.__table__, wanted)
    changed = _settle(session, settled, gone)
    _note_change(session, changed | {account for account, *_ in found})


NEEDS = Consumer("needs", consume)


@dataclass(slots=True)
class _Accounts:
    """Who has an account here, by handle; read once for a batch."""

    session: Session
    found: Mapping[str, int] | None = None
    stewards: Sequence[int] = ()

    def __call__(self, handle: str) -> int | None:
        return self._all().get(handle)

    def look_after(self) -> Sequence[int]:
        """The stewards of this node."""
        self._all()
        return self.stewards

    def _all(self) -> Mapping[str, int]:
        if self.found is None:
            rows = self.session.execute(select(Account.handle, Account.id, Account.role)).all()
            self.found = {row.handle: row.id for row in rows}
            self.stewards = [row.id for row in rows if row.role == STEWARD]
        return self.found


def _entries(session: Session, ids: Sequence[str]) -> Sequence[Entry]:
    kinds = [kind.name for kind in KINDS.values() if kind.is_listed or kind.name == REPLY]
    return session.scalars(select(Entry).where(Entry.id.in_(ids), Entry.kind.in_(kinds))).all()


def _is_news(entry: Entry, touched: Touched) -> bool:
    """Whether it happened here, or lately elsewhere: history that is brought in needs nobody."""
    if _is_gone(entry):
        return False
    young = max(entry.ts, entry.edited or 0) > now_ms() - YOUNG
    return touched.cause == "local" or (touched.cause == "import" and young)


def _is_gone(entry: Entry) -> bool:
    return entry.deleted or entry.redacted or entry.superseded_by is not None


def _needed(session: Session, entry: Entry, people: _Accounts) -> dict[int, str]:
    """The accounts that an entry needs, each with the most urgent reason."""
    needed: dict[int, str] = {}
    if entry.when >= entry.ts - YOUNG:  # an old text that was loaded today is history all the same
        needed |= _those(people, text.mentions(_QUOTED.sub("", entry.body)), MENTION)
        needed |= _those(people, _answered(session, entry), REPLY)
    needed.pop(people(entry.by) or 0, None)
    if entry.conflict:
        author = people(entry.by)
        owners = people.look_after() if entry.by == NODE_ITSELF else [author] if author else []
        needed |= dict.fromkeys(owners, CONFLICT)
    return needed


def _those(people: _Accounts, handles: Iterable[str], kind: str) -> dict[int, str]:
    return {account: kind for handle in handles if (account := people(handle)) is not None}


def _answered(session: Session, reply: Entry) -> list[str]:
    """The handles of those whose words a reply answers: of the entry, and of the reply before it."""
    if reply.root is None:
        return []
    above = [each for each in (reply.root, reply.parent) if each]
    return list(session.scalars(select(Entry.by).where(Entry.id.in_(above))))


def _settle(session: Session, settled: Sequence[str], gone: Sequence[str]) -> set[int]:
    """Forget conflicts that were settled and what is gone, and mark as done what was read."""
    changed: set[int] = set()
    for some in chunks(settled):
        ended = delete(Need).where(Need.entry.in_(some), Need.kind == CONFLICT).returning(Need.account)
        changed.update(session.scalars(ended))
    for some in chunks(gone):
        changed.update(session.scalars(delete(Need).where(Need.entry.in_(some)).returning(Need.account)))
    need, reading = Need.__table__.c, Reading.__table__.c
    read = exists().where(reading.account == need.account, reading.root == need.root, reading.position >= need.position)
    done = update(Need).where(~need.done, need.kind.in_(READ), read).values(done=True)
    session.execute(done, execution_options={"synchronize_session": False})
    return changed


def _note_change(session: Session, accounts: Iterable[int]) -> None:
    """Home is not what the browsers of these people keep of it any more."""
    for some in chunks(sorted(accounts)):
        session.execute(update(Account).where(Account.id.in_(some)).values(changed=Account.changed + 1))
