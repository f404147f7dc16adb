"""Rows are read as many at a time as memory holds easily, however large each of them is."""

import pytest
from sqlalchemy import select

from partnernet.core import handful as module
from partnernet.core.db import db, insert_rows, table_of, write
from partnernet.core.handful import handful
from partnernet.core.ledger.tables import Quarantined


@pytest.mark.parametrize(
    ("sizes", "count"), [([], 0), ([1] * 40, 40), ([50, 49, 1, 1], 3), ([1_000, 1], 1), ([99] * 40, 2)]
)
def test_a_handful_is_full_where_its_bytes_are(
    app, monkeypatch: pytest.MonkeyPatch, sizes: list[int], count: int
) -> None:
    monkeypatch.setattr(module, "BYTES", 100)
    write()
    rows = [
        {"id": f"{n:052}", "node": "n" * 52, "line": b"x" * size, "since": 0, "network": None, "files": 0}
        for n, size in enumerate(sizes)
    ]
    insert_rows(db.session(), table_of(Quarantined), rows)
    wanted = select(Quarantined.id, Quarantined.line, Quarantined.network).order_by(Quarantined.id)
    found = handful(db.session(), wanted, "line", "network")
    assert [row.id for row in found] == [row["id"] for row in rows[:count]]
