"""Memory that is free again, given back to the system: the C library keeps it otherwise, for as long as it runs."""

import ctypes
import gc
import sys


def give_back() -> None:
    """Give back what large work has left behind; does nothing where the C library cannot."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
        if trim is not None:
            trim(0)
