"""Lines are held against what is stored under their ids, however long that is."""

import tracemalloc

import pytest

from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.incoming.stage import stage
from tests.exchange.places import Place, changed, lines_of, write_lines

COUNT, LENGTH = 30, 100_000


@pytest.mark.parametrize("admitting", [True, False], ids=["in the ledger", "outside"])
def test_lines_without_their_long_texts_are_held_against_them_unread(
    hall: Place, barge: Place, admitting: bool
) -> None:
    ada = hall.person("Ada Quill")
    hall.append_many(ada, "idea", ({"title": f"Idea {n}", "body": "x" * LENGTH} for n in range(COUNT)))
    lines = lines_of(hall.export("all.pn.jsonl"))
    barge.take(write_lines(barge.folder / "all.pn.jsonl", lines), admitting=None if admitting else ())
    path = write_lines(barge.folder / "bare.pn.jsonl", [changed(line, b=None) for line in lines])
    tracemalloc.start()
    try:
        with open_bundle(path) as bundle:
            batch = stage(barge.session, bundle, barge.node, barge.files, name="bare", by="node")
        _size, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert batch.preview["ops"] == 0 and batch.preview["late"] == 0
    assert most < COUNT / 2 * LENGTH
