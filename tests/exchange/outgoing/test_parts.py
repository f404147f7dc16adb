"""A bundle that is divided: every part under its size, whole by itself, and good in any order."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from partnernet.core.errors import Invalid, TooLarge
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.outgoing.parts import read_size, write_parts
from partnernet.exchange.outgoing.selection import Selection
from partnernet.exchange.outgoing.writer import Export, Written
from tests.exchange.places import Place, lines_of

SIZE = 1_000_000


def divided(place: Place, size: int = SIZE, selection: Selection | None = None) -> tuple[list[Path], Written]:
    made: list[Path] = []

    @contextmanager
    def make(number: int) -> Iterator[BinaryIO]:
        made.append(place.folder / f"part-{number}.pn.zip")
        with made[-1].open("w+b") as file:
            yield file

    written = write_parts(Export(place.session, place.node, place.files, selection or Selection()), size, make)
    place.session.rollback()
    return made, written


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.fixture
def full(hall: Place) -> Place:
    """A server with more than fits into one small part: long talks, and pictures of many sizes."""
    josie = hall.person("Bo Lindqvist")
    for number in range(12):
        hall.write(josie, f"Talk {number}", body=noise(number, 45_000).hex())
    for number in range(5):
        files = [{**hall.attach(noise(100 + 2 * number + n, 300_000)), "name": f"{number}-{n}.bin"} for n in range(2)]
        hall.write(josie, f"With pictures {number}", files=files)
    hall.write(josie, "A film", files=[{**hall.attach(noise(999, SIZE)), "name": "film.mp4"}])
    return hall


def test_every_part_is_under_the_size_and_none_without_the_erasures(full: Place) -> None:
    parts, _ = divided(full)
    assert len(parts) > 4
    for part in parts:
        assert part.stat().st_size <= SIZE
        with open_bundle(part) as bundle:
            lines = [line.line for line in bundle.lines()]
            bundle.check()
            assert bundle.sender == full.node.id
        assert b'"kind":"redact"' in lines[0]
    whole = set(lines_of(full.export("whole.pn.jsonl")))
    assert set().union(*(lines_of(part) for part in parts)) == whole


@pytest.mark.parametrize("seed", range(2))
def test_the_parts_are_taken_in_in_any_order(full: Place, place: Callable[[str], Place], seed: int) -> None:
    parts, _ = divided(full)
    random.Random(seed).shuffle(parts)
    barge = place("barge")
    for part in parts:
        barge.take(part)
    assert barge.have() == full.have() and barge.titles() == full.titles()
    with_files = [name for name in Path(full.files.folder).glob("*/*") if name.stat().st_size < SIZE]
    assert with_files and all(barge.files.has(path.name) for path in with_files)


def test_a_file_that_is_too_large_by_itself_is_left_out_and_said(full: Place) -> None:
    parts, written = divided(full)
    said = {item.why: item.count for item in written.header.left_out}
    assert said["one of them is larger than a part may be"] == 1 and "they are in another part" not in said
    film = noise(999, SIZE)[:100]
    assert not [part for part in parts if film in part.read_bytes()]
    assert written.header.counts["blobs"] == 11 and written.header.counts["parts"] == len(parts)
    assert written.header.counts["ops"] == len(lines_of(full.export("whole.pn.jsonl"))) == len(written.held)


def test_files_are_left_out_where_they_were_not_asked_for(full: Place) -> None:
    parts, _ = divided(full, selection=Selection(with_files=False))
    assert len(parts) == 2
    for part in parts:
        with open_bundle(part) as bundle:
            assert not bundle.blobs
            assert "they were not asked for" in [item.why for item in bundle.header.left_out] or part is parts[0]


def test_what_is_little_is_one_part(hall: Place) -> None:
    parts, written = divided(hall)
    assert len(parts) == 1 and written.header.counts["parts"] == 1
    assert lines_of(parts[0]) == lines_of(hall.export("whole.pn.jsonl"))


def test_text_that_is_very_dense_becomes_no_trap(hall: Place, barge: Place) -> None:
    josie = hall.person("Bo Lindqvist")
    for number in range(14):
        hall.write(josie, f"Drone {number}", body="o" * 190_000)
    parts, _ = divided(hall)
    for part in parts:
        barge.take(part)
    assert barge.have() == hall.have()


def test_a_size_is_read_as_people_write_it() -> None:
    assert [read_size(size) for size in ("18M", "18 MB", "1500K", "1g", "2000000")] == [
        18_000_000, 18_000_000, 1_500_000, 1_000_000_000, 2_000_000,
    ]  # fmt: skip
    for wrong in ("", "18", "900K", "18X", "-5M", "1e9", "3G", "999999999999M"):
        with pytest.raises(Invalid):
            read_size(wrong)


def test_where_the_erasures_alone_are_too_much_that_is_said(hall: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnernet.exchange.outgoing.parts.TAGS_LEAST", 600_000)
    with pytest.raises(TooLarge, match="erased goes into every part"):
        divided(hall)
