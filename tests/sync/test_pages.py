"""A page is filled with as many statements as fit, and few more are read for it."""

import tracemalloc

import pytest

from partnernet.core.ledger.ranges import Ranges
from partnernet.sync import pages
from partnernet.sync.pages import Page
from tests.laws.place import LOGS, START, place
from tests.laws.world import forged

COUNT, LENGTH = 100, 50_000


@pytest.mark.parametrize("by", ["number", "id"])
def test_long_texts_that_do_not_fit_are_not_read(by: str) -> None:
    node = place("node0").empty()
    made = forged(node.person, {"kind": "testpage"}, {"set": {"body": "x" * LENGTH}})
    edits = [
        forged(node.person, {"ent": made.id, "ts": START + n, "seq": n + 2}, {"set": {"body": "y" * LENGTH}})
        for n in range(COUNT)
    ]
    node.receive([made, *edits])
    wanted = {f"{made.node}/{made.h['inc']}/{made.log}": Ranges().add(*range(1, COUNT + 2))}
    ids = [op.id for op in edits]
    del edits
    tracemalloc.start()
    try:
        page = Page(room=3 * LENGTH)
        if by == "number":
            pages.fill(node.session, page, wanted)
        else:
            pages.fill_by_id(node.session, page, ids, LOGS)
        _size, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(page.lines) == 2 and page.is_cut
    assert most < COUNT / 2 * LENGTH
