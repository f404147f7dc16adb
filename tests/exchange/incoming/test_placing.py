"""Files of an import: those come in that a statement names, as far as its server may send files."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from partnernet.core.db import commit
from partnernet.core.ledger.tables import Intake, Quarantined
from partnernet.exchange import sentences
from partnernet.nodes import alarms, known, quarantine, quotas
from partnernet.nodes.admit import SHARED, release
from tests.exchange.places import POSTER, Place

SIZE = len(POSTER)


def welcome(barge: Place, hall: Place, **quota: int) -> None:
    known.hear_of(barge.session, [hall.node.id])
    known.grant(barge.session, hall.node.id, reads=[], writes=SHARED)
    known.limit(barge.session, hall.node.id, quota)
    commit(barge.session)


def counted(at: Place, other: Place) -> set[int]:
    """The bytes of files that are counted for another place: of today, and in all."""
    return set(at.session.scalars(select(Intake.files).where(Intake.node == other.node.id)))


@pytest.fixture
def posters(hall: Place) -> list[str]:
    """Two more posters at the hall, besides the one that it has; the hashes of all three."""
    josie = hall.person("Josie")
    names = [hall.attach(POSTER + bytes([n])) for n in range(2)]
    for n, file in enumerate(names):
        hall.write(josie, f"Poster {n}", files=[file])
    return [hall.attach()["sha256"], *(file["sha256"] for file in names)]


def test_files_are_counted_for_whoever_wrote_what_names_them(hall: Place, barge: Place) -> None:
    welcome(barge, hall)
    barge.take(hall.export("out.pn.zip"), admitting=())
    assert counted(barge, hall) == {SIZE}
    barge.take(hall.export("out.pn.zip"), admitting=())
    assert counted(barge, hall) == {SIZE}


def test_a_file_that_is_here_already_is_not_counted_again(hall: Place, barge: Place) -> None:
    welcome(barge, hall)
    barge.take(hall.export("out.pn.zip"), admitting=())
    hall.write(hall.person("Josie"), "The same again, and another", files=[hall.attach(), hall.attach(POSTER + b"!")])
    receipt = barge.take(hall.export("again.pn.zip"), admitting=())
    assert receipt and receipt["files"] == 1 and counted(barge, hall) == {2 * SIZE + 1}


def test_what_is_over_the_limit_is_left_out_told_and_comes_when_it_may(
    hall: Place, barge: Place, posters: list[str]
) -> None:
    welcome(barge, hall, files_a_day=2 * SIZE + 1)
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and (receipt["files"], receipt["left_out"]) == (2, 1)
    assert any("1 file left out" in said for said in sentences.of_receipt(receipt))
    assert "Poster 1" in barge.titles() and sum(barge.files.has(name) for name in posters) == 2
    (told,) = alarms.unseen(barge.session)
    assert told.node == hall.node.id and "More files came" in told.what
    known.limit(barge.session, hall.node.id, {})
    commit(barge.session)
    again = barge.take(hall.export("out.pn.zip"), admitting=())
    assert again and (again["ops"], again["files"], again["left_out"]) == (0, 1, 0)
    assert all(barge.files.has(name) for name in posters) and counted(barge, hall) == {3 * SIZE + 2}


def test_what_is_written_here_is_not_counted(hall: Place, barge: Place) -> None:
    hall.take(barge.export("barge.pn.zip"))
    file = barge.attach(b"our own")
    barge.write(barge.person("Ash Ferreira"), "Ours", files=[file])
    hall.take(barge.export("barge.pn.zip"))
    barge.files.path(file["sha256"]).unlink()
    welcome(barge, hall, files=1)
    barge.take(hall.export("out.pn.zip"), admitting=())
    assert barge.files.has(file["sha256"]) and counted(barge, hall) <= {0}


def test_a_file_that_nothing_names_is_not_taken(hall: Place, barge: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    welcome(barge, hall)
    monkeypatch.setattr("partnernet.exchange.incoming.placing.named_files", lambda body: [])
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and receipt["files"] == 0 and not barge.files.has(hall.attach()["sha256"])


def test_files_of_what_waits_are_bounded_and_counted_when_it_comes_in(
    hall: Place, barge: Place, place: Callable[[str], Place], posters: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "OF_ONE", quarantine.OF_ONE._replace(files=2 * SIZE + 1))
    receipt = barge.take(hall.export("out.pn.zip"), admitting=())
    assert receipt and (receipt["files"], receipt["left_out"]) == (2, 1)
    assert sum(barge.session.scalars(select(Quarantined.files))) in (2 * SIZE, 2 * SIZE + 1)
    assert counted(barge, hall) == set()
    welcome(barge, hall)
    assert counted(barge, hall) <= {2 * SIZE, 2 * SIZE + 1} and counted(barge, hall)


def test_what_waits_comes_in_as_far_as_its_files_may(hall: Place, barge: Place, posters: list[str]) -> None:
    barge.take(hall.export("out.pn.zip"), admitting=())
    files = quotas.DEFAULTS[quotas.FILES]
    assert release(barge.session, [hall.node.id], files=SIZE) and files > SIZE
    commit(barge.session)
    assert len(barge.session.scalars(select(Quarantined.id)).all()) == 2
