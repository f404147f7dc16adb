"""Whether the database is still the one that this node wrote last, and what is done where it is not.

`node-state.json` lies outside the database and its backups. A database that was put back from a copy, or
a folder that was copied, would give numbers a second time and show what was erased: so the node takes a
new incarnation, under which numbers start at 1, and is told again what was erased. That harms nothing,
and is done whenever there is doubt.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.consumers import position
from partnernet.core.db import chunks, commit, table_of, upsert, write
from partnernet.core.ledger import erasures
from partnernet.core.ledger.log import highest, receive
from partnernet.core.ledger.node import STATE, Node, State, new_incarnation, read_state
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Cursor, Have, OpRow
from partnernet.core.lock import FileLock, held

LOCK = "node-state.lock"
SERVING = "background.lock"
"""What a running server holds."""
EPOCH = "epoch"
"""The row among the cursors that holds the epoch of this database."""

BEHIND, OTHER, LOST, MOVED = "behind", "other", "lost", "moved"
"""Why a node takes a new incarnation at its start: its database is older than it was; it is another one;
what the node knew of itself is gone; it runs in another place than before."""
CUT_OFF = "it did not end by itself the last time"
"""Why it takes one without a word: what it wrote at the very last may not have been noted, and an older copy of the
database, or of the whole machine, may have been put in its place since. Nothing is known to be wrong."""

MACHINE = Path("/etc/machine-id")

Version = tuple[int, int]

log = logging.getLogger(__name__)

_op, _have = OpRow.__table__.c, Have.__table__.c


def settle(session: Session, folder: Path, node: Node) -> tuple[Node, str | None]:
    """Hold the database against what this node knows, at its start; the node as it goes on, and why anew.

    What a command that was killed had written is noted. Commits where there is anything to be done.
    """
    with held(folder / LOCK):
        state = _state(folder, node)
        epoch, here = position(session, EPOCH), _place(folder)
        reason, newest = _doubt(session, state, epoch, here), _newest(session)
        session.rollback()
        if reason:
            return _rotate(session, folder, node, reason), reason
        if state.served and _is_free(folder / SERVING):
            return _rotate(session, folder, node, CUT_OFF), None
        if state.epoch is None or state.place != here:
            _renew(session, folder, replace(state, place=here))
        elif state.last != newest:  # a command that was killed had written something
            _noted(session, folder, state).write(folder)
            session.rollback()
    return _as_in(state, node), None


def rotate(session: Session, folder: Path, node: Node, reason: str) -> Node:
    """Take a new incarnation, and tell the database again what was erased; commits. The node as it goes on.

    For whoever finds out at run time that numbers may have been given twice.
    """
    with held(folder / LOCK):
        return _rotate(session, folder, node, reason)


def begin(session: Session, folder: Path, node: Node) -> None:
    """Mark the database as the one that is served from now on, so that older copies of it are told apart; commits.

    For whoever holds the lock of a running server.
    """
    with held(folder / LOCK):
        state = replace(_state(folder, node), served=True)
        if _doubt(session, state, position(session, EPOCH), state.place) is None:
            _renew(session, folder, state)
        else:
            state.write(folder)  # what is in doubt is settled by whoever notes it next
        session.rollback()


def end(folder: Path, node: Node) -> None:
    """Remember that a server ends by itself, everything that it wrote being noted."""
    with held(folder / LOCK):
        state = _state(folder, node)
        if state.served:
            replace(state, served=False).write(folder)


def note(session: Session, folder: Path, node: Node) -> Node:
    """Remember what has come since the last time; cheap where nothing has. The node as it goes on.

    Where the database was exchanged meanwhile, that is a new incarnation.
    """
    state, newest = _state(folder, node), _newest(session)
    session.rollback()
    if state.last == newest and state.epoch is not None:
        return _as_in(state, node)
    with held(folder / LOCK):
        state = _state(folder, node)
        reason = _doubt(session, state, position(session, EPOCH), state.place)
        if reason:
            return _rotate(session, folder, node, reason)
        state = _noted(session, folder, state)
        state.write(folder)
        session.rollback()
    return _as_in(state, node)


def follow(folder: Path, node: Node) -> Node:
    """The node as its state says that it goes on: another process may have taken a new incarnation."""
    return _as_in(_state(folder, node), node)


def version(folder: Path) -> Version | None:
    """Something cheap that differs after each change of the state; None where there is none."""
    try:
        found = (folder / STATE).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def must_ask_first(folder: Path, node: Node) -> bool:
    """Whether other servers have to be asked what was erased before this one shows anything."""
    return _state(folder, node).ask_first


def has_asked(folder: Path, node: Node) -> None:
    """Remember that they were asked, or that somebody decided to go on without."""
    with held(folder / LOCK):
        state = _state(folder, node)
        if state.ask_first:
            replace(state, ask_first=False).write(folder)


def forget_place(folder: Path, node: Node) -> None:
    """Let the next start, wherever that is, be no move."""
    with held(folder / LOCK):
        replace(_state(folder, node), place="").write(folder)


# -- inside the lock -------------------------------------------------------------------------------


def _doubt(session: Session, state: State, epoch: int, place: str) -> str | None:
    """Why this may not be the database that the node wrote last; None where it is."""
    if state.epoch is None:
        return LOST if epoch or _has_written(session, state) else None
    if state.last is not None:
        n, op_id = state.last
        if session.scalar(select(_op.id).where(_op.n == n)) != op_id:
            return BEHIND
    if any(highest(session, (state.node, state.inc, each)) < seq for each, seq in state.marks.items()):
        return BEHIND
    if epoch not in (state.epoch, state.next_epoch):
        return OTHER
    return MOVED if state.place and place != state.place else None


def _has_written(session: Session, state: State) -> bool:
    """Whether this node has written anything under another incarnation than the one it has just taken."""
    other = select(_have.inc).where(_have.node == state.node, _have.inc != state.inc).limit(1)
    return session.scalar(other) is not None


def _rotate(session: Session, folder: Path, node: Node, reason: str) -> Node:
    before, inc = _state(folder, node), new_incarnation()
    fresh = State(
        node.id, inc, _random(), place=_place(folder),
        history=inc if reason in (BEHIND, OTHER, LOST) else before.history or before.inc,
        served=before.served and reason != CUT_OFF,
        ask_first=before.ask_first or not erasures.is_recorded(folder),
    )  # fmt: skip
    fresh.write(folder)
    again = tell(session, folder)
    _settle_epoch(session, fresh.epoch)
    commit(session)
    recorded = {op.id for op in erasures.recorded(folder)}
    _noted(session, folder, fresh, recorded).write(folder)
    session.rollback()
    log.info("a new incarnation (%s); %d erasures were told again", reason, again)
    return _as_in(fresh, node)


def _as_in(state: State, node: Node) -> Node:
    return replace(node, inc=state.inc, history=state.history or state.inc)


def tell(session: Session, folder: Path) -> int:
    """Tell the database what was erased, as far as it is in the file; how many ops were new to it."""
    return sum(receive(session, some, "replay") for some in chunks(erasures.recorded(folder)))


def _renew(session: Session, folder: Path, state: State) -> None:
    """Give the database another epoch: a crash between the two leaves both known."""
    epoch = _random()
    if state.epoch is not None:
        replace(state, next_epoch=epoch).write(folder)
    _settle_epoch(session, epoch)
    commit(session)
    settled = replace(state, epoch=epoch, next_epoch=None)
    _noted(session, folder, settled).write(folder)
    session.rollback()


def _settle_epoch(session: Session, epoch: int | None) -> None:
    write(session)
    upsert(session, table_of(Cursor), [{"consumer": EPOCH, "position": epoch}])


def _noted(session: Session, folder: Path, state: State, known: set[str] | frozenset[str] = frozenset()) -> State:
    """The state with everything that the database holds now, the erasures being in their file."""
    newest = _newest(session)
    last = newest[0] if newest else 0
    if last > state.erasures or not erasures.is_recorded(folder):
        erasures.record(session, folder, state.erasures, known)
    return replace(state, last=newest, marks=_marks(session, state), erasures=last)


def _marks(session: Session, state: State) -> Mapping[str, int]:
    own = select(_have.log, _have.ranges).where(_have.node == state.node, _have.inc == state.inc)
    return {row.log: Ranges.read(row.ranges).highest for row in session.execute(own)}


def _newest(session: Session) -> tuple[int, str] | None:
    row = session.execute(select(_op.n, _op.id).order_by(_op.n.desc()).limit(1)).first()
    return (row.n, row.id) if row else None


def _state(folder: Path, node: Node) -> State:
    return read_state(folder, node.id) or State(node.id, node.inc)


def _is_free(path: Path) -> bool:
    lock = FileLock(path)
    is_free = lock.acquire()
    lock.release()
    return is_free


def _random() -> int:
    return secrets.randbelow((1 << 53) - 1) + 1


def _place(folder: Path) -> str:
    """A hash of the machine and the folder that this runs in."""
    try:
        machine = MACHINE.read_bytes().strip()
    except OSError:
        machine = b""
    return sha256(machine + b"\n" + str(folder.resolve()).encode(errors="surrogateescape")).hexdigest()[:16]
