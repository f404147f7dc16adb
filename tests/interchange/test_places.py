"""Where what is written out goes: names that are safe everywhere, and nothing half done."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnernet.core.errors import Refused, StorageFull
from partnernet.interchange.places import check_room, file_name, safe_name, whole_folder
from partnernet.terminal import whole_file
from tests.interchange.told import entity

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
TITLES = st.text(max_size=200) | st.sampled_from(
    ["CON", "../../etc/passwd", "nul", "a/b\\c", "…", ".", "COM1.txt", "x "]
)


@settings(max_examples=50, deadline=None)
@given(title=TITLES, n=st.integers(0, 99))
def test_names_are_safe_on_every_system(title: str, n: int) -> None:
    for name in (safe_name(title, entity(n)) + ".md", file_name("ab" * 32, title).removeprefix("files/")):
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9]{1,10})?", name)
        assert len(name.encode()) <= 100 and name.split(".")[0] not in RESERVED and not name.startswith("-")


def test_two_entries_of_one_title_keep_apart() -> None:
    assert safe_name("Notes", entity(1)) != safe_name("notes", entity(2))


def test_two_files_of_one_name_keep_apart_and_their_endings() -> None:
    assert file_name("ab" * 32, "Poster.PDF") == "files/abababababababab-poster.pdf"
    assert file_name("cd" * 32, "Poster.PDF") != file_name("ab" * 32, "Poster.PDF")
    assert file_name("ab" * 32, "no ending") == "files/abababababababab-no-ending"
    assert file_name("ab" * 32, "πλάτη.exe;rm") == "files/abababababababab-exe-rm"


def test_a_folder_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with pytest.raises(ValueError, match="stop"), whole_folder(path) as folder:
        with folder.file("notes/a.md") as file:
            file.write(b"half")
        raise ValueError("stop")
    assert list(tmp_path.iterdir()) == []
    with whole_folder(path) as folder, folder.file("notes/a.md") as file:
        file.write(b"whole")
        assert not path.exists()
    assert (path / "notes" / "a.md").read_bytes() == b"whole" and list(tmp_path.iterdir()) == [path]


def test_what_stands_there_already_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(Refused, match="choose another place"), whole_folder(tmp_path):
        pass
    assert (tmp_path / "mine.md").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    with whole_folder(tmp_path / "empty") as folder, folder.file("a.md"):
        pass
    with pytest.raises(Refused, match="is a folder"), whole_file(tmp_path):
        pass


def test_a_mailbox_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"
    path.write_bytes(b"older")
    with pytest.raises(ValueError, match="stop"), whole_file(path) as file:
        file.write(b"half")
        raise ValueError("stop")
    assert path.read_bytes() == b"older" and list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path) -> None:
    check_room(tmp_path / "not" / "there" / "yet", 1)
    with pytest.raises(StorageFull, match="not enough room"):
        check_room(tmp_path, 1 << 60)
