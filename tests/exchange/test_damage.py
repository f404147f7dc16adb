"""A file that is damaged, or set as a trap, changes nothing and says what is wrong."""

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from partnernet.core.errors import Refused
from partnernet.exchange.incoming.stage import drop
from tests.exchange import zips
from tests.exchange.places import FORMS, Place, changed, lines_of, write_lines
from tests.laws.budget import LONG
from tests.progress import Progress

MUTATIONS = 2_000 if LONG else 200


def refusal(barge: Place, path: Path) -> str:
    """What is said when a file is refused, once it is seen that nothing was stored."""
    before = barge.dump()
    with pytest.raises(Refused) as caught:
        barge.take(path)
    assert barge.dump() == before
    sentence = caught.value.sentence
    assert sentence.endswith(".") and "Traceback" not in sentence
    return sentence


# -- cut off ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [".pn.zip", ".pn.json"])
def test_a_file_that_is_cut_off_is_refused(hall: Place, barge: Place, form: str) -> None:
    whole = hall.export(f"out{form}").read_bytes()
    cut = barge.folder / f"cut{form}"
    for part in range(0, 100, 5):
        cut.write_bytes(whole[: len(whole) * part // 100])
        refusal(barge, cut)


def test_lines_that_are_cut_off_within_one_name_that_line(hall: Place, barge: Place) -> None:
    whole = hall.export("out.pn.jsonl").read_bytes()
    cut = barge.folder / "cut.pn.jsonl"
    cut.write_bytes(b"")
    assert "nothing in this file" in refusal(barge, cut)
    for part in range(5, 100, 5):
        end = len(whole) * part // 100
        end -= 2 * whole[:end].endswith(b"\n") + whole[end:].startswith(b"\n")
        cut.write_bytes(whole[:end])
        bad = whole[:end].count(b"\n") + 1
        assert f"line {bad} is bad" in refusal(barge, cut)


def test_fewer_lines_than_the_header_says_are_refused(hall: Place, barge: Place) -> None:
    lines = lines_of(hall.export("out.pn.jsonl"))
    header = b'{"bundle":{"format":"partnernet-bundle/1","counts":{"ops":9}}}'
    whole = write_lines(barge.folder / "whole.pn.jsonl", [header, *lines])
    assert "there are 8" in refusal(barge, write_lines(barge.folder / "cut.pn.jsonl", [header, *lines[:-1]]))
    receipt = barge.take(whole)
    assert receipt and receipt["ops"] == 9


# -- changed bytes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_changed_bytes_never_change_what_is_here(hall: Place, barge: Place, form: str, progress: Progress) -> None:
    """Where a file with random damage is taken in at all, exactly what was sent is what arrives."""
    whole = hall.export(f"out{form}").read_bytes()
    sent = set(lines_of(hall.export("whole.pn.jsonl")))
    source = random.Random(7)
    path = barge.folder / f"changed{form}"
    before = barge.dump()
    refused = 0
    for _ in progress.through(range(MUTATIONS // len(FORMS))):
        path.write_bytes(mutated(whole, source))
        try:
            batch = barge.stage(path)
        except Refused:
            refused += 1
        else:
            assert set(lines_of(path)) <= sent
            drop(barge.session, batch.id)
        assert barge.dump() == before
    assert refused > MUTATIONS // len(FORMS) // 2


def mutated(whole: bytes, source: random.Random) -> bytes:
    raw = bytearray(whole)
    for _ in range(source.randint(1, 3)):
        at, kind = source.randrange(len(raw)), source.randrange(5)
        if kind == 0:
            raw[at] ^= 1 << source.randrange(8)
        elif kind == 1:
            raw[at : at + source.randint(1, 40)] = b""
        elif kind == 2:
            raw[at:at] = source.randbytes(source.randint(1, 9))
        elif kind == 3:
            raw[at:at] = raw[at : at + source.randint(1, 400)]
        else:
            raw[at : at + 4] = source.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"}}}}", b'""""', b"\xed\xa0\x80\n"])
        raw = raw or bytearray(b"\0")
    return bytes(raw)


def test_a_changed_attachment_is_named(hall: Place, barge: Place) -> None:
    blob = hall.attach()["sha256"]
    out = zips.rewritten(hall.export("out.pn.zip"), zips.replaced(blob, lambda content: content[:-1] + b"!"))
    assert blob in refusal(barge, out)


def test_changed_ops_are_found_by_the_line_or_by_the_hash(hall: Place, barge: Place) -> None:
    out = hall.export("out.pn.zip")
    said = refusal(
        barge, zips.rewritten(out, zips.replaced("ops.jsonl", lambda ops: ops.replace(b"Friday", b"Sunday")))
    )
    assert "of data/ops.jsonl is bad. The text of a statement has been altered." in said
    twice = zips.rewritten(out, zips.replaced("ops.jsonl", lambda ops: ops + ops.splitlines(keepends=True)[0]))
    assert "there are 10" in refusal(barge, twice)
    swapped = zips.rewritten(out, zips.replaced("ops.jsonl", lambda ops: b"".join(ops.splitlines(keepends=True)[::-1])))
    assert "hash" in refusal(barge, swapped)


@pytest.mark.parametrize("name", ["bundle.json", "README.txt", "bag-info.txt", "bagit.txt"])
def test_a_changed_page_of_the_bag_is_named(hall: Place, barge: Place, name: str) -> None:
    out = zips.rewritten(hall.export("out.pn.zip"), zips.replaced(name, lambda content: content + b"\n"))
    assert name in refusal(barge, out)


@pytest.mark.parametrize(
    "name", ["bundle.json", "data/ops.jsonl", "signature.json", "/manifest-sha256.txt", "tagmanifest-sha256.txt"]
)
def test_a_missing_part_is_named(hall: Place, barge: Place, name: str) -> None:
    said = refusal(barge, zips.rewritten(hall.export("out.pn.zip"), zips.without(name)))
    assert name.strip("/") in said or "does not list exactly" in said


def test_somebody_elses_signature_is_refused(hall: Place, barge: Place) -> None:
    other = hall.export("other.pn.zip", note="another bundle")
    signature = next(content for info, content in zips.members(other) if info.filename.endswith("signature.json"))
    out = zips.rewritten(hall.export("out.pn.zip"), zips.replaced("signature.json", lambda _: signature))
    assert "signature of the bundle" in refusal(barge, out)


# -- traps -----------------------------------------------------------------------------------------

TRAPS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a way out": (lambda path: zips.rewritten(path, zips.added("../../etc/passwd")), "does not belong"),
    "a way out of the folder": (lambda path: zips.rewritten(path, zips.added("{top}/../x")), "does not belong"),
    "an absolute name": (lambda path: zips.rewritten(path, zips.added("/etc/passwd")), "does not belong"),
    "a backslash": (lambda path: zips.rewritten(path, zips.added("{top}\\..\\x")), "does not belong"),
    "a second folder": (lambda path: zips.rewritten(path, zips.added("b/bagit.txt")), "does not belong"),
    "a stranger": (lambda path: zips.rewritten(path, zips.added("{top}/data/run.sh")), "does not belong"),
    "a blob of another name": (lambda path: zips.rewritten(path, zips.added("{top}/data/blobs/x")), "does not belong"),
    "an unlisted blob": (
        lambda path: zips.rewritten(path, zips.added("{top}/data/blobs/" + "0" * 64)), "does not list exactly",
    ),
    "a link": (
        lambda path: zips.rewritten(path, zips.added("{top}/data/blobs/" + "0" * 64, b"/etc/passwd", mode=0o120777)),
        "is a link",
    ),
    "a dense page": (
        lambda path: zips.bomb(zips.rewritten(path, zips.without("README.txt")), "{top}/README.txt", 4 << 20),
        "trap",
    ),
    "a dense blob": (lambda path: zips.bomb(path, "{top}/data/blobs/" + "0" * 64, 64 << 20), "trap"),
    "shared bytes": (zips.overlapping, "same place"),
    "an encrypted part": (lambda path: zips.patched(path, "ops.jsonl", 8, b"\x01", local=6), "encrypted"),
    "an unknown packing": (lambda path: zips.patched(path, "ops.jsonl", 10, b"\x0c", local=8), "packed"),
    "a part elsewhere": (lambda path: zips.patched(path, "bagit.txt", 42, b"\x05\0\0\0"), ""),
    "bytes before the first file": (lambda path: zips.with_bytes_of_no_file(path, before=0), "not where"),
    "bytes between two files": (lambda path: zips.with_bytes_of_no_file(path, before=3), "not where"),
    "bytes after the last file": (lambda path: zips.with_bytes_of_no_file(path, before=99), "ask for the bundle again"),
    "a huge claim": (lambda path: zips.patched(path, "README.txt", 24, b"\xff\xff\xff\x7f"), "larger"),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_a_zip_that_is_a_trap_is_refused_before_anything_is_read(hall: Place, barge: Place, trap: str) -> None:
    make, sign = TRAPS[trap]
    assert sign in refusal(barge, make(hall.export("out.pn.zip")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(hall: Place, barge: Place) -> None:
    out = zips.rewritten(hall.export("out.pn.zip"), zips.added("{top}/data/ops.jsonl", b"{}"))
    assert "twice" in refusal(barge, out)


def test_something_before_or_after_the_zip_is_refused(hall: Place, barge: Place) -> None:
    whole = hall.export("out.pn.zip").read_bytes()
    path = barge.folder / "odd.pn.zip"
    for odd in (b"#!/bin/sh\n" + whole, whole + b"<script>", zips.empty(), b"", b"PK\5\6"):
        path.write_bytes(odd)
        refusal(barge, path)


def test_a_zip_packed_again_by_another_program_is_read(hall: Place, barge: Place) -> None:
    def packed_otherwise(present: zips.Members) -> zips.Members:
        top = present[0][0].filename.partition("/")[0]
        folders = [(zipfile.ZipInfo(f"{top}/{name}"), b"") for name in ("", "data/", "data/blobs/")]
        return [*folders, *reversed(present)]

    assert barge.take(zips.rewritten(hall.export("out.pn.zip"), packed_otherwise))
    assert barge.have() == hall.have()


# -- lines -----------------------------------------------------------------------------------------

DEEP = b"[" * 100_000
ODD_LINES = {
    "no JSON": b"hello",
    "nothing": b"",
    "a deep nest": DEEP,
    "half a character": rb'{"b":null,"h":{},"id":"\ud800","sig":""}',
    "a fraction": b'{"b":null,"h":{"ts":1.5},"id":"","sig":""}',
    "a huge number": b'{"b":null,"h":{"ts":123456789012345678901234},"id":"","sig":""}',
    "no number": b'{"b":null,"h":{"ts":NaN},"id":"","sig":""}',
    "broken UTF-8": b'{"b":null,"h":{},"id":"\xed\xa0\x80","sig":""}',
    "no object": b"[]",
    "a number": b"17",
}


@pytest.mark.parametrize("odd", ODD_LINES)
def test_a_line_that_is_no_op_is_named(hall: Place, barge: Place, odd: str) -> None:
    lines = lines_of(hall.export("out.pn.jsonl"))
    path = write_lines(barge.folder / "odd.pn.jsonl", [*lines[:4], ODD_LINES[odd], *lines[4:]])
    assert "line 5 is bad" in refusal(barge, path)


def test_a_line_of_two_mebibytes_is_refused_without_being_held(barge: Place) -> None:
    path = write_lines(barge.folder / "long.pn.jsonl", [b'{"b":"' + b"x" * (2 << 20)])
    assert "longer than 1 MiB" in refusal(barge, path)


ODD_DOCUMENTS: dict[str, Callable[[bytes], bytes]] = {
    "a doubled key": lambda text: text.replace(b'"kind": "reply",', b'"kind": "reply", "kind": "reply",', 1),
    "U+0000": lambda text: text.replace(b"Open to all", b"Open to\\u0000all"),
    "half a character": lambda text: text.replace(b"Open to all", b"Open to \\ud800"),
    "a fraction": lambda text: text.replace(b'"v": 1', b'"v": 1.0', 1),
    "a deep nest": lambda text: text.replace(b'"ops": [', b'"ops": [' + DEEP, 1),
    "open quotes": lambda text: text.replace(b'"ops": [', b'"ops": [' + b'"\\"' * 200_000, 1),
    "an altered text": lambda text: text.replace(b"Friday", b"Sunday"),
    "a missing entry": lambda text: text[: text.rindex(b",\n    {")] + b"\n  ]\n}\n",
    "something between": lambda text: text.replace(b"    },\n    {", b"    }, 7,\n    {", 1),
    "something after": lambda text: text + b"x",
    "an altered note": lambda text: text.replace(b'"note": ""', b'"note": "Trust me"'),
    "another order": lambda text: reordered(text),
    "an altered have": lambda text: text.replace(b'"r": "1-', b'"r": "2-', 1),
}  # fmt: skip


def reordered(text: bytes) -> bytes:
    value = orjson.loads(text)
    return orjson.dumps({**value, "ops": value["ops"][::-1]}, option=orjson.OPT_INDENT_2)


@pytest.mark.parametrize("odd", ODD_DOCUMENTS)
def test_a_document_that_was_changed_is_refused(hall: Place, barge: Place, odd: str) -> None:
    text = hall.export("out.pn.json").read_bytes()
    path = barge.folder / "odd.pn.json"
    path.write_bytes(ODD_DOCUMENTS[odd](text))
    assert path.read_bytes() != text
    refusal(barge, path)


def test_a_document_may_be_laid_out_anew(hall: Place, barge: Place) -> None:
    value = json.loads(hall.export("out.pn.json").read_text())
    path = barge.folder / "compact.pn.json"
    path.write_text(json.dumps({**value, "ops": [dict(reversed(op.items())) for op in value["ops"]]}))
    assert barge.take(path) and barge.have() == hall.have()


def test_a_document_over_sixteen_mebibytes_is_refused(barge: Place) -> None:
    path = barge.folder / "large.pn.json"
    path.write_bytes(b"{" + b" " * (16 << 20) + b"}")
    assert "16 MB" in refusal(barge, path)


def test_a_bundle_of_a_newer_format_asks_for_an_update(hall: Place, barge: Place) -> None:
    lines = lines_of(hall.export("out.pn.jsonl"))
    path = write_lines(barge.folder / "new.pn.jsonl", [b'{"bundle":{"format":"partnernet-bundle/2"}}', *lines])
    assert "newer version" in refusal(barge, path)


def test_a_bad_line_late_in_a_long_file_leaves_nothing(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    hall.append_many(josie, "weather", ({"set": {"day": number}} for number in range(900)))
    lines = lines_of(hall.export("out.pn.jsonl"))
    lines[-1] = changed(lines[-1], sig="a" * 103)
    said = refusal(barge, write_lines(barge.folder / "bad.pn.jsonl", lines))
    assert f"line {len(lines)} is bad" in said
