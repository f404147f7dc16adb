"""Commits of the index: wholly or not at all, whatever fails, and nothing opened that is not ours."""

import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import Node, NodeItself, SigningKey
from partnernet.search import state as states
from partnernet.search.document import documents
from partnernet.search.engine import BEING_MADE
from partnernet.search.folder import CURRENT, current_folder
from partnernet.search.generation import Generation
from partnernet.search.state import FILE, Damaged
from partnernet.search.upkeep import PURGE_AFTER, purge_if_due
from tests.factories import own_node
from tests.search.cast import discuss, generation, index, reopened, search, titles, update

TITLES = ["One heron", "Two herons", "Three herons"]


class PowerCut(BaseException):
    """The process is gone: nothing is tidied up."""


class DiskFull(OSError):
    """Nothing more can be stored."""


class Disk:
    """The calls that make a commit last; after `left` of them all fail."""

    CALLS = ("fsync", "rename", "replace", "unlink", "remove", "rmdir")

    def __init__(self, monkeypatch: pytest.MonkeyPatch, left: int, failure: type[BaseException] = PowerCut) -> None:
        self.left, self.failure = left, failure
        for name in self.CALLS:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, call: Callable[..., None]) -> Callable[..., None]:
        def counted(*args: object, **kwargs: object) -> None:
            if self.left <= 0:
                raise self.failure
            self.left -= 1
            call(*args, **kwargs)

        return counted


def herons(session: Session) -> list[str]:
    return sorted(titles(session, "heron"))


