"""What was erased waits nowhere: not in an import that nobody has decided about, and not in quarantine."""

from collections.abc import Callable

import orjson
import pytest
from sqlalchemy import select, update

from partnernet.core.consumers import position
from partnernet.core.db import commit, db, write
from partnernet.core.ledger import compaction, log
from partnernet.core.ledger.membership import document
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op, read
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.exchange import upkeep
from partnernet.exchange.incoming.forgetting import forget, forget_outside
from partnernet.exchange.model import StagedOp
from partnernet.nodes.admit import admit
from tests.exchange.nodes import Server
from tests.exchange.places import Place, lines_of, write_lines

CANARY = b"qzxcanary"


def staged(here: Place, batch: str) -> bytes:
    return b"".join(body or b"" for body in here.session.scalars(select(StagedOp.body).where(StagedOp.batch == batch)))


def outside(here: Place) -> bytes:
    here.session.expire_all()
    return b"\n".join(here.session.scalars(select(Quarantined.line)))


def without(there: Place, name: str, op: Op) -> list[bytes]:
    return [line for line in lines_of(there.export(name)) if orjson.loads(line)["id"] != op.id]


def test_an_import_that_waits_loses_what_is_erased_meanwhile_and_keeps_the_rest(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "Best forgotten", body="qzxcanary")
    hall.edit(josie, talk.id, body="qzxcanary, again")
    hall.write(josie, "What stays", body="qzxother")
    waits = barge.stage(hall.export("first.pn.zip")).id
    assert not forget(barge.session, waits)
    hall.redact(josie, talk.id)
    barge.take(write_lines(barge.folder / "redact.pn.jsonl", lines_of(hall.export("second.pn.jsonl"))))
    assert forget(barge.session, waits)
    commit(barge.session)
    assert CANARY not in staged(barge, waits) and b"qzxother" in staged(barge, waits)
    assert all(position(barge.session, name) < 0 for name in (compaction.CURSOR, compaction.LOG_CURSOR))


def test_an_erasure_that_came_without_what_it_erases_reaches_that_before_it_is_shown(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "Best forgotten", body="qzxcanary")
    old = hall.export("old.pn.zip")
    hall.redact(josie, talk.id)
    barge.take(write_lines(barge.folder / "bare.pn.jsonl", without(hall, "new.pn.jsonl", talk)))
    waits = barge.stage(old).id
    assert CANARY not in staged(barge, waits)


def test_an_earlier_version_that_a_redact_names_goes_alone(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "A talk", body="What stays")
    slip = hall.edit(josie, talk.id, body="qzxcanary")
    hall.edit(josie, talk.id, body="What replaced it")
    waits = barge.stage(hall.export("old.pn.zip")).id
    write(hall.session)
    log.append(hall.session, josie, "redact", "network", {}, ent=talk.id, ops=[slip.id])
    commit(hall.session)
    barge.take(write_lines(barge.folder / "new.pn.jsonl", without(hall, "new.pn.jsonl", slip)))
    assert forget(barge.session, waits)
    found = staged(barge, waits)
    assert CANARY not in found and b"What replaced it" in found and b"What stays" in found


def test_lines_in_quarantine_lose_what_is_erased_here(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "A talk", body="What stays")
    barge.take(hall.export("out.pn.zip"))
    write(barge.session)
    barge.session.execute(update(KnownNode).values(admitted=False))
    commit(barge.session)
    hall.edit(josie, talk.id, body="qzxcanary")
    barge.take(hall.export("more.pn.zip"), admitting=())
    assert CANARY in outside(barge) and forget_outside(barge.session) == 0
    hall.redact(josie, talk.id)
    barge.take(hall.export("gone.pn.zip"), admitting=())
    assert forget_outside(barge.session) == 1
    commit(barge.session)
    assert CANARY not in outside(barge)
    write(barge.session)
    admit(barge.session, [hall.node.id])
    commit(barge.session)
    assert barge.entry(talk.id).redacted and hall.have().items() <= barge.have().items()


def test_housekeeping_looks_outside_as_well(hall: Place, pier: Server) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "A talk", body="What stays")
    assert pier.run("import", str(hall.export("out.pn.zip")), "--yes").exit_code == 0

    def lines() -> bytes:
        return b"\n".join(db.session().scalars(select(Quarantined.line)))

    def shut() -> None:
        write()
        db.session().execute(update(KnownNode).values(admitted=False))
        commit()

    def keep_house() -> None:
        upkeep.forget_erased(db.session())
        commit()

    pier.inside(shut)
    hall.edit(josie, talk.id, body="qzxcanary")
    assert pier.run("import", str(hall.export("more.pn.zip")), "--json").exit_code == 0
    pier.inside(keep_house)
    assert CANARY in pier.inside(lines)
    hall.redact(josie, talk.id)
    assert pier.run("import", str(hall.export("gone.pn.zip")), "--json").exit_code == 0
    pier.inside(keep_house)
    assert CANARY not in pier.inside(lines)


