"""The log in plain words: how much came in."""

from typing import Any

import pytest

from partnernet.core.db import write
from partnernet.core.time import now_ms
from partnernet.exchange.log.book import lines
from partnernet.exchange.model import APPLIED, BY_WIRE, ImportBatch
from tests.exchange.places import Place


@pytest.mark.parametrize(
    ("preview", "receipt", "said"),
    [
        ({}, {"ops": 410, "waiting": 1}, "410 things, 1 waiting"),
        ({}, {"ops": 0, "waiting": 1}, "1 waiting"),
        ({}, {"ops": 0, "waiting": 0}, "0 things"),
        ({"new": {"note": 3}, "changed": 2}, {"ops": 6, "waiting": 1}, "3 new, 2 changed, 1 waiting"),
        ({"new": {"note": 3}, "changed": 2}, {"ops": 0, "waiting": 0}, "0 things"),
    ],
)
def test_how_much_came_in_is_how_much_it_was(
    preview: dict[str, Any], receipt: dict[str, Any], said: str, hall: Place, barge: Place
) -> None:
    write(barge.session)
    now = now_ms()
    barge.session.add(
        ImportBatch(
            id="a" * 16, name="", state=APPLIED, started=now, ended=now, by="node", sender=hall.node.id, header={},
            preview=preview, receipt=receipt, way=BY_WIRE,
        )
    )  # fmt: skip
    barge.session.flush()
    (line,), _following = lines(barge.session, barge.node, None)
    assert line.said.endswith(f" over the internet: {said}.")
