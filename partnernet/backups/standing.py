"""How the backups of this server stand, in sentences: for the health page and for `partnernet check`."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partnernet.backups import nightly, record
from partnernet.backups.record import Record
from partnernet.core.time import DAY, now_ms
from partnernet.core.words import _

LATE = 2 * DAY
"""Milliseconds without a backup after which somebody is told."""
ROOM_WANTED = 1 << 30
"""Bytes of free disk below which somebody is told in time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A nightly backup that is there."""

    name: str
    at: int
    size: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is, what became of the last ones, and what somebody should do."""

    folder: Path | None
    """Where nightly backups go; None where they are switched off."""
    kept: Sequence[Kept]
    record: Record
    is_running: bool
    is_asked: bool
    hour: int
    concerns: list[str]


def standing(config: Mapping[str, Any], now: int | None = None) -> Standing:
    """How the backups of a data folder stand."""
    now, folder, data = now_ms() if now is None else now, nightly.folder_of(config), Path(config["DATA"])
    kept = [Kept(path.name, nightly.made_at(path), path.stat().st_size) for path in nightly.own(config)]
    noted = record.read(data)
    born = round((data / "node.key").stat().st_mtime * 1_000)
    concerns = [*_of_backups(folder, kept, born, now), *_of_rehearsals(noted, kept, now), *_of_room(folder or data)]
    return Standing(
        folder, kept, noted, nightly.is_running(config), nightly.is_asked(config), int(config["BACKUP_HOUR"]), concerns,
    )  # fmt: skip


def _of_backups(folder: Path | None, kept: Sequence[Kept], born: int, now: int) -> list[str]:
    if folder is None:
        return [
            _("No backup is made at night (PARTNERNET_BACKUPS is “off”): make sure that something else copies it.")
        ]  # fmt: skip
    if not kept:
        if now - born < LATE:
            return []
        return [_("There is no backup at all: make one now, and see why none is made at night.")]
    age = (now - kept[0].at) // DAY
    if now - kept[0].at > nightly.KEPT_DAYS * DAY:
        return [
            _("The newest backup is %(days)s days old, and may hold words that were erased since: make another one "
              "now, and this one is removed.", days=age)
        ]  # fmt: skip
    if now - kept[0].at > LATE:
        return [_("The newest backup is %(days)s days old: make one now, and see why none is made at night.", days=age)]
    return []


def _of_rehearsals(noted: Record, kept: Sequence[Kept], now: int) -> list[str]:
    found = noted.rehearsal
    if found is not None and found.wrong:
        return [
            _("The last backup that was restored for a trial is not sound: make another one, and keep the older ones "
              "until it has been tried.")
        ]  # fmt: skip
    if kept and (found is None or now - found.at > 3 * nightly.REHEARSE_DAYS * DAY):
        return [_("No backup was tried for weeks: run “partnernet backup --rehearse” on the server.")]
    return []


def _of_room(folder: Path) -> list[str]:
    place = folder if folder.exists() else folder.parent
    free = shutil.disk_usage(place).free if place.exists() else 0
    if free < ROOM_WANTED:
        return [
            _("Only %(free)s MB are free on the disk (%(folder)s): make room, or backups will fail.",
              free=free >> 20, folder=str(folder))
        ]  # fmt: skip
    return []
