"""The exchange: bundles in and out beside bare signature checks; then its other measures, each in a module beside.

What is compared is CPU of the whole process, both sides in turn; an idle command is taken off.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from nacl.bindings import crypto_sign, crypto_sign_keypair, crypto_sign_open

from bench import exchange_files, exchange_root, exchange_sync, exchange_versions
from bench.commands import Run, command
from bench.nodes import node_of
from bench.table import Row, conclude, show

SIZES = (10_000, 100_000)
ROUNDS = 3
CHECKS = 8_000


def main(*sizes: int) -> None:
    """Print all tables of the exchange, those of bundles for each size."""
    sizes = sizes or SIZES
    for size in sizes:
        bundles(size)
    exchange_files.main()
    exchange_root.main()
    exchange_versions.main()
    exchange_sync.main(max(sizes))
    conclude()


def bundles(size: int) -> None:
    """Print the tables of bundles: rates, and memory."""
    taken: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}

    def note(name: str, ops: int, run: Run, idle: Run) -> None:
        taken.setdefault(name, []).append(ops / (run.cpu - idle.cpu))
        taken.setdefault(f"{name}, wall", []).append(ops / (run.wall - idle.wall))
        memory.setdefault(name, []).append(run.memory - idle.memory)

    with node_of(size, is_indexed=False) as (data, _), tempfile.TemporaryDirectory(dir=data.parent) as folder:
        bundle, lines, fresh = (Path(folder) / name for name in ("all.pn.zip", "all.pn.jsonl", "fresh"))
        for turn in range(ROUNDS):
            print(f"bundles of {size:,}: round {turn + 1} of {ROUNDS}", file=sys.stderr, flush=True)
            for path in (bundle, lines):
                path.unlink(missing_ok=True)
            shutil.rmtree(fresh, ignore_errors=True)
            idle = command(data, "have")
            to_lines = command(data, "export", "--out", str(lines))
            ops = sum(1 for _ in lines.open("rb"))
            note("export to jsonl", ops, to_lines, idle)
            note("export to a bagged zip", ops, command(data, "export", "--out", str(bundle)), idle)
            command(fresh, "init", "--name", "Fresh")
            before = checks_per_second()
            note("import", ops, command(fresh, "import", str(bundle), "--yes", "--no-index"), idle)
            taken.setdefault("bare signature checks", []).append((before + checks_per_second()) / 2)
            note("re-import of known ops", ops, command(fresh, "import", str(bundle), "--yes", "--no-index"), idle)
    report(size, {name: statistics.median(values) for name, values in taken.items()}, memory)


def report(size: int, rate: dict[str, float], memory: dict[str, list[float]]) -> None:
    """Print what was taken."""
    checks, again = rate["bare signature checks"], rate["re-import of known ops"]
    show(
        f"Bundles of {size:,} entries and replies: ops per second",
        [
            Row("import, of CPU", rate["import"], rate["import"] / checks, "≥ 0.2 × bare checks", least=0.2),
            Row("import, of time, on two cores", rate["import, wall"], rate["import, wall"] / checks,
                "0.35 × is excellent"),
            Row("re-import of known ops, of CPU", again, again / rate["import"], "≥ 4 × import", least=4),
            Row("export to jsonl, of CPU", rate["export to jsonl"], rate["export to jsonl"] / 20_000, "≥ 20,000",
                least=1),
            Row("export to a bagged zip, of CPU", rate["export to a bagged zip"],
                rate["export to a bagged zip"] / 12_000, "≥ 12,000", least=1),
            Row("bare signature checks on one core", checks, 1.0, ""),
        ],
    )  # fmt: skip
    show(
        "Memory above an idle command, MB",
        [Row(name, max(values), max(values) / 60, "≤ 60 MB", most=1) for name, values in memory.items()],
    )


def checks_per_second() -> float:
    """Bare Ed25519 checks of an op's signature, on one core."""
    public, secret = crypto_sign_keypair()
    signed = crypto_sign(b"partnernet-op-v1\n" + os.urandom(32), secret)
    began = time.process_time()
    for _ in range(CHECKS):
        crypto_sign_open(signed, public)
    return CHECKS / (time.process_time() - began)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
