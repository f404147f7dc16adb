"""Importing: wholly in or wholly out, with those outside who were not let in."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from partnernet.core import handful
from partnernet.core.db import commit, write
from partnernet.core.errors import Conflict
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import PREFIX
from partnernet.core.ledger.project import project as really_project
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.core.time import now_ms
from partnernet.exchange.incoming import apply as apply_module
from partnernet.exchange.incoming import preview
from partnernet.exchange.incoming import stage as stage_module
from partnernet.exchange.incoming.apply import apply
from partnernet.exchange.model import APPLIED, SET_ASIDE, STAGING, WAITING, ImportBatch, StagedOp
from partnernet.exchange.sentences import of_preview, of_receipt
from partnernet.nodes import admit as admission
from partnernet.nodes import quarantine
from partnernet.nodes.admit import admit
from partnernet.nodes.known import servers
from tests.exchange.places import Place, changed, lines_of, resigned, write_lines


class Crash(BaseException):
    """The power goes."""


# -- who is let in ---------------------------------------------------------------------------------


def test_what_an_unknown_server_wrote_waits_outside_the_set(hall: Place, barge: Place) -> None:
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and receipt["ops"] == 0 and receipt["waiting"] == 9
    assert barge.titles() == [] and barge.have() == {}
    (server,) = servers(barge.session)
    assert (server.key, server.node.admitted, server.waiting) == (hall.node.id, False, 9)
    assert barge.export("out.pn.jsonl").read_bytes() == b""


def test_a_second_import_of_what_waits_changes_nothing(hall: Place, barge: Place) -> None:
    out = hall.export("out.pn.zip")
    barge.take(out, admitting=())
    before = barge.dump()
    assert barge.take(out, admitting=()) is None
    assert barge.dump() == before


def test_admitting_a_server_lets_in_what_waited(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.zip"), admitting=())
    assert admit(barge.session, [hall.node.id]) == 9
    commit(barge.session)
    assert barge.titles() == hall.titles() and barge.have() == hall.have()
    assert barge.session.scalars(select(Quarantined)).all() == []
    hall.write(hall.person("Ash Ferreira"), "Next")
    receipt = barge.take(hall.export("next.pn.zip"), admitting=())
    assert receipt and receipt["ops"] == 2 and receipt["waiting"] == 0


def test_large_lines_wait_and_come_in_a_few_at_a_time(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    together: list[int] = []
    monkeypatch.setattr(handful, "BYTES", 1)  # as if each were larger than memory holds easily
    for module, name in ((quarantine, "keep"), (admission, "receive")):
        done = getattr(module, name)
        monkeypatch.setattr(
            module,
            name,
            lambda session, some, *more, done=done: together.append(len(some)) or done(session, some, *more),
        )
    barge.take(hall.export("out.pn.zip"), admitting=())
    write(barge.session)
    admit(barge.session, [hall.node.id])
    commit(barge.session)
    assert together == [1] * 18 and barge.have() == hall.have()


def test_a_server_admitted_while_an_import_waits_comes_in_with_it(hall: Place, barge: Place) -> None:
    batch = barge.stage(hall.export("out.pn.jsonl"))
    admit(barge.session, [hall.node.id])
    commit(barge.session)
    receipt = apply(barge.session, batch.id, barge.node)
    commit(barge.session)
    assert receipt["ops"] == 9 and barge.have() == hall.have()


def test_handing_a_bundle_over_grants_nothing(hall: Place, barge: Place, place: Callable[[str], Place]) -> None:
    lock = place("lock")
    barge.write(barge.person("Bo Lindqvist"), "From the barge")
    barge.take(hall.export("out.pn.zip"))
    receipt = lock.take(barge.export("both.pn.zip"), admitting=[barge.node.id])
    assert receipt and receipt["waiting"] == 9 and lock.titles() == ["From the barge"]


def test_an_op_of_a_later_format_waits_unread(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.jsonl"))
    line = later_version(hall)
    path = write_lines(barge.folder / "later.pn.jsonl", [line])
    receipt = barge.take(path)
    assert receipt and (receipt["ops"], receipt["waiting"], receipt["later"]) == (0, 1, 1)
    assert of_receipt(receipt) == ["In a newer format: 1 statement, until an update."]
    assert [row.line for row in barge.session.scalars(select(Quarantined))] == [line]
    assert barge.have() == hall.have()


def test_that_an_op_is_of_a_later_format_is_not_said_of_its_server(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.jsonl"))
    batch = barge.stage(write_lines(barge.folder / "later.pn.jsonl", [later_version(hall)]))
    assert batch.preview["waiting"] == {} and stage_module.has_news(batch)
    assert of_preview(batch.preview) == ["In a newer format: 1 statement, until an update."]


def later_version(hall: Place) -> bytes:
    line = lines_of(hall.export("out.pn.jsonl"))[-1]
    return changed(line, h={**orjson.loads(line)["h"], "v": 2, "colour": "blue"})


def test_what_belongs_to_a_circle_is_left_out_with_its_reason(hall: Place, barge: Place) -> None:
    line = next(line for line in lines_of(hall.export("out.pn.jsonl")) if b"Open to all" in line)
    inside = resigned(hall.node, line, log="circle:" + "c" * 52)
    path = write_lines(barge.folder / "circle.pn.jsonl", [inside, line])
    receipt = barge.take(path)
    assert receipt and receipt["ops"] == 1
    assert receipt["refused"] == {"it belongs to a circle that this server has no part in": 1}


def test_a_server_takes_its_own_lost_ops_back(hall: Place, place: Callable[[str], Place]) -> None:
    out = hall.export("out.pn.zip")
    restored = place("restored")
    restored.node = hall.node
    receipt = restored.take(out, admitting=())
    assert receipt and receipt["ops"] == 9 and restored.have() == hall.have()


# -- texts -----------------------------------------------------------------------------------------


def test_a_text_that_comes_late_is_put_in_its_place(hall: Place, barge: Place) -> None:
    lines = lines_of(hall.export("out.pn.jsonl"))
    barge.take(write_lines(barge.folder / "bare.pn.jsonl", [changed(line, b=None) for line in lines]))
    assert barge.have() == hall.have() and barge.titles() != hall.titles()
    receipt = barge.take(write_lines(barge.folder / "full.pn.jsonl", lines))
    assert receipt and receipt["ops"] == 0 and receipt["late"] == 8
    assert barge.titles() == hall.titles()


def test_an_op_that_stands_twice_is_taken_once_with_its_text(hall: Place, barge: Place) -> None:
    lines = lines_of(hall.export("out.pn.jsonl"))
    twice = [changed(lines[5], b=None), *lines, *reversed(lines), changed(lines[6], b=None)]
    receipt = barge.take(write_lines(barge.folder / "twice.pn.jsonl", twice))
    assert receipt and receipt["ops"] == 9
    assert barge.have() == hall.have()
    assert lines_of(barge.export("back.pn.jsonl")) == lines


def test_an_old_bundle_cannot_bring_back_what_was_erased(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    said = hall.write(josie, "Best forgotten", body="The canary sings again.")
    old = hall.export("old.pn.zip")
    hall.redact(josie, said.id)
    barge.take(hall.export("new.pn.zip"))
    before = barge.dump()
    assert barge.take(old) is None
    assert barge.dump() == before and barge.entry(said.id).redacted
    assert "canary sings" not in str(before)


def test_an_erasure_takes_the_words_away_where_they_were_carried(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    said = hall.write(josie, "Best forgotten", body="The canary sings again.")
    barge.take(hall.export("old.pn.zip"))
    assert "canary sings" in str(barge.dump())
    hall.redact(josie, said.id)
    barge.take(hall.export("new.pn.zip"))
    assert "canary sings" not in str(barge.dump())


# -- wholly in or wholly out -----------------------------------------------------------------------


@pytest.mark.parametrize("step", ["_take_in", "_fill", "_project_since", "_quarantine", "clear"])
def test_a_crash_while_it_is_applied_changes_nothing(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    out = hall.export("out.pn.jsonl")
    barge.write(barge.person("Bo Lindqvist"), "From the barge")
    before = barge.dump()
    done: Callable[..., Any] = getattr(apply_module, step)

    def crash(*arguments: Any) -> None:
        done(*arguments)
        raise Crash

    with monkeypatch.context() as patched, pytest.raises(Crash):
        patched.setattr(apply_module, step, crash)
        barge.take(out)
    barge.session.rollback()
    after = barge.dump()
    assert {name: rows for name, rows in after.items() if name not in ("stage", "import_batch")} == {
        name: rows for name, rows in before.items() if name not in ("stage", "import_batch")
    }
    assert barge.take(out) and set(hall.titles()) < set(barge.titles())


def test_a_crash_while_it_is_checked_changes_nothing(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = hall.export("out.pn.zip")
    before = barge.dump()

    def crash(*arguments: Any) -> None:
        raise Crash

    with monkeypatch.context() as patched, pytest.raises(Crash):
        patched.setattr(preview, "of", crash)
        barge.take(out)
    assert barge.dump() == before


def test_a_receipt_remains_and_nothing_staged(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.zip"))
    batch = barge.session.scalars(select(ImportBatch)).one()
    assert batch.state == APPLIED and batch.receipt["ops"] == 9 and batch.sender == hall.node.id
    assert barge.session.scalars(select(StagedOp)).all() == []


def test_it_is_applied_once(hall: Place, barge: Place) -> None:
    batch = barge.stage(hall.export("out.pn.jsonl"))
    apply(barge.session, batch.id, barge.node)
    commit(barge.session)
    with pytest.raises(Conflict):
        apply(barge.session, batch.id, barge.node)
    barge.session.rollback()


def test_set_aside_leaves_the_ledger_as_it_was(hall: Place, barge: Place) -> None:
    before = barge.dump()
    batch = barge.stage(hall.export("out.pn.zip"))
    write(barge.session)
    stage_module.set_aside(barge.session, batch)
    commit(barge.session)
    after = barge.dump()
    assert {**after, "import_batch": []} == before
    assert batch.state == SET_ASIDE


def test_what_nobody_decides_about_goes_after_a_week(hall: Place, barge: Place) -> None:
    day = stage_module.DAY
    out = hall.export("out.pn.jsonl")
    ages = {WAITING: 6 * day, "old": 8 * day, STAGING: 2 * day}
    batches = {name: barge.stage(out) for name in ages}
    write(barge.session)
    for name, age in ages.items():
        batches[name].started = now_ms() - age
    batches[STAGING].state = STAGING
    kept = batches[WAITING].id
    commit(barge.session)
    stage_module.expire(barge.session)
    assert barge.session.scalars(select(ImportBatch.id)).all() == [kept]
    assert set(barge.session.scalars(select(StagedOp.batch))) == {kept}


def test_each_thing_is_derived_once(hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far apart its ops stand in the bundle."""
    derived: list[str] = []

    def project(session: Any, things: Any, cause: str, **given: Any) -> None:
        derived.extend(things)
        really_project(session, things, cause, **given)

    monkeypatch.setattr(apply_module, "STEP", 2)
    monkeypatch.setattr(apply_module, "project", project)
    barge.take(hall.export("out.pn.jsonl"))
    assert barge.titles() == hall.titles()
    assert len(derived) == len(set(derived)) == 7


def test_the_order_of_arrival_does_not_matter(hall: Place, place: Callable[[str], Place]) -> None:
    lines = lines_of(hall.export("out.pn.jsonl"))
    shown = []
    for name, order in (("a", lines), ("b", list(reversed(lines))), ("c", lines[3:] + lines[:3])):
        one = place(name)
        for number, half in enumerate((order[:4], order[4:])):
            one.take(write_lines(one.folder / f"{number}.pn.jsonl", half))
        shown.append((one.have(), one.titles(), sorted(one.session.scalars(select(OpRow.head)))))
    assert shown[0] == shown[1] == shown[2]


def test_a_key_that_signs_for_a_bundle_signs_no_op() -> None:
    key = SigningKey.from_seed(bytes(32))
    assert to_base32(key.sign(PREFIX + bytes(32))) != to_base32(key.sign(b"partnernet-bundle-v1\n" + bytes(32)))
