"""The zip is a valid BagIt bag that others can open and check without us."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import bagit
import pytest

from tests.exchange.places import Place, lines_of


@pytest.fixture
def unpacked(hall: Place, tmp_path: Path) -> Path:
    with zipfile.ZipFile(hall.export("out.pn.zip")) as archive:
        archive.extractall(tmp_path / "unpacked")
    (top,) = (tmp_path / "unpacked").iterdir()
    return top


def test_any_bagit_tool_finds_it_valid(unpacked: Path) -> None:
    bag = bagit.Bag(str(unpacked))
    bag.validate()
    assert bag.info["Payload-Oxum"].endswith(".3")


def test_the_ordinary_tool_for_hashes_finds_it_whole(unpacked: Path) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    assert subprocess.run(command, cwd=unpacked, capture_output=True, check=True).stdout == b""


def test_a_changed_payload_is_found_by_any_bagit_tool(unpacked: Path) -> None:
    ops = unpacked / "data" / "ops.jsonl"
    ops.write_bytes(ops.read_bytes().replace(b"Friday", b"Sunday"))
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(unpacked)).validate()


def test_it_holds_what_the_page_of_its_format_says(unpacked: Path, hall: Place) -> None:
    names = sorted(path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file())
    blob = hall.attach()["sha256"]
    assert names == sorted([
        "bagit.txt", "bag-info.txt", "README.txt", "bundle.json", "manifest-sha256.txt", "tagmanifest-sha256.txt",
        "signature.json", "data/ops.jsonl", "data/readable.html", f"data/blobs/{blob}",
    ])  # fmt: skip
    assert hashlib.sha256((unpacked / "data" / "blobs" / blob).read_bytes()).hexdigest() == blob
    assert (unpacked / "data" / "ops.jsonl").read_bytes().splitlines() == lines_of(hall.folder / "out.pn.zip")


def test_the_readme_says_in_plain_words_how_to_open_it(unpacked: Path) -> None:
    text = (unpacked / "README.txt").read_text()
    assert "9 signed statements" in text and "1 attached file." in text and "“partnernet import”" in text
    assert max(map(len, text.splitlines())) <= 100
