"""Having a file read by a process of its own, which may be slow, greedy or fall over without harm to anybody."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partnernet.extract import (
    DAMAGED,
    EMPTY,
    FILE_LIMIT,
    LARGE,
    MEMORY,
    PAGES,
    PART,
    READ,
    SHEETS,
    SLIDES,
    SLOW,
    UNREADABLE,
    WALL_LIMIT,
    Piece,
)

OUTPUT_LIMIT = 16 << 20
"""Bytes that a process may answer: well above what the longest text takes."""
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL")
"""Of our own settings, which hold keys and passwords, only these are known in the process."""


_running: set["subprocess.Popen[bytes]"] = set()


@dataclass(frozen=True, slots=True)
class Extract:
    """What became of a file: its status, why where there is no text, what it is divided in, and its pieces."""

    status: str
    reason: str = ""
    unit: str = ""
    pieces: Sequence[Piece] = ()


def extract(path: Path, ending: str, wall: float = WALL_LIMIT) -> Extract:
    """Read the text of a file by the ending of its name; it never raises for what is in the file."""
    if path.stat().st_size > FILE_LIMIT:
        return Extract(LARGE, LARGE)
    output, code, is_late = _run([str(path), ending], wall)
    if is_late:
        return Extract(UNREADABLE, SLOW)
    if len(output) > OUTPUT_LIMIT:
        return Extract(UNREADABLE, DAMAGED)
    try:
        return _understood([json.loads(line) for line in output.splitlines()])
    except (ValueError, KeyError, TypeError, IndexError):
        return Extract(UNREADABLE, _why(code))


def end_running() -> None:
    """End whatever is being read in this process: the server stops."""
    for process in list(_running):
        _kill(process)


def _run(given: Sequence[str], wall: float) -> tuple[bytes, int, bool]:
    """What a process said, how it ended, and whether it had to be ended."""
    late = threading.Event()
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "partnernet.extract", *given],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=_environment(), start_new_session=True,
    ) as process:  # fmt: skip

        def end() -> None:
            late.set()
            _kill(process)

        clock = threading.Timer(wall, end)
        clock.daemon = True
        clock.start()
        _running.add(process)
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            output = process.stdout.read(OUTPUT_LIMIT + 1)
        finally:
            clock.cancel()
            _running.discard(process)
            _kill(process)
    return output, process.returncode, late.is_set()


def _environment() -> dict[str, str]:
    known = {name: os.environ[name] for name in KEPT if name in os.environ}
    return known | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process that has not ended by itself, with whatever it may have started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _understood(lines: Sequence[Any]) -> Extract:
    """What the lines of an answer say; raises where they are not an answer."""
    last = lines[-1]
    if "end" not in last:
        return Extract(UNREADABLE, str(last["reason"]))
    unit = last["unit"] if last["unit"] in (PAGES, SLIDES, SHEETS) else ""
    pieces = [Piece(int(line["page"]), str(line["label"]), str(line["text"])) for line in lines[:-1]]
    if not pieces:
        return Extract(UNREADABLE, SLOW) if last["reason"] == PART else Extract(EMPTY, EMPTY, unit)
    return Extract(READ, PART if last["reason"] == PART else "", unit, pieces)


def _why(code: int) -> str:
    """Why a process that did not answer came to its end."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return SLOW
    return MEMORY if code == -getattr(signal, "SIGKILL", 0) else DAMAGED
