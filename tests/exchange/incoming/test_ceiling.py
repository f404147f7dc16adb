"""What there is no room for is left out before it is read, and the end is the same as if all of it had been staged."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import func, select

from partnernet.core.db import commit
from partnernet.core.errors import BadBundle
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.incoming import ceiling, checking
from partnernet.exchange.incoming.ceiling import CROWD
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.incoming.stage import has_news, stage
from partnernet.exchange.model import StagedOp
from partnernet.exchange.sentences import of_preview
from partnernet.nodes import known, quarantine, quotas
from partnernet.nodes.admit import admit
from partnernet.nodes.model import Alarm
from partnernet.nodes.quarantine import TOO_MUCH
from tests.exchange.places import Place, changed, lines_of, write_lines
from tests.nodes.networks import founded, joined, named, paired

ALL = 10**6


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each server three statements may wait and two come in a day, counted from the first line on."""
    monkeypatch.setattr(ceiling, "SPARED", 0)
    monkeypatch.setattr(quarantine, "OF_ONE", quarantine.OF_ONE._replace(ops=3))
    monkeypatch.setitem(quotas.DEFAULTS, quotas.OPS_A_DAY, 2)  # type: ignore[index] # it is a dict


def staged(place: Place) -> int:
    found = place.session.scalar(select(func.count()).select_from(StagedOp))
    place.session.rollback()
    return found or 0


