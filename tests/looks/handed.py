"""What stewards meet in the exchange beside an import that waits: every other state, big numbers and long names."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from partnernet.core.db import commit, db, write
from partnernet.core.ledger.erasures import ERASURES_LIMIT
from partnernet.core.ledger.tables import KnownNode
from partnernet.core.time import now_ms
from partnernet.exchange.log import handovers
from partnernet.exchange.model import APPLIED, BY_FILE, BY_WIRE, SET_ASIDE, TURNED_AWAY, WAITING, ImportBatch
from partnernet.nodes import known
from partnernet.nodes.card import NAME_LIMIT
from tests.exchange.places import Place
from tests.looks.unwieldy import ARABIC, LONG
from tests.matrix.cast import Visitor

AT = 1_780_000_000_000
MANY = 98_765_432
PART = 200_000
"""Bytes, so that there are several."""
STRANGERS = (("r" * 52, ARABIC), ("l" * 52, (4 * LONG)[:NAME_LIMIT]))
_COUNTS = {"known": 0, "ops": 0, "late": 0, "changed": 0, "conflicts": 0, "redactions": 0, "erases": 0, "later": 0}
_EMPTY = {
    **_COUNTS, "new": {}, "waiting": {}, "refused": {}, "outside": {}, "people": {"names": [], "count": 0},
    "files": {"new": 0, "bytes": 0}, "erases_waiting": 0,
}  # fmt: skip
_MANY = {
    **dict.fromkeys(_COUNTS, MANY), "new": dict.fromkeys(("reply", "idea", "a_kind_of_later", "person"), MANY),
    "waiting": {key: MANY for key, _ in STRANGERS}, "refused": {f"{LONG} {LONG}": MANY}, "outside": {},
    "people": {"names": [LONG, ARABIC], "count": MANY}, "files": {"new": MANY, "bytes": 60 << 30}, "erases_waiting": 1,
}  # fmt: skip
_RECEIPT = {"ops": MANY, "late": MANY, "files": MANY, "known": MANY, "waiting": 0, "refused": {LONG: MANY}}
BATCHES = {
    "applied": (APPLIED, "", _EMPTY, _RECEIPT),
    "waits outside": (APPLIED, "", _MANY, {**_RECEIPT, "waiting": MANY}),
    "set aside": (SET_ASIDE, "", _EMPTY, {}),
    "refused": (TURNED_AWAY, f"The line 3 is bad. {LONG}", {}, {}),
    "held": (WAITING, f"It would erase {MANY:,} entries. {LONG}", _EMPTY, {}),
    "big numbers": (WAITING, "", _MANY, {}),
}
"""State, why it is held, preview and receipt."""


def hand_over(app: Flask, steward: Visitor, folder: Path) -> dict[str, str]:
    """Put all of it into a node; where each is to be seen, by what it is."""
    browser = steward.browser(app)
    with app.app_context():
        found = dict(_batches())
        for key, _name in STRANGERS:
            found[f"the log of {key[0]}"] = f"/exchange/log?server={key}"
            found[f"the server {key[0]}"] = f"/exchange/servers/{key}"
    found |= _changes(app, browser, folder)
    found["several files"] = _parts(browser)
    return found


def _batches() -> Iterator[tuple[str, str]]:
    """Imports in every state, from servers with names that fit nowhere, and lines of the log about much."""
    session = db.session()
    write(session)
    known.hear_of(session, [key for key, _ in STRANGERS])
    for key, name in STRANGERS:
        session.get_one(KnownNode, key).name = name
    for number, (name, (state, hold, preview, receipt)) in enumerate(BATCHES.items()):
        key, called = (*STRANGERS, ("s" * 52, LONG[::-1]))[number % 3]
        sender = {"node": key, "network": LONG, "server": called}
        session.add(ImportBatch(
            id="abcdefghij"[number] * 16, name=f"{LONG}.pn.zip", state=state, started=now_ms(), by="node", sender=key,
            header={"from": sender, "note": ARABIC, "left_out": [{"what": LONG, "why": ARABIC, "count": MANY}]},
            ended=None if state == WAITING else now_ms(), preview=preview, receipt=receipt, hold=hold,
            way=BY_WIRE if hold else BY_FILE,
        ))  # fmt: skip
        yield f"an import, {name}", f"/exchange/imports/{'abcdefghij'[number] * 16}"
    for key, name in STRANGERS:
        handovers.note(
            session, by="node", to=key, way="file", form=".pn.zip", name=f"{name}.pn.zip", selection={},
            counts={"ops": MANY, "parts": MANY}, held={}, size=60 << 30, at=AT,
        )  # fmt: skip
        handovers.note(
            session, by="node", to=key, way="wire", form="wire", name="", selection={},
            counts={"ops": MANY, "first": AT - 3_600_000}, held={}, size=60 << 30, at=AT,
        )  # fmt: skip
    commit(session)


def _changes(app: Flask, browser: FlaskClient, folder: Path) -> dict[str, str]:
    """An import that changes, removes, brings versions that stand side by side, and erases much of others."""
    hall, barge = Place(folder / "hall"), Place(folder / "barge")
    try:
        josie, bo = hall.person("Josie Calder"), barge.person(ARABIC)
        talks = [hall.write(josie, f"Said {number}", body="A.\n\nB.\n\nC.") for number in range(ERASURES_LIMIT + 3)]
        barge.take(hall.export("first.pn.zip"))
        _let_in(browser, hall, _upload(browser, hall.export("first.pn.zip")))
        _let_in(browser, barge, _upload(browser, barge.export("cards.pn.zip")))
        hall.edit(josie, talks[0].id, summary="We meet on Monday.")
        _take(browser, _upload(browser, hall.export("second.pn.zip")))
        barge.edit(bo, talks[0].id, summary=f"We meet on Tuesday, {LONG}.")
        barge.edit(bo, talks[1].id, summary=ARABIC)
        for talk in talks[2:]:
            barge.redact(bo, talk.id)
        waits = _upload(browser, barge.export("third.pn.zip"))
        return {"an import with changes": waits}
    finally:
        hall.close()
        barge.close()


def _upload(browser: FlaskClient, path: Path) -> str:
    given = {"bundle": (io.BytesIO(path.read_bytes()), path.name)}
    answer = browser.post("/exchange/imports", data=given)
    assert answer.status_code == 303, answer.text
    return answer.location


def _take(browser: FlaskClient, address: str) -> None:
    assert browser.post(f"{address}/apply").status_code == 303


def _let_in(browser: FlaskClient, place: Place, address: str) -> None:
    _take(browser, address)
    answer = browser.post(f"/exchange/servers/{place.node.id}/admission", data={"writes": "everything"})
    assert answer.status_code == 303, answer.text


def _parts(browser: FlaskClient) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("partnernet.exchange.outgoing.views.read_size", lambda given: PART)
        answer = browser.post("/exchange/export", data={"size": "18M"})
    assert answer.status_code == 303, answer.text
    return answer.location
