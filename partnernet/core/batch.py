"""The batch writer: small notes made while reading (what was read, when a session was last seen).

A GET writes nothing; its notes wait in memory and are stored a few seconds later in one transaction.
A batch that is lost costs an "unread" mark, never anybody's words.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from partnernet.core.db import commit, write

LIMIT = 5_000  # notes kept of one sort; past that the oldest is forgotten

Store = Callable[[Session, Mapping[Any, Any]], None]


class Batch:
    """Notes by sort and key: the newest of a key counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._notes: dict[Store, dict[Any, Any]] = {}

    def note(self, store: Store, key: Any, value: Any) -> None:
        """Remember a note until the next flush hands it to `store`."""
        with self._lock:
            notes = self._notes.setdefault(store, {})
            notes.pop(key, None)
            notes[key] = value
            if len(notes) > LIMIT:
                del notes[next(iter(notes))]

    def peek(self, store: Store, key: Any) -> Any:
        """A note that is still waiting; None where there is none."""
        return self._notes.get(store, {}).get(key)

    def flush(self, session: Session) -> None:
        """Store everything that waits, in one transaction."""
        with self._lock:
            waiting, self._notes = self._notes, {}
        if not waiting:
            return
        write(session)
        for store, notes in waiting.items():
            store(session, notes)
        commit(session)
