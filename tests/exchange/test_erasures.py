"""Who has confirmed an erasure; and how much of what others wrote an import would erase."""

from collections.abc import Callable

import orjson
import pytest

from partnernet.core.consumers import position
from partnernet.core.db import commit, db, table_of, upsert, write
from partnernet.core.ledger import compaction, log
from partnernet.core.ledger.membership import document
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.tables import Cursor, KnownNode
from partnernet.exchange import erasures
from partnernet.exchange.incoming.apply import apply
from partnernet.exchange.log.handovers import note_have
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place, lines_of, write_lines


def hear(here: Place, there: Place) -> None:
    """One server hears what another one holds, later than in any bundle before."""
    write(here.session)
    note_have(here.session, there.node.id, there.have(), ("public", "network"), way="file")
    commit(here.session)


def test_a_server_has_confirmed_once_it_says_that_it_holds_the_erasure(
    hall: Place, place: Callable[[str], Place]
) -> None:
    barge, lock = place("barge"), place("lock")
    for other in (barge, lock):
        other.take(hall.export("out.pn.zip"))
        other.write(other.person("Somebody"), f"From {other.folder.name}")
        hall.take(other.export("back.pn.zip"))
    ash = hall.person("Ash")
    gone = hall.write(ash, "Gone soon", body="Words.")
    for other in (barge, lock):
        other.take(hall.export("again.pn.zip"))
        hear(hall, other)
    hall.redact(ash, gone.id)
    (erasure, before), _ = erasures.page(hall.session, hall.node.id)
    assert (erasure.entity, erasure.is_whole, erasure.confirmed, len(erasure.answers)) == (gone.id, True, 0, 2)
    assert before.confirmed == 2 and all(answer.heard for answer in erasure.answers)
    barge.take(hall.export("erased.pn.zip"))
    hear(hall, barge)
    erasure = erasures.of_entity(hall.session, gone.id, hall.node.id) or before
    assert {answer.key: answer.has_confirmed for answer in erasure.answers} == {
        barge.node.id: True, lock.node.id: False,
    }  # fmt: skip


