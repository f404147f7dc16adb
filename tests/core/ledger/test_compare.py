"""The rows of a table, as many at a time as memory holds easily."""

import pytest

from partnernet.core.db import table_of
from partnernet.core.entry import Entry
from partnernet.core.ledger import compare
from partnernet.core.ledger.compare import Findings, pages
from partnernet.core.ledger.tables import OpRow
from partnernet.core.ledger.verify import verify
from tests.laws.place import Place


@pytest.mark.parametrize(("limit", "counts"), [(1 << 20, [5]), (5_000, [2, 2, 1]), (1, [1] * 5)])
def test_large_rows_are_read_a_few_at_a_time(
    node: Place, monkeypatch: pytest.MonkeyPatch, limit: int, counts: list[int]
) -> None:
    written = [node.write("testpage", "network", {"set": {"body": "x" * 2_000}}).id for _ in range(5)]
    monkeypatch.setattr(compare, "BYTES", limit)
    for table in (table_of(OpRow), table_of(Entry)):
        findings = Findings()
        found = list(pages(node.session, table, findings))
        assert [len(page) for page in found] == counts
        assert sorted(row["id"] for page in found for row in page) == sorted(written)
        assert findings.sentences == []
    assert verify(node.session, node.node.id) == []
