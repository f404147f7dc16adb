import errno
import io
import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from partnernet.core.errors import NotFound, StorageFull, TooLarge
from partnernet.core.files import ORPHAN_AGE, PART_AGE, Files

POSTER = b"A poster for the spring Forum\n" * 20_000
HASH = sha256(POSTER).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


def everything(files: Files) -> list[str]:
    return sorted(str(path.relative_to(files.folder)) for path in files.folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_the_hash_of_its_content(files: Files) -> None:
    stored = files.store(io.BytesIO(POSTER), limit=len(POSTER))
    assert (stored.sha256, stored.size) == (HASH, len(POSTER))
    assert everything(files) == [f"{HASH[:2]}/{HASH}"]
    assert files.has(HASH) and files.size(HASH) == len(POSTER)
    with files.open(HASH) as file:
        assert file.read() == POSTER


def test_the_same_file_twice_is_kept_once_and_counts_as_fresh(files: Files) -> None:
    files.store(io.BytesIO(POSTER), limit=1 << 30)
    os.utime(files.path(HASH), (1, 1))
    assert files.store(io.BytesIO(POSTER), limit=1 << 30).sha256 == HASH
    assert everything(files) == [f"{HASH[:2]}/{HASH}"]
    assert files.sweep(referenced=set()) == []


def test_one_byte_over_the_limit_leaves_nothing(files: Files) -> None:
    with pytest.raises(TooLarge):
        files.store(io.BytesIO(POSTER), limit=len(POSTER) - 1)
    assert everything(files) == []


def test_an_upload_that_breaks_off_leaves_nothing(files: Files) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 300_000:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        files.store(Broken(POSTER), limit=1 << 30)
    assert everything(files) == []


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        files.store(io.BytesIO(POSTER), limit=1 << 30)
    assert everything(files) == []


def test_a_file_has_its_name_only_once_it_is_synced(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        fsync(descriptor)

    def note_rename(self: Path, target: Any) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_rename)
    files.store(io.BytesIO(POSTER), limit=1 << 30)
    assert steps == ["sync file", "sync folder", "rename", "sync folder"]


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", HASH.upper(), HASH[:-1], HASH + "\n", "0" * 63 + "/"])
def test_what_is_no_hash_names_no_file(files: Files, name: str) -> None:
    assert not files.has(name)
    with pytest.raises(NotFound):
        files.path(name)


def test_a_file_that_is_not_here_is_not_found(files: Files) -> None:
    assert not files.has(HASH)
    for look in (files.open, files.size):
        with pytest.raises(NotFound):
            look(HASH)


def test_of_many_files_those_that_are_not_here_are_told_in_order(files: Files) -> None:
    here = sorted(files.store(io.BytesIO(bytes([n])), 1).sha256 for n in range(40))
    gone = sorted(sha256(bytes([n])).hexdigest() for n in range(40, 80))
    assert files.absent(sorted((*here, *gone))) == gone
    assert files.absent((gone[0], "../../etc/passwd", "", here[0])) == [gone[0], "../../etc/passwd", ""]


def test_the_sweep_removes_old_orphans_and_parts_and_nothing_else(files: Files) -> None:
    orphan, mentioned = (files.store(io.BytesIO(text), limit=99).sha256 for text in (b"orphan", b"mentioned"))
    part = files.folder / "parts" / "tmpabc"
    part.write_bytes(b"half a fi")
    made = part.stat().st_mtime
    os.utime(files.path(orphan), (made + 120, made + 120))
    assert files.sweep({mentioned}, now=made + PART_AGE - 60) == [] and part.exists()
    assert files.sweep({mentioned}, now=made + PART_AGE + 60) == [] and not part.exists()
    assert files.sweep({mentioned}, now=made + ORPHAN_AGE + 180) == [orphan]
    assert files.has(mentioned) and not files.has(orphan)
