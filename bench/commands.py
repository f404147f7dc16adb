"""Running the `partnernet` command under measurement: CPU and wall seconds, and memory at its largest."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

WATCH_SECONDS = 0.02


@dataclass(frozen=True)
class Run:
    """What one command took: CPU and wall seconds, and megabytes at its largest."""

    cpu: float
    wall: float
    memory: float


def command(data: Path, *arguments: str, out: Path | None = None) -> Run:
    """Run the `partnernet` command on a data folder."""
    began = time.monotonic()
    with (out or Path(os.devnull)).open("wb") as stdout:
        process = subprocess.Popen(
            [sys.executable, "-m", "partnernet", *arguments],
            env={**os.environ, "PARTNERNET_DATA": str(data)},
            stdout=stdout,
            stderr=subprocess.DEVNULL,
        )
        highest = 0.0
        while True:
            # What wait4 reports counts the parent's memory before exec, so the kernel is asked while it runs.
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            highest = max(highest, high_water(process.pid))
            time.sleep(WATCH_SECONDS)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"partnernet {' '.join(arguments)} failed")
    return Run(usage.ru_utime + usage.ru_stime, time.monotonic() - began, highest)


def high_water(pid: int) -> float:
    """The largest resident size of a process so far, in megabytes; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)