def test_a_server_that_erases_something_has_erased_it(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.zip"))
    bo = barge.person("Bo")
    barge.redact(bo, barge.write(bo, "Gone", body="Words.").id)
    hall.take(barge.export("gone.pn.jsonl"))
    (erasure, own), _ = erasures.page(hall.session, hall.node.id)
    assert erasure.by[0] == barge.node.id and erasure.confirmed == 1 and own.by[0] == hall.node.id


def test_what_was_not_erased_has_no_erasure_and_long_lists_have_pages(hall: Place) -> None:
    josie = hall.person("Josie")
    stays = hall.write(josie, "Stays", body="Words.")
    assert erasures.of_entity(hall.session, stays.id, hall.node.id) is None
    for n in range(erasures.PAGE + 1):
        hall.redact(josie, hall.write(josie, f"Gone {n}").id)
    first, following = erasures.page(hall.session, hall.node.id)
    rest, end = erasures.page(hall.session, hall.node.id, following)
    assert (len(first), len(rest), end) == (erasures.PAGE, 2, None)
    assert len({each.entity for each in (*first, *rest)}) == erasures.PAGE + 2


# -- what an import would erase --------------------------------------------------------------------


def test_what_its_own_server_erases_is_not_counted_and_what_another_erases_is(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie")
    written = [hall.write(josie, f"Entry {n}", body="Words.") for n in range(3)]
    barge.take(hall.export("out.pn.zip"))
    bo = barge.person("Bo")
    own = barge.write(bo, "Bo’s own", body="Words.")
    hall.take(barge.export("own.pn.zip"))
    barge.redact(bo, own.id)
    for entry in written[:2]:
        barge.redact(bo, entry.id)
    barge.redact(bo, written[0].id)
    batch = hall.stage(barge.export("erasing.pn.zip"))
    assert batch.preview["erases"] == erasures.erases(hall.session, batch.id) == 2
    hall.redact(josie, written[0].id)
    assert erasures.erases(hall.session, batch.id) == 1


def test_a_membership_that_makes_erasures_count_is_counted_by_them(
    hall: Place, barge: Place, place: Callable[[str], Place]
) -> None:
    josie, bo, lock = hall.person("Josie"), barge.person("Bo"), place("lock")
    written = hall.write(josie, "Entry", body="Words.")
    key = SigningKey.from_seed(bytes(32))
    write(hall.session)
    network = log.append(hall.session, josie, "network", "public", {"set": {"name": "Tides"}}, net=key.public)
    named = document(key, network.id, 1, [(barge.node.id, bo.handle)])
    membership = log.append(hall.session, josie, "membership", "public", named, ent=network.id)
    commit(hall.session)
    barge.take(hall.export("out.pn.zip"))
    write(barge.session)
    log.append(barge.session, bo, "redact", "network", {}, ent=written.id, mem=membership.id)
    commit(barge.session)
    out = barge.export("all.pn.jsonl")
    without = [line for line in lines_of(out) if orjson.loads(line)["h"]["kind"] != "membership"]
    lock.take(write_lines(lock.folder / "without.pn.jsonl", without))
    assert lock.entry(written.id).title == "Entry"
    assert lock.stage(out).preview["erases"] == 1


def test_what_was_erased_since_an_import_was_staged_is_not_written_again_for_a_moment(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    josie = hall.person("Josie")
    talk = hall.write(josie, "Best forgotten", body="Words.")
    waits = barge.stage(hall.export("first.pn.zip")).id
    barge.take(hall.folder / "first.pn.zip")
    hall.redact(josie, talk.id)
    barge.take(hall.export("second.pn.zip"))
    write(barge.session)
    upsert(barge.session, table_of(Cursor), [{"consumer": compaction.CURSOR, "position": 1}])
    commit(barge.session)
    monkeypatch.setattr(log, "fill", lambda *given: pytest.fail("its words were written"))
    assert apply(barge.session, waits, barge.node)["late"] == 0
    commit(barge.session)
    assert barge.entry(talk.id).redacted and position(barge.session, compaction.CURSOR) < 0


# -- pages -----------------------------------------------------------------------------------------


def test_stewards_see_every_erasure_and_authors_see_theirs(pier: Server) -> None:
    steward = pier.browser("bea@example.org", "Bea Thorne", "steward")
    author = pier.browser("josie@example.org", "Josie Calder", "member")
    other = pier.browser("tom@example.org", "Tom Reed", "member")
    given = {"title": "A slip", "body": "Words.", "visibility": "network", "tags": ""}
    address = author.post("/discussions/new", data=given).location
    short = address.split("/")[2][:12]
    assert author.get(f"/exchange/erasures/{short}").location == address
    know_another(pier)
    page = author.post(f"/entries/{short}/erasure", follow_redirects=True)
    assert page.request.path == f"/exchange/erasures/{short}"
    assert "0 of 1 server has confirmed" in words(page) and "Northside : Not yet" not in words(page)
    assert "never heard from" in words(page) and "cannot be called back" in words(page)
    assert author.get(address).location == f"/exchange/erasures/{short}"
    assert other.get(address).status_code == 410 and other.get(f"/exchange/erasures/{short}").status_code == 403
    assert author.get("/exchange/erasures").status_code == 403
    listed = words(steward.get("/exchange/erasures"))
    assert "Discussion by Josie Calder" in listed and "Erased by Josie Calder" in listed and "A slip" not in listed
    assert steward.get("/exchange/erasures?before=x").status_code == 422


def know_another(pier: Server) -> None:
    def meet() -> None:
        session = db.session()
        write(session)
        session.add(KnownNode(key="n" * 52, admitted=True, since=0, name="Northside"))
        commit(session)

    pier.inside(meet)
