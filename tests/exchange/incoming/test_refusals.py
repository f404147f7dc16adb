"""What was refused stands in the log with its reason, once a day, and never fills it."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from partnernet.core.db import db
from partnernet.core.errors import BadBundle
from partnernet.core.policy import STEWARD
from partnernet.exchange.incoming import refusals
from partnernet.exchange.model import BY_WIRE, TURNED_AWAY, ImportBatch
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place


def refuse(place: Place, name: str, why: str, **more: Any) -> None:
    with pytest.raises(BadBundle, match=why), refusals.noted(place.session, name=name, by="node", **more):
        raise BadBundle(why)


def log(place: Place) -> list[ImportBatch]:
    refused = (
        select(ImportBatch).where(ImportBatch.state == TURNED_AWAY).order_by(ImportBatch.started, ImportBatch.name)
    )
    return list(place.session.scalars(refused))


def test_the_same_again_is_one_line_and_something_else_is_another(barge: Place) -> None:
    for _ in range(3):
        refuse(barge, "a.pn.zip", "It is cut off.")
    refuse(barge, "a.pn.zip", "It is no zip.")
    refuse(barge, "a.pn.zip", "It is cut off.", way=BY_WIRE, sender="a" * 52)
    assert sorted((batch.hold, batch.way) for batch in log(barge)) == [
        ("It is cut off.", "file"), ("It is cut off.", "wire"), ("It is no zip.", "file"),
    ]  # fmt: skip


def test_older_refusals_make_room(barge: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "KEPT", 3)
    times = iter(range(1_000, 2_000))
    monkeypatch.setattr(refusals, "now_ms", lambda: next(times))
    for number in range(6):
        refuse(barge, f"{number}.pn.zip", "It is cut off.")
    assert [batch.name for batch in log(barge)] == ["3.pn.zip", "4.pn.zip", "5.pn.zip"]


def test_what_is_no_refusal_of_a_bundle_is_not_noted(barge: Place) -> None:
    with pytest.raises(ValueError, match="odd"), refusals.noted(barge.session, name="x", by="node"):
        raise ValueError("odd")
    assert log(barge) == []


def test_a_steward_reads_why_on_the_page_of_the_exchange(pier: Server) -> None:
    steward: FlaskClient = pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)
    data = {"bundle": (io.BytesIO(b"hello\n"), "broken.pn.jsonl")}
    assert steward.post("/exchange/imports", data=data, content_type="multipart/form-data").status_code == 422
    page = steward.get("/exchange")
    assert "broken.pn.jsonl" in words(page) and "line 1 is bad. A line is not JSON." in words(page)
    batch = pier.inside(lambda: db.session.scalar(select(ImportBatch.id)))
    shown = words(steward.get(f"/exchange/imports/{batch}"))
    assert "Why it was refused" in shown and "A line is not JSON." in shown
    assert "Take it in" not in shown and "Nothing of it was taken in." in shown
