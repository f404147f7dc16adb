"""What waits outside is bounded, can be looked at, and goes when it is discarded."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from partnernet.core.db import commit
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import KnownNode, OpRow, Quarantined
from partnernet.nodes import alarms, holding, known, quarantine
from partnernet.nodes.admit import SHARED, release
from tests.exchange.places import Place, changed, lines_of, write_lines


def test_no_more_than_a_limit_waits_of_one_server(hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "OF_ONE", quarantine.OF_ONE._replace(ops=5))
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and receipt["waiting"] == 5 and receipt["refused"] == {quarantine.TOO_MUCH: 4}
    assert [told.node for told in alarms.unseen(barge.session)] == [hall.node.id]
    again = barge.take(hall.export("out.pn.zip"), admitting=())
    assert again and again["waiting"] == 0 and again["refused"] == {quarantine.TOO_MUCH: 4}


def test_bytes_are_limited_as_well(hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "OF_ONE", quarantine.OF_ONE._replace(bytes=2_000))
    barge.take(hall.export("out.pn.zip"), admitting=())
    look = quarantine.look(barge.session, hall.node.id)
    assert 0 < look.count < 9 and look.bytes <= 2_000


def test_so_many_strangers_and_no_more(
    hall: Place, barge: Place, place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "SERVERS_LIMIT", 1)
    barge.take(hall.export("out.pn.zip"), admitting=())
    stranger = place("stranger")
    stranger.person("Nobody")
    receipt = barge.take(stranger.export("in.pn.jsonl"), admitting=())
    assert receipt and receipt["waiting"] == 0 and receipt["refused"] == {quarantine.TOO_MUCH: 1}
    assert barge.session.scalar(select(func.count()).select_from(KnownNode)) == 1
    (told,) = alarms.unseen(barge.session)
    assert told.node is None and "So many servers wait" in told.what


def test_all_strangers_together_have_no_more_room_than_a_few(
    hall: Place, barge: Place, place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "OF_ALL", quarantine.OF_ALL._replace(ops=10))
    barge.take(hall.export("out.pn.zip"), admitting=())
    stranger = place("stranger")
    for name in ("Nobody", "Somebody", "Anybody"):
        stranger.person(name)
    receipt = barge.take(stranger.export("in.pn.jsonl"), admitting=())
    assert receipt and (receipt["waiting"], receipt["refused"]) == (1, {quarantine.TOO_MUCH: 2})


def documents(place: Place, count: int) -> list[bytes]:
    """Lines that say they are signed for a network, each of them by a key that is nobody's."""
    for n in range(count):
        made = membership.document(place.node.key, "n" * 52, n, [])
        log.append(place.session, NodeItself(place.node), "membership", "public", made, ent="n" * 52)
    commit(place.session)
    return [line for line in lines_of(place.export("all.pn.jsonl")) if b'"kind":"membership"' in line]


def test_no_more_than_a_few_lists_wait_since_each_is_looked_at_again(
    hall: Place, barge: Place, place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "OF_ONE", quarantine.OF_ONE._replace(documents=2))
    monkeypatch.setattr(quarantine, "OF_ALL", quarantine.OF_ALL._replace(documents=3))
    for source, waits in ((hall, 2), (place("stranger"), 1)):
        lines = documents(source, 4)
        receipt = barge.take(write_lines(barge.folder / "in.pn.jsonl", lines), admitting=())
        assert receipt and receipt["waiting"] == waits and receipt["refused"] == {quarantine.TOO_MUCH: 4 - waits}
        assert known.find(barge.session, source.node.id).waiting == waits
    monkeypatch.setattr(quarantine, "OF_ALL", quarantine.OF_ALL._replace(documents=9, document_bytes=1_000))
    receipt = barge.take(write_lines(barge.folder / "in.pn.jsonl", documents(place("another"), 1)), admitting=())
    assert receipt and receipt["waiting"] == 0


def test_a_list_without_its_words_does_not_keep_the_whole_one_out(hall: Place, barge: Place) -> None:
    """Of anything else, a line that waits without its words may have lost them to an erasure."""
    whole = documents(hall, 2)
    bare = [changed(line, b=None) for line in whole]
    for lines in (bare, whole, bare):
        barge.take(write_lines(barge.folder / "in.pn.jsonl", lines), admitting=())
    assert quarantine.look(barge.session, hall.node.id).count == len(whole)
    assert set(barge.session.scalars(select(Quarantined.line))) == set(whole)


def test_a_look_says_kinds_and_first_words_as_plain_text(hall: Place, barge: Place) -> None:
    hall.write(hall.person("Wren"), "<b>Bold</b>\u202e words " + "x" * 200)
    barge.take(hall.export("out.pn.zip"), admitting=())
    look = quarantine.look(barge.session, hall.node.id)
    assert look.count == look.looked_at == 11 and look.kinds["discussion"] == 4 and look.kinds["person"] == 3
    assert ("discussion", "Open to all") in look.titles and ("person", "Wren") in look.titles
    assert any(title.startswith("<b>Bold</b>") and len(title) <= 200 for _, title in look.titles)


def test_a_look_survives_lines_of_a_later_format(hall: Place, barge: Place) -> None:
    line = changed(lines_of(hall.export("all.pn.jsonl"))[0], b=None)
    later = line.replace(b'"v":1', b'"v":9')
    barge.take(write_lines(barge.folder / "in.pn.jsonl", [later]), admitting=())
    assert quarantine.look(barge.session, hall.node.id).count == 1


def test_what_is_discarded_comes_again_with_the_next_bundle(hall: Place, barge: Place) -> None:
    out = hall.export("out.pn.zip")
    barge.take(out, admitting=())
    assert quarantine.discard(barge.session, hall.node.id) == 9
    commit(barge.session)
    assert known.find(barge.session, hall.node.id).waiting == 0 and barge.titles() == []
    receipt = barge.take(out, admitting=())
    assert receipt and receipt["waiting"] == 9


def test_many_erasures_that_wait_come_in_only_where_somebody_looked(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "ERASURES_LIMIT", 2)
    skipper = barge.person("Ewa")
    written = [barge.write(skipper, f"Poster {n}") for n in range(3)]
    hall.take(barge.export("barge.pn.zip"))
    josie = hall.person("Josie")
    erasing = [hall.redact(josie, some.id) for some in written]
    barge.take(hall.export("out.pn.zip"), admitting=())
    known.grant(barge.session, hall.node.id, reads=(), writes=SHARED)
    quarantine.take_what_waits(barge.session)
    commit(barge.session)
    assert quarantine.look(barge.session, hall.node.id).kinds == {"redact": 3}
    assert [told.what for told in alarms.unseen(barge.session)] == ["3 erasures wait for you."]
    assert release(barge.session, [hall.node.id], looked_at=True) == 3
    commit(barge.session)
    assert barge.session.scalars(select(OpRow.id).where(OpRow.id.in_([op.id for op in erasing]))).all()


def test_few_erasures_and_those_of_what_was_written_at_home_do_not_wait(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "ERASURES_LIMIT", 0)
    barge.take(hall.export("out.pn.zip"), admitting=())
    known.grant(barge.session, hall.node.id, reads=(), writes=SHARED)
    commit(barge.session)
    assert quarantine.look(barge.session, hall.node.id).count == 0
    assert barge.have() == hall.have()
