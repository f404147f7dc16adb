"""One generation of the index: a folder with Whoosh's files and the state that says which of them count."""

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex

from partnernet.core.ledger.canonical import from_base32
from partnernet.core.ledger.node import Node
from partnernet.core.time import from_ms, now_ms
from partnernet.search import state as states
from partnernet.search import whoosh_fast
from partnernet.search.document import Document
from partnernet.search.interface import SEPARATOR
from partnernet.search.merging import Size, along
from partnernet.search.occurrences import occurrences, written
from partnernet.search.snapshot import Columns, Leaf, Snapshot
from partnernet.search.state import Damaged, State
from partnernet.search.storage import DurableStorage

Merge = Callable[..., list[Any]]
"""Given the writer, its segments and how many passages are `written`, the segments that are left."""
Choice = Callable[[Sequence[Size]], list[int]]
"""Of segments of some sizes, which to merge."""


SEGMENT = ".seg"


class Interrupted(Exception):
    """There is something better to do than to merge."""


class Generation:
    """An index that this node wrote, at its last commit."""

    def __init__(self, folder: Path, node: Node) -> None:
        self.folder, self._node = folder, node
        self._known: dict[str, states.Look] = {}
        self._version: tuple[int, int] | None = None
        self._snapshot: Snapshot | None = None
        self._columns: dict[str, Columns] = {}
        self.state: State = states.empty(node)

    @classmethod
    def create(cls, folder: Path, node: Node) -> "Generation":
        """A new and empty one."""
        folder.mkdir(mode=0o700, parents=True)
        made = cls(folder, node)
        storage = DurableStorage(folder, ())
        storage.create_index(whoosh_fast.schema())
        made._commit(storage, made.state)
        return made

    def refresh(self) -> State:
        """Go on to the newest commit, whoever made it; raises Damaged where it cannot be used.

        Files that were changed since are noticed, too: to read on in them might end this process.
        """
        while True:
            version = self._newest()
            try:
                state = self.state if version == self._version else states.read(self.folder, self._node)
                states.check(self.folder, state, self._known)
            except Damaged:
                if self._newest() == version:
                    raise
                continue  # files went while we looked, since somebody committed
            if version != self._version:
                self._known = {name: self._known[name] for name in state.files}
                self.state, self._version, self._snapshot = state, version, None
            return self.state

    def snapshot(self) -> Snapshot:
        """The index at its newest commit, to search in; raises Damaged where it cannot be used."""
        self.refresh()
        while self._snapshot is None:
            version = self._version
            try:
                storage = DurableStorage(self.folder, self.state.files)
                self._snapshot = Snapshot(_index(storage).reader(), self._columns)
            except OSError as error:
                self.refresh()
                if version == self._version:
                    raise Damaged("A file of the index cannot be read.") from error
        return self._snapshot

    def _newest(self) -> tuple[int, int]:
        try:
            return states.version(self.folder)
        except OSError as error:
            raise Damaged("The index has no state.") from error

    def check(self) -> None:
        """Raise Damaged unless every file is as it was written, byte for byte."""
        self._known, self._version = {}, None
        self.refresh()

    # -- writing -------------------------------------------------------------------------------------

    def apply(
        self,
        changed: Iterable[Document],
        gone: Collection[str],
        position: int,
        entity: str,
        *,
        erased: bool = False,
        merge: bool = True,
    ) -> None:
        """Take in documents and leave others out, and note how far that is; wholly or not at all.

        `erased` says that what is replaced or left out was erased, so that its traces have to go soon.
        """
        changed = list(changed)
        held = self.snapshot().find([*(document.id for document in changed), *gone])
        stamps = _stamps(held)
        fresh = [document for document in changed if stamps.get(document.id) != document.stamp]
        fresh.sort(key=lambda document: (document.entry.when, document.id))  # the newest stands last
        replaced = [document.id for document in fresh]
        old = [leaf.base + n for one in (*replaced, *gone) for leaf, n in held.get(one, ())]
        state = self.state.at(position, entity)
        # What was erased may have been removed before, and its words stand in the files all the same.
        if erased and not state.erased_at and (old or self._holds_removed()):
            state = replace(state, erased_at=now_ms())
        if not fresh and not old:
            return self._note(state)
        self._write(state, fresh, old, _take_along if merge else _merge_nothing)

    def stamps(self, entities: Collection[str]) -> dict[str, int]:
        """The stamps of those of some entities that have a document."""
        return _stamps(self.snapshot().find(entities))

    def purge(self) -> None:
        """Write the segments anew that still hold words of removed documents."""
        self._write(replace(self.state, erased_at=0), [], [], _merge_deleted)

    @property
    def segments(self) -> int:
        """How many segments there are at most."""
        return sum(name.endswith(SEGMENT) for name in self.state.files)

    def merge(self, choose: Choice, interrupted: Callable[[], bool] = bool) -> bool:
        """Merge some segments; whether there was anything to merge. Left as it was where it is interrupted."""
        self.refresh()
        segments = _index(DurableStorage(self.folder, self.state.files))._segments()
        chosen = {segments[number].segment_id() for number in choose(_sizes(segments))}
        if not chosen:
            return False

        def merge(writer: Any, segments: list[Any], written: int) -> list[Any]:
            picked = [segment for segment in segments if segment.segment_id() in chosen]
            return _merge(writer, segments, picked, interrupted)

        with contextlib.suppress(Interrupted):
            self._write(self.state, [], [], merge)
        return True

    def _holds_removed(self) -> bool:
        return any(leaf.standing is not None for leaf in self.snapshot().leaves)

    def _write(self, state: State, fresh: Sequence[Document], old: Sequence[int], merge: Merge) -> None:
        storage = DurableStorage(self.folder, self.state.files)
        storage.sweep(self.state.files)
        try:
            writer = whoosh_fast.PassageWriter(_index(storage))
            for number in old:
                writer.delete_document(number)
            # What is merged is older than what is new, and stands before it.
            writer.merge_first(partial(merge, written=sum(len(document.passages) for document in fresh)))
            for document in fresh:
                _add(writer, document)
            writer.commit(mergetype=_as_they_are)
            total = sum(segment.doc_count() for segment in _index(storage)._segments())
            self._commit(storage, replace(state, documents=total))
        except BaseException:
            storage.abandon()
            self._version = None
            with contextlib.suppress(Damaged):
                self.refresh()  # the state may have been written before it failed
            raise
        finally:
            storage.sweep(self.state.files)

    def _commit(self, storage: DurableStorage, state: State) -> None:
        stamps = {name: self.state.files.get(name) or states.stamp(self.folder / name) for name in storage.list()}
        self._note(replace(state, files=stamps))

    def _note(self, state: State) -> None:
        states.write(self.folder, state, self._node)
        same = state.files == self.state.files
        self.state, self._version = state, states.version(self.folder)
        self._known = {name: self._known.get(name) or states.look(self.folder / name) for name in state.files}
        if not same:
            self._snapshot = None


