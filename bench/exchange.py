"""Bundles in and out beside bare signature checks: operations per CPU second, and memory above an idle command."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from nacl.bindings import crypto_sign, crypto_sign_keypair, crypto_sign_open

from bench.nodes import node_of
from bench.table import Row, show

ROUNDS = 3
CHECKS = 8_000
WATCH_SECONDS = 0.02


@dataclass(frozen=True)
class Run:
    """What one command took: CPU seconds, and megabytes at its largest."""

    cpu: float
    memory: float


def command(data: Path, *arguments: str, out: Path | None = None) -> Run:
    """Run the `partnernet` command on a data folder."""
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
    return Run(usage.ru_utime + usage.ru_stime, highest)


def high_water(pid: int) -> float:
    """The largest resident size of a process so far, in megabytes; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def checks_per_second() -> float:
    """Bare Ed25519 checks of an op's signature, on one core."""
    public, secret = crypto_sign_keypair()
    signed = crypto_sign(b"partnernet-op-v1\n" + os.urandom(32), secret)
    began = time.process_time()
    for _ in range(CHECKS):
        crypto_sign_open(signed, public)
    return CHECKS / (time.process_time() - began)


def main(size: int = 100_000) -> None:
    """Print the table."""
    taken: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}

    def note(name: str, run: Run, idle: Run, ops: int) -> None:
        taken.setdefault(name, []).append(ops / (run.cpu - idle.cpu))
        memory.setdefault(name, []).append(run.memory - idle.memory)

    with node_of(size) as (data, _), tempfile.TemporaryDirectory(dir=data.parent) as folder:
        bundle, lines = Path(folder) / "all.pn.zip", Path(folder) / "all.pn.jsonl"
        for _ in range(ROUNDS):
            idle = command(data, "have")
            bundle.unlink(missing_ok=True)
            lines.unlink(missing_ok=True)
            to_lines = command(data, "export", "--out", str(lines))
            ops = sum(1 for _ in lines.open("rb"))
            to_zip = command(data, "export", "--out", str(bundle))
            taken.setdefault("bare signature checks", []).append(checks_per_second())
            fresh = Path(folder) / "fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            command(fresh, "init", "--name", "Fresh")
            taking = command(fresh, "import", str(bundle), "--yes", "--no-index")
            again = command(fresh, "import", str(bundle), "--yes", "--no-index")
            for name, run in (
                ("import", taking),
                ("re-import of known ops", again),
                ("export to jsonl", to_lines),
                ("export to a bagged zip", to_zip),
            ):
                note(name, run, idle, ops)
    per_second = {name: statistics.median(values) for name, values in taken.items()}
    checks, imported = per_second["bare signature checks"], per_second["import"]
    again_rate, lines_rate = per_second["re-import of known ops"], per_second["export to jsonl"]
    zip_rate = per_second["export to a bagged zip"]
    show(
        f"Bundles of {size:,} entries and replies: ops per CPU second",
        [
            Row("import, before rendering and indexing", imported, imported / checks, "≥ 0.16 × bare checks"),
            Row("re-import of known ops", again_rate, again_rate / imported, "≥ 4 × import"),
            Row("export to jsonl", lines_rate, lines_rate / 20_000, "≥ 20,000"),
            Row("export to a bagged zip", zip_rate, zip_rate / 12_000, "≥ 12,000"),
            Row("bare signature checks", checks, 1.0, ""),
        ],
    )
    show(
        "Memory above an idle command, MB",
        [Row(name, max(values), max(values) / 60, "≤ 60 MB") for name, values in memory.items()],
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
