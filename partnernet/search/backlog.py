"""What the index has not read yet, and since when: as far as this process has looked."""

import threading
from collections import deque
from dataclasses import dataclass

LOOKS = 1_000
"""Looks that are remembered; the oldest counts, so that later ones can be spared."""

WAITS_TOO_LONG = 30 * 60_000
"""Milliseconds after which a server is not ready: a change that waits so long may be an erasure, whose
words must be gone within the hour."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many changes wait, and since when the oldest of them does at least; 0 where none does."""

    changes: int = 0
    since: int = 0

    def is_too_long(self, now: int) -> bool:
        """Whether somebody should look at this server."""
        return bool(self.since) and now - self.since > WAITS_TOO_LONG


class Backlog:
    """Remembers when the newest change of each look was first seen; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: deque[tuple[int, int]] = deque()

    def look(self, position: int, newest: int, now: int) -> Waiting:
        """Note how far the index and the database are; what waits."""
        with self._lock:
            while self._seen and self._seen[0][0] <= position:
                self._seen.popleft()
            if newest <= position:
                return Waiting()
            if not self._seen or (self._seen[-1][0] < newest and len(self._seen) < LOOKS):
                self._seen.append((newest, now))
            return Waiting(newest - position, self._seen[0][1])
