"""What became of backups and rehearsals, in a file beside the database: it is not put back with a backup."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from partnernet.core.ledger.node import write_durably

FILE = "backups.json"

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    at: int
    path: str
    size: int
    ops: int
    files: int
    left_out: list[str] = field(default_factory=list)
    """Attachments that were not what their name says."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A backup that was restored for a trial."""

    at: int
    path: str
    made: int
    """When the backup itself was made."""
    seconds: int
    wrong: list[str] = field(default_factory=list)
    """What was found, in sentences; empty where all was well."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be done last time, and why."""

    at: int
    why: str


@dataclass(frozen=True, slots=True)
class Restoration:
    """When this node was put back from a backup, and when that was made."""

    at: int
    made: int


@dataclass(frozen=True, slots=True)
class Record:
    """The last of each."""

    backup: Backup | None = None
    rehearsal: Rehearsal | None = None
    failure: Failure | None = None
    restoration: Restoration | None = None

    def write(self, data: Path) -> None:
        """Make it last."""
        write_durably(data / FILE, json.dumps(asdict(self), indent=1, ensure_ascii=False).encode() + b"\n", mode=0o600)


def read(data: Path) -> Record:
    """The record of a data folder; an empty one where there is none, or where it cannot be read."""
    try:
        given: Mapping[str, Any] = json.loads((data / FILE).read_bytes())
        return Record(
            _one(Backup, given, "backup"), _one(Rehearsal, given, "rehearsal"), _one(Failure, given, "failure"),
            _one(Restoration, given, "restoration"),
        )  # fmt: skip
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return Record()


def _one(kind: type[Kept], given: Mapping[str, Any], name: str) -> Kept | None:
    return kind(**given[name]) if given.get(name) else None
