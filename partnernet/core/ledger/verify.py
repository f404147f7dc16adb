"""Whether what is stored is as it should be: each op by itself, and every projected row by the ops.

All ops are replayed through the same projection into a scratch database beside, and each row of each
table is compared with what came of that, a few hundred at a time, so that memory does not grow.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from partnernet.core.db import CHUNK, commit, write
from partnernet.core.engine import open_engine
from partnernet.core.entry import Attachment, Entry, Mark, Membership, Revocation
from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical
from partnernet.core.ledger import op as ops
from partnernet.core.ledger.aggregate import refresh
from partnernet.core.ledger.compare import Findings, compare, pages
from partnernet.core.ledger.fold import VOUCHED
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.log import note_held, row_of
from partnernet.core.ledger.newly_known import all_things
from partnernet.core.ledger.op import Op, UnknownVersion
from partnernet.core.ledger.project import project
from partnernet.core.ledger.tables import Have, Lacking, OpRow, Quarantined, Touched

Progress = Callable[[int, int], None]
"""Told how many ops of how many are checked."""

CAUSES = ("local", "import", "replay")
BATCHES_A_COMMIT = 50

_op, _touched, _entry = OpRow.__table__.c, Touched.__table__.c, Entry.__table__.c


def verify(session: Session, node_id: str, progress: Progress | None = None) -> list[str]:
    """What is not as it should be, in plain sentences; empty where all is well."""
    findings = Findings()
    with _scratch() as scratch:
        _replay_ops(session, scratch, findings, progress or (lambda done, total: None))
        _derive(scratch)
        _check_erased(session, scratch, findings)
        _check_touched(session, scratch, findings)
        _date_arrivals(session, scratch)
        for table in projected_tables():
            compare(session, scratch, table, findings)
    _check_quarantine(session, node_id, findings)
    return findings.sentences


def projected_tables() -> list[Table]:
    """Every table whose rows follow from the ops."""
    sides = {kind.table.name: kind.table for kind in KINDS.values() if kind.table is not None}
    return [
        *(_table(model) for model in (Have, Entry, Mark, Attachment, Membership, Revocation, Lacking)),
        *sides.values(),
    ]


# -- the scratch database --------------------------------------------------------------------------


@contextmanager
def _scratch() -> Iterator[Session]:
    """An empty database in a file of its own, which is gone afterwards."""
    with TemporaryDirectory(prefix="partnernet-verify-", ignore_cleanup_errors=True) as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'scratch.db'}")
        try:
            with engine.connect().execution_options(writes=True) as connection:
                for table in (_table(OpRow), _table(Touched), *projected_tables()):
                    table.create(connection)
                connection.commit()
            with Session(engine, expire_on_commit=False) as session:
                write(session)
                yield session
        finally:
            engine.dispose()


def _replay_ops(session: Session, scratch: Session, findings: Findings, progress: Progress) -> None:
    """Check each op by itself, and put those that are whole into the scratch database."""
    total, done = session.execute(select(func.count()).select_from(_table(OpRow))).scalar_one(), 0
    for n, page in enumerate(pages(session, _table(OpRow), findings)):
        whole = [found for row in page if (found := _checked(row, findings)) is not None]
        if whole:
            scratch.execute(insert(_table(OpRow)), [row_of(some) for some in whole])
            note_held(scratch, ((o.node, str(o.h["inc"]), o.log, int(o.h["seq"]), o.id) for o in whole))
        done += len(page)
        progress(done, total)
        _commit_now_and_then(scratch, n)


def _checked(row: Mapping[str, Any], findings: Findings) -> Op | None:
    """The op of a row; None where it is not what its author signed."""
    try:
        found = ops.read(ops.join(row["id"], row["head"], row["body"], row["sig"]))
        ops.check_signature(found)
    except BadBundle as error:
        findings.add(f"op {row['id']}: {error.sentence}")
        return None
    for name, value in row_of(found).items():
        if row[name] != value:
            findings.add(f"op {row['id']}: its column {name} does not say what its header says.")
    return found


def _derive(scratch: Session) -> None:
    for n, things in enumerate(all_things(scratch), 1):
        project(scratch, things, "replay")
        _commit_now_and_then(scratch, n)


def _commit_now_and_then(scratch: Session, n: int) -> None:
    if n % BATCHES_A_COMMIT == 0:
        commit(scratch)
        write(scratch)


# -- what is not a row by row comparison -----------------------------------------------------------


def _check_erased(session: Session, scratch: Session, findings: Findings) -> None:
    """Report the ops whose bodies are still here although they were redacted."""
    last = ""
    bare = select(_op.id).where(_op.body.is_(None)).order_by(_op.id).limit(CHUNK)
    while ids := scratch.scalars(bare.where(_op.id > last)).all():
        for op_id in session.scalars(select(_op.id).where(_op.id.in_(ids), _op.body.is_not(None))):
            findings.add(f"op {op_id}: it was redacted, and its words are still here.")
        last = ids[-1]


def _check_touched(session: Session, scratch: Session, findings: Findings) -> None:
    """Check each note of a change, and copy them over: they tell when an entry arrived."""
    scratch.execute(_table(Touched).delete())
    expected = None
    for n, page in enumerate(pages(session, _table(Touched), findings)):
        wanted = [row["op"] for row in page if row["op"] is not None]
        things = {row.id: row.thing for row in scratch.execute(select(_op.id, _op.thing).where(_op.id.in_(wanted)))}
        for row in page:
            where = f"touched {row['position']}"
            if expected is not None and row["position"] != expected:
                findings.add(f"{where}: the positions before it are not without gaps.")
            expected = row["position"] + 1
            if row["op"] is not None and things.get(row["op"], "").partition("/")[0] != row["entity"]:
                findings.add(f"{where}: it names an op and an entity that do not belong together.")
            if row["cause"] not in CAUSES:
                findings.add(f"{where}: it names a cause that there is not.")
        scratch.execute(insert(_table(Touched)), [dict(row) for row in page])
        _commit_now_and_then(scratch, n)


def _date_arrivals(session: Session, scratch: Session) -> None:
    """Set in the scratch database when each entry arrived: where `touched` first speaks of it.

    Marks may touch an entry before it is here. An entry older than the oldest note is taken at its word.
    """
    oldest = session.execute(select(func.min(_touched.position))).scalar_one() or 0
    scratch.execute(text("create index scratch_touched on touched (entity)"))
    first = (
        select(func.min(_touched.position))
        .join(_table(OpRow), _op.id == _touched.op)
        .where(_touched.entity == _entry.id, _op.kind != "mark")
    )
    scratch.execute(update(_table(Entry)).values(arrived=func.coalesce(first.scalar_subquery(), 0)))
    last = ""
    while ids := scratch.scalars(select(_entry.id).where(_entry.id > last).order_by(_entry.id).limit(CHUNK)).all():
        early = select(_entry.id, _entry.arrived).where(_entry.id.in_(ids), _entry.arrived < oldest, _entry.arrived > 0)
        for entry, arrived in session.execute(early):
            scratch.execute(update(_table(Entry)).where(_entry.id == entry).values(arrived=arrived))
        last = ids[-1]
    last = ""
    while ids := scratch.scalars(select(_entry.id).where(_entry.id > last).order_by(_entry.id).limit(CHUNK)).all():
        refresh(scratch, ids)
        last = ids[-1]


def _check_quarantine(session: Session, node_id: str, findings: Findings) -> None:
    """Check that what waits outside is filed under its own id and node, and that none of it is ours."""
    for page in pages(session, _table(Quarantined), findings):
        for row in page:
            try:
                op_id, node, network = _names(row["line"])
            except (BadBundle, KeyError, TypeError, ValueError):
                findings.add(f"quarantine {row['id']}: its line cannot be read.")
                continue
            if (op_id, node, network) != (row["id"], row["node"], row["network"]):
                findings.add(f"quarantine {row['id']}: it is filed under an id or node that its line does not have.")
            if node == node_id:
                findings.add(f"quarantine {row['id']}: it is an op of this very node.")


def _names(line: bytes) -> tuple[str, str, str | None]:
    """The id, the node and the network under which a line waits; what is not understood yet, under its own hash."""
    try:
        found = ops.read(line)
        return found.id, found.node, found.thing if found.kind in VOUCHED else None
    except UnknownVersion:
        own_hash = canonical.to_base32(sha256(line).digest())
        return own_hash, orjson.loads(line)["h"]["node"], None


def _table(model: Any) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every declared class has one
    return table
