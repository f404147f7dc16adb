"""Memory that is free again, given back to the system: the C library keeps it otherwise, for as long as it runs."""

import ctypes
import gc
import sys
from typing import Any

_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8  # <malloc.h> of glibc
KEPT = 128 << 10
"""Bytes that may stay free at the end of what the process has."""
THRESHOLDS = (50_000, 20, 100)
"""New objects after which the collector looks for circles among them, and rounds after which among older ones."""


def be_frugal() -> None:
    """Keep what is free in one place and give its end back at once; before threads are started.

    Threads take turns in Python anyway, so that places of their own for each gain no time.
    """
    if (tune := _of_glibc("mallopt")) is not None:
        tune(_M_ARENA_MAX, 1)
        tune(_M_TRIM_THRESHOLD, KEPT)


def collect_rarely() -> None:
    """Let the collector look for circles of objects rarely: there is little to find (`docs/measured.md`)."""
    gc.set_threshold(*THRESHOLDS)


def give_back() -> None:
    """Give back what large work has left behind; does nothing where the C library cannot."""
    gc.collect()
    if (trim := _of_glibc("malloc_trim")) is not None:
        trim(0)


def _of_glibc(name: str) -> Any:
    """A function of the GNU C library; None where there is another."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return getattr(library, name) if hasattr(library, "gnu_get_libc_version") else None