def test_an_old_stick_does_not_bring_them_back_outside(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "Best forgotten", body="qzxcanary")
    old = hall.export("old.pn.zip")
    barge.take(old, admitting=())
    hall.redact(josie, talk.id)
    barge.take(hall.export("new.pn.zip"), admitting=())
    assert forget_outside(barge.session) == 1
    commit(barge.session)
    waits = barge.stage(old).id
    assert CANARY not in staged(barge, waits) + outside(barge)
    barge.take(old, admitting=())
    assert CANARY not in outside(barge)


def test_words_that_come_late_outside_are_kept_where_nobody_erased_them(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "Words", body="qzxcanary")
    bare = [read(line).erased().line for line in lines_of(hall.export("out.pn.jsonl"))]
    barge.take(write_lines(barge.folder / "bare.pn.jsonl", bare), admitting=())
    barge.take(hall.export("whole.pn.zip"), admitting=())
    assert CANARY in outside(barge)
    write(barge.session)
    admit(barge.session, [hall.node.id])
    commit(barge.session)
    assert barge.entry(talk.id).title == "Words"


def test_a_version_that_comes_outside_after_all_else_was_erased_there_goes_too(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "Words", body="The first")
    barge.take(hall.export("first.pn.zip"), admitting=())
    edit = hall.edit(josie, talk.id, body="qzxcanary")
    old = hall.export("old.pn.zip")
    hall.redact(josie, talk.id)
    barge.take(write_lines(barge.folder / "new.pn.jsonl", without(hall, "new.pn.jsonl", edit)), admitting=())
    assert forget_outside(barge.session) == 1
    barge.take(old, admitting=())
    assert CANARY in outside(barge) and forget_outside(barge.session) == 1
    assert CANARY not in outside(barge)


def test_what_others_would_erase_outside_waits_for_a_person(
    hall: Place, barge: Place, place: Callable[[str], Place]
) -> None:
    josie, bo, lock = hall.person("Josie"), barge.person("Bo"), place("lock")
    key = SigningKey.from_seed(bytes(32))
    write(hall.session)
    network = log.append(hall.session, josie, "network", "public", {"set": {"name": "Tides"}}, net=key.public)
    named = document(key, network.id, 1, [(barge.node.id, bo.handle)])
    membership = log.append(hall.session, josie, "membership", "public", named, ent=network.id)
    made = log.append(hall.session, josie, "discussion", "network", {"set": {"body": "qzxcanary"}}, nw=network.id)
    commit(hall.session)
    barge.take(hall.export("out.pn.zip"))
    waits = lock.stage(hall.export("all.pn.zip")).id
    write(barge.session)
    log.append(barge.session, bo, "redact", "network", {}, ent=made.id, mem=membership.id)
    commit(barge.session)
    lock.take(hall.export("waits.pn.zip"), admitting=())
    lock.take(write_lines(lock.folder / "erasing.pn.jsonl", barge_lines(barge)), admitting=())
    # The steward's server waits, too: many could be erased so, and a person decides.
    assert forget_outside(lock.session) == 0
    write(lock.session)
    admit(lock.session, [barge.node.id, hall.node.id])
    commit(lock.session)
    assert forget(lock.session, waits) and CANARY not in staged(lock, waits)


def barge_lines(barge: Place) -> list[bytes]:
    return [line for line in lines_of(barge.export("own.pn.jsonl")) if orjson.loads(line)["h"]["node"] == barge.node.id]


@pytest.mark.parametrize("is_erased", [True, False])
def test_a_line_that_cannot_be_read_yet_goes_where_what_it_is_about_was_erased(
    hall: Place, barge: Place, is_erased: bool
) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "A talk", body="Words")
    line = lines_of(hall.export("out.pn.jsonl"))[-1]
    value = orjson.loads(line)
    value["h"] |= {"v": 2, "ent": talk.id}
    value["b"] = {"set": {"body": "qzxcanary"}}
    later = write_lines(barge.folder / "later.pn.jsonl", [orjson.dumps(value, option=orjson.OPT_SORT_KEYS)])
    barge.take(later, admitting=())
    if is_erased:
        hall.redact(josie, talk.id)
    barge.take(hall.export("all.pn.zip"))
    assert CANARY in outside(barge)
    assert forget_outside(barge.session) == is_erased and (CANARY in outside(barge)) is not is_erased