@pytest.mark.parametrize("failure", [PowerCut, DiskFull])
def test_a_commit_that_fails_at_any_step_leaves_the_old_index_or_the_new(
    session: Session, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    discuss(session, TITLES[0])
    discuss(session, TITLES[1])
    update()
    discuss(session, TITLES[2])
    steps, finished = 0, False
    while not finished:
        with monkeypatch.context() as patch:
            Disk(patch, steps, failure)
            try:
                update()
                finished = True
            except failure:
                steps += 1
        reopened()
        found = herons(session)
        assert found in (sorted(TITLES[:2]), sorted(TITLES)), f"after step {steps}"
        state = generation().refresh()
        assert (state.documents == 3) == (found == sorted(TITLES))
    assert steps > 5
    update()
    assert herons(session) == sorted(TITLES)
    assert not list(index().folder.glob("generation-*/*.part"))


def test_a_rebuild_that_fails_at_any_step_is_done_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for title in TITLES:
        discuss(session, title)
    steps, finished = 0, False
    while not finished:
        with monkeypatch.context() as patch:
            Disk(patch, steps)
            try:
                update()
                finished = True
            except PowerCut:
                steps += 2
        reopened()
        assert herons(session) in ([], sorted(TITLES))
    update()
    assert herons(session) == sorted(TITLES)
    assert len(list(index().folder.glob("generation-*"))) == 1


def test_files_are_synced_before_they_count(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    discuss(session, TITLES[0])
    update()
    discuss(session, TITLES[1])
    synced: set[int] = set()
    at_commit: list[set[int]] = []
    fsync, replace = os.fsync, os.replace

    def note_sync(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def note_commit(old: Path, new: Path) -> None:
        if Path(new).name == FILE:
            at_commit.append(set(synced))
        replace(old, new)

    before = set(generation().refresh().files)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", note_sync)
        patch.setattr(os, "replace", note_commit)
        update()
    folder, made = current_folder(index().folder), set(generation().refresh().files) - before
    assert made
    assert {(folder / name).stat().st_ino for name in made} | {folder.stat().st_ino} <= at_commit[-1]


def damages() -> Iterator[tuple[str, Callable[[Path], object]]]:
    def truncate(path: Path) -> None:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    def flip(place: float) -> Callable[[Path], None]:
        def flip_one(path: Path) -> None:
            content = bytearray(path.read_bytes())
            content[int(len(content) * place)] ^= 0x10
            path.write_bytes(content)

        return flip_one

    yield "remove", Path.unlink
    yield "truncate", truncate
    yield "empty", lambda path: path.write_text("")
    for place in (0.0, 0.3, 0.6, 0.99):
        yield f"flip at {place}", flip(place)


@pytest.mark.parametrize("pattern", ["*.toc", "*.seg", FILE, CURRENT])
def test_damage_is_noticed_and_the_index_made_anew(session: Session, pattern: str) -> None:
    for title in TITLES:
        discuss(session, title)
    for name, damage in damages():
        update()
        assert herons(session) == sorted(TITLES), f"before {name}"
        folder = index().folder if pattern == CURRENT else current_folder(index().folder)
        damage(next(iter(folder.glob(pattern))))
        reopened()
        found = search(session, "heron")
        assert BEING_MADE in found.notes, name
        assert not found.hits
    update()
    assert herons(session) == sorted(TITLES)


def test_an_index_from_elsewhere_is_never_unpickled(session: Session, tmp_path: Path) -> None:
    discuss(session, TITLES[0])
    update()
    folder, touched = current_folder(index().folder), tmp_path / "touched"

    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (touched,))

    stranger = Node(SigningKey.from_seed(b"s" * 32), own_node().inc)
    for path in folder.iterdir():
        if path.name != FILE:
            path.write_bytes(pickle.dumps(Trap()))
    state = states.State(
        own_node().id, own_node().inc,
        files={path.name: states.stamp(path) for path in folder.iterdir() if path.name != FILE},
    )  # fmt: skip
    states.write(folder, state, stranger)
    reopened()
    assert BEING_MADE in search(session, "heron").notes
    update()
    assert herons(session) == TITLES[:1]
    assert not touched.exists()


def test_an_index_of_an_older_form_or_another_life_is_made_anew(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    discuss(session, TITLES[0])
    update()
    folder = current_folder(index().folder)
    with monkeypatch.context() as patch:
        patch.setattr(states, "FORMAT", "partnernet-search/99")
        with pytest.raises(Damaged, match="older form"):
            states.read(folder, own_node())
    with pytest.raises(Damaged, match="restored"):
        states.read(folder, Node(own_node().key, "another"))


def test_one_more_document_is_one_small_commit_and_segments_stay_few(session: Session) -> None:
    discuss(session, TITLES[0])
    update()
    for n in range(30):
        discuss(session, f"Heron {n}")
        update()
    assert len(generation().snapshot().leaves) <= 6
    assert generation().refresh().documents == 31


def test_taking_in_the_same_again_changes_no_file(session: Session) -> None:
    entry = discuss(session, TITLES[0])
    update()
    opened = generation()
    before = opened.refresh()
    opened.apply(documents(session, [entry.id]).values(), ["a" * 52], before.position, entry.id)
    assert opened.refresh().files == before.files
    assert herons(session) == TITLES[:1]


def test_erased_words_leave_the_files_within_the_hour(session: Session) -> None:
    def traces() -> int:
        files = current_folder(index().folder).glob("*")
        return sum(b"zanzibarquark" in path.read_bytes() for path in files)

    heron = discuss(session, TITLES[0])
    erased = discuss(session, "Zanzibarquark heron")
    update()
    assert traces()
    verbs.redact(session, NodeItself(own_node()), erased)
    commit(session)
    update()
    assert herons(session) == [heron.title]
    opened = generation()
    since = opened.refresh().erased_at
    assert since
    assert not purge_if_due(opened, since + PURGE_AFTER - 1)
    assert purge_if_due(opened, since + PURGE_AFTER)
    assert not traces()
    assert not opened.refresh().erased_at
    assert herons(session) == [heron.title]


def test_what_was_removed_before_it_was_erased_leaves_the_files_too(session: Session) -> None:
    node = NodeItself(own_node())
    for title in TITLES[:1] * 6:
        discuss(session, title)
    erased = discuss(session, "Zanzibarquark heron")
    update()
    verbs.delete(session, node, erased)
    commit(session)
    update()
    assert not generation().refresh().erased_at
    verbs.redact(session, node, erased)
    commit(session)
    update()
    opened = generation()
    assert purge_if_due(opened, opened.refresh().erased_at + PURGE_AFTER)
    assert not any(b"zanzibarquark" in path.read_bytes() for path in opened.folder.glob("*"))


def test_the_folder_is_for_its_owner_alone(session: Session) -> None:
    discuss(session, TITLES[0])
    update()
    assert index().folder.stat().st_mode & 0o077 == 0
    assert current_folder(index().folder).stat().st_mode & 0o077 == 0


def test_a_reader_goes_on_to_what_another_has_committed(session: Session) -> None:
    discuss(session, TITLES[0])
    update()
    reader = Generation(current_folder(index().folder), own_node())
    before = reader.snapshot()
    discuss(session, TITLES[1])
    update()
    assert reader.snapshot() is not before
    assert reader.snapshot() is reader.snapshot()
    assert reader.state.documents == 2