def _stamps(held: Mapping[str, Sequence[tuple[Leaf, int]]]) -> dict[str, int]:
    return {entity: places[0][0].stamp(places[0][1]) for entity, places in held.items()}


def _add(writer: whoosh_fast.PassageWriter, document: Document) -> None:
    entry = document.entry
    columns = {
        "raw": from_base32(entry.id, 32), "root": from_base32(entry.root or entry.id, 32), "kind": entry.kind.encode(),
        "log": entry.log.encode(), "partner": (entry.partner or "").encode(), "author": document.author.encode(),
        "tags": SEPARATOR.join(entry.tags).encode(), "stage": document.stage.encode(),
        "year": str(from_ms(entry.when).year).encode(), "when": entry.when, "stamp": document.stamp,
    }  # fmt: skip
    for part, (passage, lang) in enumerate(document.everything()):
        words, own = written(document.named, passage), {"lang": lang.encode(), "part": part}
        writer.add_passage(occurrences(document.named, passage, lang), words, {**columns, **own})


def _index(storage: DurableStorage) -> FileIndex:
    return FileIndex(storage, schema=whoosh_fast.schema())


# -- which segments are merged ---------------------------------------------------------------------


def _as_they_are(writer: Any, segments: list[Any]) -> list[Any]:
    return segments


def _take_along(writer: Any, segments: list[Any], written: int) -> list[Any]:
    chosen = sorted(along(_sizes(segments), written))  # the oldest first, as they stand
    return _merge(writer, segments, [segments[number] for number in chosen])


def _merge_deleted(writer: Any, segments: list[Any], written: int) -> list[Any]:
    return _merge(writer, segments, [segment for segment in segments if segment.has_deletions()])


def _merge_nothing(writer: Any, segments: list[Any], written: int) -> list[Any]:
    return segments


def _merge(writer: Any, segments: list[Any], chosen: list[Any], interrupted: Callable[[], bool] = bool) -> list[Any]:
    from whoosh.reading import SegmentReader

    for segment in chosen:
        if interrupted():
            raise Interrupted
        if not segment.doc_count():
            continue
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in chosen]


def _sizes(segments: Sequence[Any]) -> list[Size]:
    return [Size(segment.doc_count(), segment.deleted_count()) for segment in segments]
