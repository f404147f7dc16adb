"""Nobody can speak for somebody else: what was not signed by its own server is refused, with the line."""

from typing import Any

import orjson
import pytest

from partnernet.core.errors import BadBundle
from tests.exchange.places import Place, changed, lines_of, resigned, write_lines


def said_of(barge: Place, *lines: bytes) -> str:
    path = write_lines(barge.folder / "forged.pn.jsonl", lines)
    before = barge.dump()
    with pytest.raises(BadBundle) as caught:
        barge.take(path)
    assert barge.dump() == before
    return caught.value.sentence


def a_line(hall: Place) -> bytes:
    return next(line for line in lines_of(hall.export("out.pn.jsonl")) if b"Open to all" in line)


@pytest.mark.parametrize(
    "change",
    [{"by": "p" + "a" * 26}, {"log": "network"}, {"seq": 99}, {"ts": 1}, {"kind": "news"}, {"node": "a" * 52},
     {"root": "b" * 52}, {"extra": True}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_changed_header_does_not_fit_its_id(hall: Place, barge: Place, change: dict[str, Any]) -> None:
    line = a_line(hall)
    said = said_of(barge, changed(line, h={**orjson.loads(line)["h"], **change}))
    assert "line 1 is bad" in said and "id of a statement does not belong" in said


def test_a_changed_text_does_not_fit_its_hash(hall: Place, barge: Place) -> None:
    line = a_line(hall)
    body = orjson.loads(line)["b"]
    assert "text of a statement has been altered" in said_of(
        barge, changed(line, b={**body, "set": {"title": "Closed"}})
    )


def test_what_one_server_signs_in_the_name_of_another_is_refused(hall: Place, barge: Place) -> None:
    forged = resigned(barge.node, a_line(hall), by="p" + "a" * 26)
    assert orjson.loads(forged)["h"]["node"] == hall.node.id
    assert "not by the server that it names" in said_of(barge, forged)


def test_a_signature_of_another_op_is_refused(hall: Place, barge: Place) -> None:
    lines = lines_of(hall.export("out.pn.jsonl"))
    said = said_of(barge, lines[0], changed(lines[1], sig=orjson.loads(lines[2])["sig"]))
    assert "line 2 is bad" in said and "signature" in said


def test_a_known_op_with_a_broken_signature_is_refused_too(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.jsonl"))
    line = a_line(hall)
    assert "signature" in said_of(barge, changed(line, sig="a" * 103))


def test_a_text_that_was_taken_out_on_the_way_takes_nothing_away(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.jsonl"))
    before = barge.dump()
    assert barge.take(write_lines(barge.folder / "stripped.pn.jsonl", [changed(a_line(hall), b=None)])) is None
    assert barge.dump() == before