def test_of_a_stranger_as_much_is_staged_as_could_come_in_and_wait(
    hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    really = checking.read
    monkeypatch.setattr(checking, "read", lambda line: read.append(line) or really(line))
    batch = barge.stage(hall.export("out.pn.zip"))
    assert staged(barge) == 2 + 3 and len(read) == 2 + 3 + 1  # by the one that did not fit, it showed that it is full
    assert batch.preview["waiting"] == {hall.node.id: 5} and batch.preview["known"] == 0
    assert batch.preview["refused"] == {TOO_MUCH: 4} and batch.preview["over"] == {hall.node.id: 4}
    assert any("Left out: 4 statements, because as much as may wait" in said for said in of_preview(batch.preview))


def test_few_lines_are_staged_without_a_question(hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ceiling, "SPARED", 9)
    assert barge.stage(hall.export("out.pn.zip")).preview["waiting"] == {hall.node.id: 9}
    monkeypatch.setattr(ceiling, "SPARED", 8)
    assert barge.stage(hall.export("out.pn.zip")).preview["over"] == {hall.node.id: 1}


def test_bytes_are_counted_as_well(hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "OF_ONE", quarantine.OF_ONE._replace(ops=ALL, bytes=2_000))
    monkeypatch.setitem(quotas.DEFAULTS, quotas.BYTES_A_DAY, 500)  # type: ignore[index] # it is a dict
    over = barge.stage(hall.export("out.pn.zip")).preview["over"][hall.node.id]
    assert 0 < over < 9 and staged(barge) == 9 - over


def test_a_line_that_is_none_is_bad_though_its_server_is_full(hall: Place, barge: Place) -> None:
    lines = lines_of(hall.export("all.pn.jsonl"))
    for bad in (b"[]", b'{"h":[]}', b'{"h":{"node":[],"v":1}}', b"{", b'{"h":{"v":1}}', b'{"h":{"node":"n","v":"1"}}'):
        with pytest.raises(BadBundle, match="Nothing was taken in: line 10 is bad"):
            barge.stage(write_lines(barge.folder / "in.pn.jsonl", [*lines, bad]))


def test_whose_servers_may_be_let_in_with_it_have_no_limit_together(
    place: Callable[[str], Place], barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first bundle of a whole network, on the command line."""
    monkeypatch.setattr(quarantine, "OF_ALL", quarantine.OF_ALL._replace(ops=3))
    path = write_lines(barge.folder / "in.pn.jsonl", [*people(place("mill"), 5), *people(place("weir"), 5)])
    over = barge.stage(path).preview["over"]
    assert staged(barge) == 3 + 2 and sum(over.values()) == 5
    with open_bundle(path) as bundle:
        batch = stage(barge.session, bundle, barge.node, barge.files, name="in", by="node", admits=True)
    assert batch.preview["over"] == {} and sorted(batch.preview["waiting"].values()) == [5, 5]


def test_an_import_of_which_nothing_fits_says_so(hall: Place, barge: Place) -> None:
    paired(barge, hall)
    known.limit(barge.session, hall.node.id, {quotas.OPS_A_DAY: 0})
    commit(barge.session)
    barge.take(hall.export("out.pn.zip"))
    batch = barge.stage(hall.export("out.pn.zip"))
    assert staged(barge) == 0 and has_news(batch) and batch.preview["refused"] == {TOO_MUCH: 6}
    assert barge.apply(batch.id)["refused"] == {TOO_MUCH: 6}


def test_what_no_log_of_it_takes_leaves_room_for_what_another_takes(
    hall: Place, barge: Place, place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers have filled what may wait of all; of the hall, which may write for everybody, that comes in."""
    monkeypatch.setattr(quarantine, "OF_ALL", quarantine.OF_ALL._replace(ops=3))
    known.hear_of(barge.session, [hall.node.id])
    known.grant(barge.session, hall.node.id, reads=[], writes=["public"])
    commit(barge.session)
    lines = sorted(lines_of(hall.export("all.pn.jsonl")), key=lambda line: b'"log":"public"' in line)
    batch = barge.stage(write_lines(barge.folder / "in.pn.jsonl", [*people(place("mill"), 9), *lines]))
    assert batch.preview["ops"] == 1 and batch.preview["over"][hall.node.id] == len(lines) - 1


def test_a_text_that_was_missing_here_needs_no_room(hall: Place, barge: Place) -> None:
    paired(barge, hall)
    known.limit(barge.session, hall.node.id, {quotas.OPS_A_DAY: 9})
    commit(barge.session)
    lines = lines_of(hall.export("all.pn.jsonl"))
    barge.take(write_lines(barge.folder / "bare.pn.jsonl", [changed(line, b=None) for line in lines]))
    batch = barge.stage(write_lines(barge.folder / "in.pn.jsonl", [*people(hall, 5), *lines]))
    assert batch.preview["late"] > 0 and batch.preview["over"] == {hall.node.id: 2}


# -- the end is the same ---------------------------------------------------------------------------

Receipts = Iterable[dict[str, Any] | None]
Story = Callable[[Callable[[str], Place], Place], Receipts]


def people(source: Place, count: int) -> list[bytes]:
    """The lines of a server of which so many people are known."""
    for n in range(count):
        source.person(f"Wren {n}")
    return lines_of(source.export("all.pn.jsonl"))


def stranger(place: Callable[[str], Place], barge: Place) -> Receipts:
    path = write_lines(barge.folder / "in.pn.jsonl", people(place("hall"), 9))
    for _ in range(2):
        yield barge.take(path, admitting=())


def let_in_between(place: Callable[[str], Place], barge: Place) -> Receipts:
    hall = place("hall")
    batch = barge.stage(write_lines(barge.folder / "in.pn.jsonl", people(hall, 9)))
    admit(barge.session, [hall.node.id])
    commit(barge.session)
    yield barge.apply(batch.id)


def let_in_with_a_quota(place: Callable[[str], Place], barge: Place) -> Receipts:
    hall = place("hall")
    paired(barge, hall)
    known.limit(barge.session, hall.node.id, {quotas.OPS_A_DAY: 4})
    commit(barge.session)
    yield barge.take(write_lines(barge.folder / "in.pn.jsonl", people(hall, 9)), admitting=())


def here_already(place: Callable[[str], Place], barge: Place) -> Receipts:
    """What is here does not count again, however much of it there is."""
    hall = place("hall")
    paired(barge, hall)
    for count, quota in ((9, 9), (1, 9), (0, 10)):
        known.limit(barge.session, hall.node.id, {quotas.OPS_A_DAY: quota})
        commit(barge.session)
        yield barge.take(write_lines(barge.folder / "in.pn.jsonl", people(hall, count)), admitting=())


def several(place: Callable[[str], Place], barge: Place) -> Receipts:
    """Something of the barge itself is among it, and one of two other servers is let in."""
    hall, mill, before = place("hall"), place("mill"), place("barge before it was set back")
    before.node = barge.node
    paired(barge, mill)
    lines = [line for some in (hall, mill, before) for line in people(some, 8)]
    yield barge.take(write_lines(barge.folder / "in.pn.jsonl", lines), admitting=())


def listed(place: Callable[[str], Place], barge: Place) -> Receipts:
    """The list that comes along lets its server in."""
    hall = place("hall")
    joined(barge, founded(hall))
    paired(hall, barge)
    named(hall, barge)
    lines = sorted(people(hall, 9), key=lambda line: b'"kind":"person"' in line)
    yield barge.take(write_lines(barge.folder / "in.pn.jsonl", lines), admitting=())
    assert known.find(barge.session, hall.node.id).node.admitted


def of_a_later_format(place: Callable[[str], Place], barge: Place) -> Receipts:
    """Anybody can say that a server wrote it; it takes no room of what that server wrote."""
    hall = place("hall")
    paired(barge, hall)
    known.limit(barge.session, hall.node.id, {quotas.OPS_A_DAY: 9})
    commit(barge.session)
    lines = people(hall, 9)
    unread = [changed(line, b=None).replace(b'"v":1', b'"v":9') for line in lines]
    yield barge.take(write_lines(barge.folder / "in.pn.jsonl", [*unread, *lines]), admitting=())


def many_strangers(place: Callable[[str], Place], barge: Place) -> Receipts:
    lines = [line for name in ("hall", "mill", "weir") for line in people(place(name), 2)]
    yield barge.take(write_lines(barge.folder / "in.pn.jsonl", lines), admitting=())


STORIES: list[Story] = [
    stranger, let_in_between, let_in_with_a_quota, here_already, several, listed, of_a_later_format, many_strangers,
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_the_end_is_the_same_as_if_all_were_staged(
    story: Story, place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "SERVERS_LIMIT", 2)
    ends = []
    for spared in (ALL, 0):
        monkeypatch.setattr(ceiling, "SPARED", spared)
        barge = place(f"barge {spared}")
        receipts = [
            # How many could not be read yet was said of all that came, though some of it was left out.
            receipt and {**receipt, "later": bool(receipt["later"])}
            for receipt in story(lambda name, spared=spared: place(f"{name} {spared}"), barge)  # type: ignore[misc]
        ]
        told = sorted(barge.session.scalars(select(Alarm.kind)))
        waits = sorted(amount.ops for amount in quarantine.amounts(barge.session).values())
        ends.append((receipts, told, waits, barge.session.scalar(select(func.count()).select_from(OpRow))))
    assert ends[0] == ends[1]


def test_servers_that_are_too_many_are_counted_together(
    place: Callable[[str], Place], barge: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "SERVERS_LIMIT", 2)
    lines = [line for name in ("hall", "mill", "weir", "lock") for line in people(place(name), 2)]
    batch = barge.stage(write_lines(barge.folder / "in.pn.jsonl", lines))
    assert batch.preview["over"] == {CROWD: 4} and sorted(batch.preview["waiting"].values()) == [2, 2]
