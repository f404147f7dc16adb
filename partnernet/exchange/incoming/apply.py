"""Applying an import: its files first, then everything else in one transaction, with a receipt."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.db import chunks, insert_selected, lock_ledger, write
from partnernet.core.engine import make_room
from partnernet.core.errors import BadBundle, Conflict
from partnernet.core.files import Files
from partnernet.core.handful import FETCHED, handful
from partnernet.core.ledger import log
from partnernet.core.ledger.fold import VOUCHED
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.op import Op, from_parts, join
from partnernet.core.ledger.project import project
from partnernet.core.ledger.tables import Lacking, OpRow
from partnernet.core.policy import PUBLIC
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.exchange.bundle import BLOB_LIMIT
from partnernet.exchange.header import shown_name
from partnernet.exchange.incoming import set_back
from partnernet.exchange.incoming.allowed import Allowed, allowed
from partnernet.exchange.incoming.allowed import waiting as waiting_of
from partnernet.exchange.incoming.ceiling import CROWD
from partnernet.exchange.incoming.forgetting import forget
from partnernet.exchange.incoming.placing import Placing
from partnernet.exchange.incoming.preview import without_names
from partnernet.exchange.incoming.reader import Bundle
from partnernet.exchange.incoming.stage import clear
from partnernet.exchange.model import APPLIED, LATER, WAITING, ImportBatch, StagedOp
from partnernet.network.model import OWN, setting
from partnernet.nodes import alarms, copies, known, leaving, network_list, quarantine, quotas

STEP, BYTES = 2_000, 4 << 20
"""Ops, and bytes of them, that are projected together."""
NO_FILES = Placing()

Progress = Callable[[int], None]

_op, _stage = OpRow.__table__.c, StagedOp.__table__.c
_COLUMNS = [column.name for column in OpRow.__table__.columns if column.name != "n"]
_AFTER = (
    select(_op.n, _op.node, _op.inc, _op.log, _op.seq, _op.id, _op.thing, _op.head, _op.body, _op.sig)
    .where(_op.n > bindparam("last"))
    .order_by(_op.n)
)
_EXTENT = select(_op.thing, func.min(_op.n), func.max(_op.n)).where(among(_op.thing, "things")).group_by(_op.thing)
"""Where the first and the last op of some things stand."""


def put_files(bundle: Bundle, files: Files, names: Collection[str]) -> None:
    """Put some files of a bundle in their places, before any row names them."""
    for name in bundle.blobs:
        if name not in names or files.has(name):
            continue
        with bundle.open(name) as stream:
            stored = files.store(stream, BLOB_LIMIT)
        if stored.sha256 != name:
            raise BadBundle(_("The attachment %(name)s is damaged: its hash is another one.", name=name))


def apply(
    session: Session,
    batch_id: str,
    node: Node,
    *,
    placing: Placing = NO_FILES,
    released: int = 0,
    progress: Progress = lambda count: None,
) -> dict[str, Any]:
    """Take a staged import into the ledger; the receipt. Nothing of it lasts before the commit.

    What became known or admitted since it was staged is seen again here. `placing`: what became of its files,
    which are in their places. `released` ops came in just before, from outside.
    """
    write(session)
    lock_ledger(session)
    make_room(session.connection())
    batch = session.get_one(ImportBatch, batch_id, populate_existing=True)
    if batch.state != WAITING:
        raise Conflict(_("This import is over; load the page again to see what became of it."))
    forget(session, batch_id)  # what was erased since it was staged is not written again, even for a moment
    may = allowed(session, batch_id, node)
    before = _last(session)
    _take_in(session, may, placing)
    names = leaving.leaving(session, before)
    copies.find_twins(session, _op.n > before, node.id)
    late, things_filled = _fill(session, batch_id, before)
    taken = _project_since(session, before, progress)
    for things in chunks(sorted(things_filled)):
        project(session, things, "import")
    leaving.forget_names(session, names)
    said = batch.header.get("have", {}) if batch.sender and may.welcome.takes(batch.sender, PUBLIC) else {}
    copies.compare(session, said, node.id)
    waiting, refused = _quarantine(session, may, placing)
    for server in sorted(batch.preview.get("over", {})):
        quarantine.tell(session, server if server != CROWD else None)
    released += (let := _follow(session, may, node))
    receipt = {
        "ops": taken + released,
        "late": late,
        "waiting": max(0, waiting - let),
        "later": batch.preview.get("later", 0),
        "known": batch.preview.get("known", 0),
        "refused": dict(Counter(batch.preview.get("refused", {})) + Counter({quarantine.TOO_MUCH: refused})),
        "files": len(placing.names),
        "left_out": placing.left_out.total(),
        **({set_back.SIGN: True} if set_back.is_set_back(session, node, before, said) else {}),
    }
    if batch.sender:
        known.call(session, batch.sender, shown_name(batch.header.get("from", {}).get("server")))
    clear(session, batch_id)
    batch.state, batch.ended, batch.receipt = APPLIED, now_ms(), receipt
    batch.preview = without_names(batch.preview)
    return receipt


def _last(session: Session) -> int:
    return session.scalar(select(func.coalesce(func.max(_op.n), 0))) or 0


def _take_in(session: Session, may: Allowed, placing: Placing) -> None:
    """Copy what is new; where an op came twice, and first without its body, `_fill` puts that right.

    The staged rows stay as they are: to change so many at once would take memory for each.
    """
    wanted = select(*(_stage[name] for name in _COLUMNS)).where(may.is_in)
    insert_selected(session, OpRow.__table__, _COLUMNS, wanted)
    quotas.note(session, may.taken, placing.by_node)
    for sender in sorted(placing.left_out):
        alarms.raise_alarm(session, alarms.FILES, sender)


def _fill(session: Session, batch: str, before: int) -> tuple[int, set[str]]:
    """Put bodies in the place of those that were missing; how many, and the things that this changes."""
    is_missing = or_(_op.n > before, select(Lacking.op).where(Lacking.op == _op.id).exists())
    late = (
        select(_stage.n, _stage.id, _stage.head, _stage.body, _stage.sig)
        .join(OpRow, _op.id == _stage.id)
        .where(_stage.batch == batch, _stage.body.is_not(None), _op.body.is_(None), is_missing)
        .order_by(_stage.n)
    )
    things: set[str] = set()
    count, last = 0, -1
    while rows := handful(session, late.where(_stage.n > last).limit(STEP), "body"):
        for row in rows:
            things |= log.fill(session, from_parts(row.id, row.head, row.body, row.sig))
            count += 1
        last = rows[-1].n
    return count, things


def _project_since(session: Session, before: int, progress: Progress) -> int:
    """Note and project every op after a row number, each thing once only: where its last op stands."""
    taken, last = 0, before
    while rows := _after(session, last):
        first, last = last + 1, rows[-1][0]
        log.note_held(session, [row[1:6] for row in rows])
        found: dict[str, list[Op]] = {}
        for _n, _node, _inc, _log, _seq, op_id, thing, head, body, sig in rows:
            found.setdefault(thing, []).append(from_parts(op_id, head, body, sig))
        for thing, begins, ends in session.execute(_EXTENT, {"things": list(found)}).all():
            if ends > last:
                del found[thing]
            elif begins < first:
                found[thing].clear()
        project(session, found, "import", found={thing: ops for thing, ops in found.items() if ops})
        taken += len(rows)
        progress(len(rows))
    return taken


def _after(session: Session, last: int) -> list[tuple[Any, ...]]:
    """The next ops past a row number, as `_AFTER` has them: as many as memory holds easily."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    with session.execute(_AFTER.limit(STEP), {"last": last}, execution_options={"yield_per": FETCHED}) as found:
        for row in found:
            rows.append(tuple(row))
            size += len(row[-3]) + len(row[-2] or b"")
            if size >= BYTES:
                break
    return rows


