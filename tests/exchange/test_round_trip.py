"""What goes out at one server comes in at another, to the byte; and a second time changes nothing."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select

from partnernet.core.db import commit
from partnernet.core.entry import Mark
from partnernet.core.ledger import verbs
from partnernet.entries.model import CAME_FROM
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.outgoing.selection import FIRST, Selection
from tests.exchange.places import FORMS, POSTER, Place, lines_of


@pytest.mark.parametrize("form", FORMS)
def test_every_op_arrives_to_the_byte(hall: Place, barge: Place, form: str) -> None:
    out = hall.export(f"out{form}")
    receipt = barge.take(out)
    assert receipt and receipt["ops"] == len(lines_of(out)) == 9
    assert barge.have() == hall.have()
    assert barge.titles() == hall.titles()
    back = barge.export(f"back{form}")
    assert lines_of(back) == lines_of(out)


def test_what_an_entry_came_from_travels(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    earlier, later = hall.write(josie, "A thought"), hall.write(josie, "What came of it")
    verbs.mark(hall.session, josie, hall.entry(later.id), CAME_FROM.name, True, earlier.id)
    commit(hall.session)
    barge.take(hall.export("out.pn.zip"))
    marks = barge.session.scalars(select(Mark).where(Mark.mark == CAME_FROM.name)).all()
    assert [(mark.entry, mark.subject, mark.value) for mark in marks] == [(later.id, earlier.id, "yes")]


@pytest.mark.parametrize("form", FORMS)
def test_a_second_import_changes_nothing(hall: Place, barge: Place, form: str) -> None:
    out = hall.export(f"out{form}")
    barge.take(out)
    before = barge.dump()
    assert barge.take(out) is None
    assert barge.dump() == before


def test_the_forms_carry_the_same_ops(hall: Place) -> None:
    zipped, document, lines = (lines_of(hall.export(f"out{form}")) for form in FORMS)
    assert zipped == document == lines


def test_attachments_travel_in_the_zip(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.json"))
    name = hall.attach()["sha256"]
    assert not barge.files.has(name)
    receipt = barge.take(hall.export("out.pn.zip"))
    assert receipt and receipt["ops"] == 0 and receipt["files"] == 1
    with barge.files.open(name) as file:
        assert file.read() == POSTER


def test_erasures_go_first_then_each_log_in_its_order(hall: Place) -> None:
    heads = [orjson.loads(line)["h"] for line in lines_of(hall.export("out.pn.jsonl"))]
    assert heads[0]["kind"] == "redact"
    places = [(head["node"], head["inc"], head["log"], head["seq"]) for head in heads[1:]]
    assert places == sorted(places) and len(places) == 8


def test_what_was_erased_is_in_no_bundle(hall: Place) -> None:
    for form in FORMS:
        out = hall.export(f"out{form}")
        assert b"canary sings" not in b"".join(lines_of(out))
        assert b"canary sings" not in out.read_bytes()


def test_only_what_the_other_lacks_is_sent(hall: Place, barge: Place) -> None:
    barge.take(hall.export("first.pn.jsonl"))
    newer = hall.write(hall.person("Ash Ferreira"), "Later")
    out = hall.export("more.pn.jsonl", Selection(since=barge.have()))
    assert [orjson.loads(line)["h"]["kind"] for line in lines_of(out)] == ["redact", "person", "discussion"]
    barge.take(out)
    assert barge.find(newer.id) and barge.have() == hall.have()


def test_a_hole_in_what_the_other_has_is_filled(hall: Place, barge: Place) -> None:
    whole = hall.export("whole.pn.jsonl")
    some = barge.folder / "some.pn.jsonl"
    some.write_bytes(b"".join(line + b"\n" for line in lines_of(whole) if orjson.loads(line)["h"]["seq"] % 3 != 2))
    barge.take(some)
    rest = hall.export("rest.pn.jsonl", Selection(since=barge.have()))
    assert 0 < len(lines_of(rest)) < 9
    twice = set(lines_of(rest)) & set(lines_of(some))
    assert {orjson.loads(line)["h"]["kind"] for line in twice} <= set(FIRST)
    barge.take(rest)
    assert barge.have() == hall.have()


def test_equal_numbers_with_other_ids_are_sent_in_full(hall: Place) -> None:
    mistaken = {key: {**value, "x": "0" * 16} for key, value in hall.have().items()}
    assert len(lines_of(hall.export("out.pn.jsonl", Selection(since=mistaken)))) == 9


def test_only_what_is_public(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.zip", Selection(logs=("public",))))
    assert barge.titles() == ["Open to all"]


def test_one_entry_with_what_hangs_on_it_and_who_wrote_it(hall: Place, barge: Place) -> None:
    other = hall.write(hall.person("Ash Ferreira"), "Another matter")
    root = next(
        orjson.loads(line)["id"] for line in lines_of(hall.export("all.pn.jsonl")) if b"A poster for spring" in line
    )
    out = hall.export("out.pn.zip", Selection(root=root))
    kinds = [orjson.loads(line)["h"]["kind"] for line in lines_of(out)]
    assert sorted(kinds) == ["discussion", "edit", "person", "person", "redact", "reply"]
    barge.take(out)
    assert barge.find(root) and barge.entry(root).replies == 1 and not barge.find(other.id)
    with open_bundle(out) as bundle:
        assert "all other entries" in [item.what for item in bundle.header.left_out]


@pytest.mark.parametrize("form", [".pn.zip", ".pn.json"])
def test_the_header_says_what_is_in_it_and_what_is_not(hall: Place, form: str) -> None:
    absent = "ab" * 32
    josie = hall.person("Josie Calder the younger")
    hall.write(josie, "A film", files=[{"sha256": absent, "name": "film.mp4", "type": "video/mp4", "size": 12}])
    with open_bundle(hall.export(f"out{form}", note="For the archive")) as bundle:
        header = bundle.header
        assert bundle.sender == header.node == hall.node.id
    assert header.counts["ops"] == 11 and header.counts["erased"] == 1
    assert header.counts["by_log"] == {"network": 10, "public": 1}
    assert header.have == hall.have() and header.note == "For the archive"
    said = {item.what: item for item in header.left_out}
    assert "accounts, e-mail addresses, sessions, drafts and keys" in said
    assert said["attachments"].count == (1 if form == ".pn.zip" else 2)
    assert said["texts that were erased, or never reached this server"].count == 1
    assert {blob["sha256"]: blob["included"] for blob in header.blobs}[absent] is False


def test_the_document_can_be_read_by_eye_and_by_any_reader_of_json(hall: Place) -> None:
    out = hall.export("out.pn.json")
    value = json.loads(out.read_text())
    assert list(value) == ["bundle", "signature", "ops"] and len(value["ops"]) == 9
    assert '\n          "title": "Open to all"' in out.read_text()


def test_a_bundle_of_nothing_can_be_read_again(barge: Place, place: Callable[[str], Place]) -> None:
    other = place("other")
    for form in (".pn.zip", ".pn.json"):
        before = other.dump()
        assert other.take(barge.export(f"empty{form}")) is None
        assert other.dump() == before


def test_text_so_regular_that_it_would_look_like_a_trap_is_stored_as_it_is(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    for number in range(12):
        hall.write(josie, f"Drone {number}", body="o" * 190_000)
    out = hall.export("out.pn.zip")
    with zipfile.ZipFile(out) as archive:
        ops = next(info for info in archive.infolist() if info.filename.endswith("ops.jsonl"))
        assert ops.compress_type == zipfile.ZIP_STORED
    barge.take(out)
    assert barge.have() == hall.have()


def test_what_one_server_brought_can_be_handed_on(
    hall: Place, barge: Place, place: Callable[[str], Place], tmp_path: Path
) -> None:
    lock = place("lock")
    barge.take(hall.export("first.pn.zip"))
    barge.write(barge.person("Bo Lindqvist"), "From the barge")
    lock.take(barge.export("second.pn.zip"))
    assert lock.titles() == sorted([*hall.titles(), "From the barge"])
    assert lock.have() == barge.have()
