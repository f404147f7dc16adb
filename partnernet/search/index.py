"""The index of a node on Whoosh, as those who search see it: the generation that is current.

The folder holds generations, `current` with the name of the one to use, `lock`, which the one
indexer holds, and `rebuild` while somebody has asked for a new one. Whoosh is loaded at first use.
"""

import contextlib
import logging
import re
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from partnernet.core.ledger.node import Node, write_durably
from partnernet.search import state as states
from partnernet.search.interface import Found, Unavailable, Wanted
from partnernet.search.state import Damaged, State

if TYPE_CHECKING:
    from partnernet.search.generation import Generation

CURRENT, LOCK, REBUILD = "current", "lock", "rebuild"
POLL = 0.02
"""Seconds between two looks at the state, while waiting for another process to index."""

log = logging.getLogger(__name__)

_name = re.compile(r"generation-[0-9a-f]{16}").fullmatch


class Index:
    """Where this node searches; safe to use from several threads."""

    def __init__(self, folder: Path, node: Node) -> None:
        self.folder, self.node = folder, node
        self._lock = threading.Lock()
        self._moved = threading.Condition()
        self._generation: Generation | None = None

    def find(self, wanted: Wanted) -> Found:
        """Answer a question; raises Unavailable where there is no index to be trusted."""
        from partnernet.search import ranking

        with self._lock:
            while True:
                generation = self._current()
                try:
                    return ranking.find(generation.snapshot(), wanted)
                except Exception as error:
                    if self._is_replaced(generation):
                        continue
                    self._distrust(error)
                    raise Unavailable("The index cannot be searched; it is being made anew.") from error

    def position(self) -> int:
        """How far the index has read; 0 where there is none."""
        state = self.state()
        return state.position if state else 0

    def state(self) -> State | None:
        """What the current generation says of itself; None where there is none of this node's."""
        try:
            return states.read(current_folder(self.folder), self.node)
        except Damaged:
            return None

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
            write_durably(self.folder / REBUILD, b"")

    def _current(self) -> "Generation":
        from partnernet.search.generation import Generation

        try:
            folder = current_folder(self.folder)
        except Damaged as error:
            raise Unavailable("The index is being made.") from error
        if self._generation is None or self._generation.folder != folder:
            self._generation = Generation(folder, self.node)
        return self._generation

    def _is_replaced(self, generation: "Generation") -> bool:
        """Whether another generation became current while we looked into this one."""
        try:
            return current_folder(self.folder) != generation.folder
        except Damaged:
            return False

    def _distrust(self, error: Exception) -> None:
        log.error("The search index cannot be used, so it will be made anew: %s", error, exc_info=error)
        self._generation = None
        self.ask_for_rebuild()


def current_folder(folder: Path) -> Path:
    """The folder of the current generation; raises Damaged where none is named."""
    try:
        name = (folder / CURRENT).read_text().strip()
    except (OSError, ValueError) as error:
        raise Damaged("There is no index yet.") from error
    if not _name(name):
        raise Damaged("The index names no generation.")
    return folder / name


def new_folder(folder: Path) -> Path:
    """A folder for a new generation; made by whoever fills it."""
    return folder / f"generation-{secrets.token_hex(8)}"


def make_current(folder: Path, generation: Path) -> None:
    """Swap: from now on searches go to another generation."""
    write_durably(folder / CURRENT, generation.name.encode(), mode=0o600)