def _quarantine(session: Session, may: Allowed, placing: Placing) -> tuple[int, int]:
    """Keep outside what does not come in; how much that is, and for how much there was no room."""
    room, kept, refused, last, now = quarantine.Room(session), 0, 0, -1, now_ms()
    while rows := waiting_of(session, may, last):
        over = quarantine.keep(session, list(_lines(rows, now, placing)), room)
        kept, refused, last = kept + len(rows) - over, refused + over, rows[-1].n
    return kept, refused


def _follow(session: Session, may: Allowed, node: Node) -> int:
    """Do what the network's newest list says; how many ops that had waited are in by that.

    Where anything came along that the network's key may have signed, all that waits of that sort is looked at
    again: what was signed with a new key counts as soon as the handover to that key is here.
    """
    of_network = (_stage.thing == setting(session, OWN)) & _stage.kind.in_(VOUCHED)
    came = session.scalar(select(_stage.n).where(_stage.batch == may.batch, of_network).limit(1))
    taken = network_list.take_signed(session) if came is not None else 0
    return taken + network_list.follow(session, node).released


def _lines(rows: Sequence[Any], now: int, placing: Placing) -> Iterator[dict[str, Any]]:
    for row in rows:
        line = row.head if row.verdict == LATER else join(row.id, row.head, row.body, row.sig)
        network = row.thing if row.kind in VOUCHED else None
        files = placing.waiting[row.id]
        yield {"id": row.id, "node": row.node, "line": line, "since": now, "network": network, "files": files}
