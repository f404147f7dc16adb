"""Reading a backup that is damaged or a trap: refused in a sentence, whatever it says of itself."""

import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from partnernet.backups import form, reading, tape
from partnernet.backups.form import Damaged
from partnernet.core.errors import Refused, StorageFull

KEY = b"k" * 53
FILE = b"a poster"
NAME = sha256(FILE).hexdigest()
PLACE = f"files/{NAME[:2]}/{NAME}"

Parts = list[tuple[str, bytes]]


def stated(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": sha256(content).hexdigest()}


def manifest(**changes: Any) -> bytes:
    said = {
        "format": form.FORMAT, "software": "0", "created": 1, "node": "n", "network": "",
        "database": {"kind": "sqlite", "revision": "0006", "ops": 1, "last": ""},
        "members": {"node.key": stated(KEY), "database.db": stated(b"rows")},
        "files": {"count": 1, "bytes": len(FILE)}, "left_out": [], **changes,
    }  # fmt: skip
    return json.dumps(said).encode()


def parts() -> Parts:
    return [("node.key", KEY), ("database.db", b"rows"), (PLACE, FILE), ("manifest.json", manifest())]


def write(path: Path, given: Parts) -> Path:
    with path.open("wb") as file:
        writer = tape.Writer(file, 0)
        for name, content in given:
            writer.add(name, len(content), io.BytesIO(content))
        writer.end()
    return path


def test_a_whole_one_is_laid_out_under_names_of_our_own(tmp_path: Path) -> None:
    path = write(tmp_path / "one", parts())
    (tmp_path / "out").mkdir()
    reading.lay_out(path, tmp_path / "out")
    laid = {each.relative_to(tmp_path / "out").as_posix(): each for each in (tmp_path / "out").rglob("*")}
    assert set(laid) == {"node.key", "database", "files", f"files/{NAME[:2]}", PLACE}
    assert laid["node.key"].stat().st_mode & 0o777 == 0o600


def without(name: str) -> Callable[[Parts], Parts]:
    return lambda given: [part for part in given if part[0] != name]


def with_part(name: str, content: bytes, at: int = 0) -> Callable[[Parts], Parts]:
    return lambda given: [*given[:at], (name, content), *given[at:]]


def instead(name: str, content: bytes) -> Callable[[Parts], Parts]:
    return lambda given: [(each, content if each == name else kept) for each, kept in given]


OTHER = sha256(b"0").hexdigest()

TRAPS: dict[str, Callable[[Parts], Parts]] = {
    "no list": without("manifest.json"),
    "no key": without("node.key"),
    "no database": without("database.db"),
    "a file less": without(PLACE),
    "a file more": with_part(f"files/{OTHER[:2]}/{OTHER}", b"0", 2),
    "a file twice": with_part(PLACE, FILE, 2),
    "a key twice": with_part("node.key", KEY),
    "a file under another's name": instead(PLACE, b"something else"),
    "a key that is not the listed one": instead("node.key", b"j" * 53),
    "a database that is not the listed one": instead("database.db", b"rowz"),
    "an unknown name": with_part("notes.txt", b"hello"),
    "a name that climbs": with_part("files/../../node.key", b"hello"),
    "a folder of another hash": with_part(f"files/zz/{NAME}", FILE),
    "two databases": with_part("database.dump", b"rows"),
    "something after the list": with_part("README.txt", b"hello", 4),
    "a key too long": instead("node.key", b"k" * 5_000),
    "a list too long": instead("manifest.json", b" " * (2 << 20)),
    "a list that is none": instead("manifest.json", b"[]"),
    "a list of nothing": instead("manifest.json", b"{}"),
    "a list too deep": instead("manifest.json", b"[" * 100_000),
    "a list with a member that is not there": instead(
        "manifest.json", manifest(members={"node.key": stated(KEY), "database.db": stated(b"rows"), "x": {}})
    ),
    "a database of no kind": instead("manifest.json", manifest(database={"kind": "oracle", "ops": 1})),
    "numbers that are none": instead("manifest.json", manifest(database={"kind": "sqlite", "ops": "many"})),
    "members that are none": instead("manifest.json", manifest(members=[1])),
    "a newer form": instead("manifest.json", manifest(format="partnernet-backup/2")),
    "nothing at all": lambda given: [],
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_refused(tmp_path: Path, trap: str) -> None:
    path = write(tmp_path / "one", TRAPS[trap](parts()))
    with pytest.raises(Refused) as refused:
        reading.check(path)
    assert isinstance(refused.value, Damaged) or "newer version" in refused.value.sentence
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused):
        reading.lay_out(path, tmp_path / "out")
    assert not (tmp_path / "node.key").exists()


def test_a_backup_that_would_fill_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "one", parts())
    monkeypatch.setattr(reading, "ROOM", 1 << 60)
    (tmp_path / "out").mkdir()
    with pytest.raises(StorageFull, match="no room"):
        reading.lay_out(path, tmp_path / "out")


def test_other_files_do_not_look_like_one(tmp_path: Path) -> None:
    assert reading.looks_like_one(write(tmp_path / "one", [("README.txt", b""), *parts()]))
    assert not reading.looks_like_one(write(tmp_path / "two", []))
    assert not reading.looks_like_one(tmp_path)
    assert not reading.looks_like_one(tmp_path / "nowhere")
