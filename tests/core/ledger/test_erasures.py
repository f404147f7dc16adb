"""The file of erasures: whole ops, each once, however often and wherever writing it was cut off."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import erasures
from partnernet.core.ledger.log import append
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import OpRow
from partnernet.entries import model
from tests.factories import actor_of, make_account, make_entry, own_node


def erase(session: Session, count: int = 1) -> list[str]:
    """Erase some entries; the ids of what was said about it."""
    josie = make_account(session, f"Josie {count}")
    for n in range(count):
        model.erase(session, make_entry(session, josie, title=f"Entry {n}"), by=actor_of(session, josie))
        commit(session)
    ids = session.scalars(select(OpRow.id).where(OpRow.kind == "redact").order_by(OpRow.n.desc()).limit(count))
    return list(ids)[::-1]


def held(folder: Path) -> Sequence[str]:
    return [op.id for op in erasures.recorded(folder)]


def last(session: Session) -> int:
    return session.scalars(select(func.max(OpRow.n))).one()


def test_each_is_copied_once_and_in_order(session: Session, tmp_path: Path) -> None:
    first = erase(session, 3)
    assert erasures.record(session, tmp_path, 0) == 3
    so_far = last(session)
    more = erase(session, 2)
    assert erasures.record(session, tmp_path, so_far) == 2
    assert erasures.record(session, tmp_path, 0, known=held(tmp_path)) == 0
    assert held(tmp_path) == [*first, *more]


def test_more_than_are_read_at_a_time(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasures, "STEP", 2)
    ids = erase(session, 5)
    assert erasures.record(session, tmp_path, 0) == 5 and held(tmp_path) == ids


@pytest.mark.parametrize("stretch", [7, 64 << 10])
def test_a_line_that_was_cut_off_is_written_again(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    monkeypatch.setattr(erasures, "STRETCH", stretch)
    ids = erase(session, 2)
    erasures.record(session, tmp_path, 0)
    file = tmp_path / erasures.FILE
    whole = file.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2 + 40, 30, 0):
        file.write_bytes(whole[:length])
        known = held(tmp_path)
        assert known == ids[: len(known)]
        erasures.record(session, tmp_path, 0, known if whole[:length].count(b"\n") == len(known) else known[:-1])
        assert held(tmp_path) == ids and file.read_bytes() == whole


def test_what_cannot_be_trusted_is_left_out(session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (op_id,) = erase(session)
    erasures.record(session, tmp_path, 0)
    (op,) = erasures.recorded(tmp_path)
    forged = op._replace(sig=bytes(64)).line
    file = tmp_path / erasures.FILE
    file.write_bytes(b"\n{}\n" + forged + b"\n" + b"x" * 3_000_000 + b"\n\xff\n" + op.line + b"\n")
    assert held(tmp_path) == [op_id]
    assert caplog.text.count(erasures.FILE) >= 5


def test_what_a_steward_relied_on_goes_before(session: Session, tmp_path: Path) -> None:
    node, entry = NodeItself(own_node()), make_entry(session, make_account(session))
    names = append(session, node, "membership", "public", {"doc": {}})
    for op_id in (names.id, names.id, "q" * 52):
        append(session, node, "redact", entry.log, {}, ent=entry.id, par=entry.heads, mem=op_id)
    commit(session)
    erasures.record(session, tmp_path, 0)
    assert [op.kind for op in erasures.recorded(tmp_path)] == ["membership", "redact", "redact", "redact"]


def test_where_nothing_was_erased_there_is_an_empty_file(session: Session, tmp_path: Path) -> None:
    assert not erasures.is_recorded(tmp_path) and held(tmp_path) == []
    assert erasures.record(session, tmp_path, 0) == 0
    assert erasures.is_recorded(tmp_path) and held(tmp_path) == []
