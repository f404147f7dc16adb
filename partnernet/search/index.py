"""The index of a node on Whoosh, as those who search see it: the generation that is current.

Whoosh is loaded at first use.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from partnernet.core.consumers import Last
from partnernet.core.db import db
from partnernet.core.ledger.node import Node
from partnernet.core.time import now_ms
from partnernet.search import folder as folders
from partnernet.search import state as states
from partnernet.search.backlog import Backlog, Waiting
from partnernet.search.folder import current_folder
from partnernet.search.interface import Condition, Found, Place, Unavailable, Wanted
from partnernet.search.lagging import Lagging
from partnernet.search.state import Damaged, State

if TYPE_CHECKING:
    from partnernet.search.generation import Generation
    from partnernet.search.snapshot import Snapshot

POLL = 0.02
"""Seconds between two looks at the state, while waiting for another process to index."""

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class Index:
    """Where this node searches; safe to use from several threads."""

    def __init__(self, folder: Path, node: Node) -> None:
        self.folder, self.node = folder, node
        self._lock = threading.Lock()
        self._moved = threading.Condition()
        self._backlog = Backlog()
        self._lagging = Lagging()
        self._generation: Generation | None = None
        self._state: State | None = None
        self._state_version: tuple[Path, int, int] | None = None
        self._distrusted: Path | None = None
        """The generation that was found damaged: nothing is looked up in it again."""
        self._cleared: tuple[int, int] | None = None
        """The commit of which every byte was found as it was written."""

    def find(self, wanted: Wanted) -> Found:
        """Answer a question; raises Unavailable where there is no index to be trusted."""
        from partnernet.search import ranking

        def find(snapshot: "Snapshot") -> Found:
            return replace(ranking.find(snapshot, wanted), is_behind=self._lagging.is_behind)

        return self._ask(find, wanted.newest)

    def explain(self, wanted: Wanted, places: Sequence[Place]) -> Sequence[Mapping[str, float]]:
        """For some of the places found, what each word added; raises Unavailable as `find` does."""
        from partnernet.search import ranking

        return self._ask(lambda snapshot: ranking.explain(snapshot, wanted, places))

    def position(self) -> int:
        """How far the index has read; 0 where there is none."""
        state = self.state()
        return state.position if state else 0

    def state(self) -> State | None:
        """What the current generation says of itself; None where there is none of this node's."""
        try:
            folder = current_folder(self.folder)
            version = (folder, *states.version(folder))
            if version != self._state_version:
                self._state, self._state_version = states.read(folder, self.node), version
            return self._state
        except (Damaged, OSError):
            return None

    def waiting(self, newest: int) -> Waiting:
        """What the index has not read of a database whose newest change is this."""
        return self._backlog.look(self.position(), newest, now_ms())

    def wait_for(self, position: int, milliseconds: int = 500) -> bool:
        """Wait a little until the index has read so far; whether it has."""
        until = time.monotonic() + milliseconds / 1000
        with self._moved:
            while self.position() < position:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._moved.wait(min(left, POLL))
        return True

    def moved(self) -> None:
        """Tell those who wait that the index has gone on."""
        with self._moved:
            self._moved.notify_all()

    def ask_for_rebuild(self) -> None:
        """Have the indexer, in whichever process it is, make the index anew."""
        with contextlib.suppress(OSError):
            folders.ask(self.folder)

    def correct(
        self, words: Sequence[str], conditions: Sequence[Condition], newest: Last | None = None
    ) -> Mapping[str, str]:
        """What was meant by words that stand nowhere; raises Unavailable as `find` does."""
        from partnernet.search import suggest

        return self._ask(lambda snapshot: suggest.correct(snapshot, words, conditions), newest)

    def completions(
        self, prefix: str, conditions: Sequence[Condition], limit: int, newest: Last | None = None
    ) -> Sequence[str]:
        """The most frequent words that begin so; raises Unavailable as `find` does."""
        from partnernet.search import suggest

        return self._ask(lambda snapshot: suggest.completions(snapshot, prefix, conditions, limit), newest)

    def telling(self, words: Mapping[str, float], limit: int, least: int = 2) -> Mapping[str, float]:
        """Those of the words of a text that tell most; raises Unavailable as `find` does."""
        from partnernet.search import suggest

        return self._ask(lambda snapshot: suggest.telling(snapshot, words, limit, least))

    def _ask(self, question: "Callable[[Snapshot], Answer]", newest: Last | None = None) -> Answer:
        """What a question to the current generation gives; raises Unavailable where it cannot be asked.

        A failure may mean damage. Where every byte is as it was written it is the question that failed,
        and the index goes on serving others.
        """
        with self._lock:
            while True:
                generation = self._current()
                try:
                    return question(self._snapshot(generation, newest))
                except Unavailable:
                    raise
                except Exception as error:
                    if self._is_replaced(generation):
                        continue
                    if self._is_damaged(generation, error):
                        self._distrust(generation, error)
                    else:
                        log.exception("a question to the search index failed")
                    raise Unavailable("The index cannot be searched; it is being made anew.") from error

    def _snapshot(self, generation: "Generation", newest: Last | None) -> "Snapshot":
        """The index as it may be asked: without what was touched since it has read."""
        snapshot = generation.snapshot()
        snapshot.leave_out(self._lagging.entities(db.session(), generation.state, snapshot, newest))
        return snapshot

    def _current(self) -> "Generation":
        from partnernet.search.generation import Generation

        try:
            folder = current_folder(self.folder)
        except Damaged as error:
            raise Unavailable("The index is being made.") from error
        if folder == self._distrusted:
            raise Unavailable("The index is damaged; it is being made anew.")
        if self._generation is None or self._generation.folder != folder:
            self._generation = Generation(folder, self.node)
            self._cleared = None
        return self._generation

    def _is_replaced(self, generation: "Generation") -> bool:
        """Whether another generation became current while we looked into this one."""
        try:
            return current_folder(self.folder) != generation.folder
        except Damaged:
            return False

    def _is_damaged(self, generation: "Generation", error: Exception) -> bool:
        """Whether the files are not what they should be; all of them are read once a commit at most."""
        if isinstance(error, Damaged):
            return True
        try:
            version = states.version(generation.folder)
            if version != self._cleared:
                generation.check()
                self._cleared = version
        except (Damaged, OSError):
            return True
        return False

    def _distrust(self, generation: "Generation", error: Exception) -> None:
        log.error("The search index cannot be used, so it will be made anew: %s", error, exc_info=error)
        self._generation, self._distrusted = None, generation.folder
        self.ask_for_rebuild()
