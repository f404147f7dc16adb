"""The stream of a backup: every tar reads it, and it is read with nothing believed."""

import gzip
import io
import tarfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from partnernet.backups import tape
from partnernet.backups.form import TOP, Damaged

CONTENTS = {"README.txt": b"hello\n", "database.db": b"\0\1" * 70_000, "files/aa/empty": b"", "files/aa/b": b"x" * 512}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "one.tar.gz"
    with path.open("wb") as file:
        writer = tape.Writer(file, 1_780_000_000)
        for n, (name, content) in enumerate(CONTENTS.items()):
            level = tape.PLAIN if n > 1 else tape.PACKED
            assert writer.add(name, len(content), io.BytesIO(content), level=level) == sha256(content).hexdigest()
        writer.end()
    return path


def read(path: Path) -> dict[str, bytes]:
    found = {}
    with tape.opened(path) as reader:
        for member in reader.members():
            kept = io.BytesIO()
            digest = member.copy_to(kept)
            assert digest == sha256(kept.getvalue()).hexdigest()
            found[member.name] = kept.getvalue()
    return found


def test_what_was_written_is_read(written: Path) -> None:
    assert read(written) == CONTENTS


def test_any_tar_reads_it(written: Path) -> None:
    with tarfile.open(written) as other:
        assert [member.name for member in other] == [TOP + name for name in CONTENTS]
        assert {member.mode for member in other} == {0o600}
        stream = other.extractfile(TOP + "database.db")
        assert stream is not None and stream.read() == CONTENTS["database.db"]


def test_a_file_that_becomes_shorter_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    with (tmp_path / "one").open("wb") as file, pytest.raises(Damaged, match="shorter"):
        tape.Writer(file, 0).add("database.db", 10, io.BytesIO(b"five!"))


def test_sizes_that_octal_digits_cannot_say(tmp_path: Path) -> None:
    info = tarfile.TarInfo(TOP + "database.db")
    info.size = 20 << 30
    (tmp_path / "one").write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT)))
    with tape.opened(tmp_path / "one") as reader:
        assert next(reader.members()).size == 20 << 30


def test_cut_off_anywhere_it_is_damaged(written: Path) -> None:
    whole = written.read_bytes()
    for percent in range(0, 100, 3):
        written.write_bytes(whole[: len(whole) * percent // 100])
        with pytest.raises(Damaged):
            read(written)


def test_what_follows_the_end_is_refused(written: Path) -> None:
    whole = written.read_bytes()
    for more in (gzip.compress(b"more"), b"more"):
        written.write_bytes(whole + more)
        with pytest.raises(Damaged):
            read(written)


def test_any_byte_that_is_flipped_is_noticed(written: Path) -> None:
    whole = written.read_bytes()
    for at in range(12, len(whole), 37):
        written.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            assert read(written) == CONTENTS, "what is read differs, and nobody is told"
        except Damaged:
            continue


def linked(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"


def hard(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.LNKTYPE, "node.key"


def device(info: tarfile.TarInfo) -> None:
    info.type = tarfile.CHRTYPE


def folder(info: tarfile.TarInfo) -> None:
    info.type = tarfile.DIRTYPE


def long(info: tarfile.TarInfo) -> None:
    info.name = TOP + "files/" + "a" * 200


def outside(info: tarfile.TarInfo) -> None:
    info.name = "../../etc/passwd"


def absolute(info: tarfile.TarInfo) -> None:
    info.name = "/etc/passwd"


def strange(info: tarfile.TarInfo) -> None:
    info.name = TOP + "datenbänk"


@pytest.mark.parametrize("change", [linked, hard, device, folder, long, outside, absolute, strange])
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT])
def test_nothing_but_plain_files_with_short_names(
    tmp_path: Path, change: Callable[[tarfile.TarInfo], None], form: int
) -> None:
    info = tarfile.TarInfo(TOP + "README.txt")
    change(info)
    try:
        head = info.tobuf(form)
    except ValueError:
        pytest.skip("this form of tar cannot even say it")
    (tmp_path / "trap").write_bytes(gzip.compress(head + bytes(1024)))
    with pytest.raises(Damaged):
        read(tmp_path / "trap")


HEAD = tarfile.TarInfo(TOP + "README.txt").tobuf(tarfile.GNU_FORMAT)
HOSTILE: Sequence[bytes] = (
    b"", b"\0" * 512, b"\0" * 1024 + b"x", b"x" * 512, HEAD, HEAD[:100] + b"x" + HEAD[101:], b"\xff" * 1024,
    HEAD[:124] + b"\x80" + b"\xff" * 11 + HEAD[136:], HEAD[:124] + b"99999999999\0" + HEAD[136:],
)  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE)
def test_broken_headers_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "trap").write_bytes(gzip.compress(content))
    with pytest.raises(Damaged):
        read(tmp_path / "trap")


def test_what_is_no_gzip_at_all_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"PK\3\4", b"\x1f\x8b", b"SQLite format 3\0" * 100):
        (tmp_path / "trap").write_bytes(content)
        with pytest.raises(Damaged):
            read(tmp_path / "trap")
