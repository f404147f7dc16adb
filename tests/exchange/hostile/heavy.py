"""Run in a process of its own: stage heavy files, and say how much memory each took beyond what was there before.

python -m tests.exchange.hostile.heavy FOLDER
"""

import gc
import json
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from partnernet.core.errors import Refused
from tests.exchange.hostile.corpus import JSONL, Made, corpus
from tests.exchange.places import Place
from tests.vectors.writing import Writer, lines_of

CPU_SECONDS = 120
"""When the system ends the process: far more than a quiet machine needs for all of it."""
HEAVY = (
    "a document",
    "million",
    "thousandfold",
    "more files",
    "40 MiB",
    "a manifest of",
    "over 4 MiB",
    "trap",
    "200,000",
)


def heavy() -> dict[str, Callable[[], Made]]:
    """The files that try to take much, those that are good but large among them."""
    eve = Writer("evil", "Eve")

    def lines(count: int, body: dict[str, object]) -> Callable[[], Made]:
        return lambda: (JSONL, lines_of(eve.op("discussion", body=body) for _ in range(count)))

    return {name: make for name, make in corpus() if any(word in name for word in HEAVY)} | {
        "lines of almost 1 MiB": lines(60, {"set": {"body": "y" * 200_000}, "more": ["z" * 200_000] * 4}),
        "lines of empty lists": lines(2, {"a": [[]] * 340_000}),
        "lines of many keys": lines(4, {"a": {f"k{n}": 0 for n in range(70_000)}}),
    }


def main(folder: Path) -> None:
    """Print, as JSON, the MB that staging each file took."""
    place = Place(folder / "place")
    path_of = {}
    for name, make in heavy().items():
        form, content = make()
        path_of[name] = folder / f"{len(path_of)}{form}"
        path_of[name].write_bytes(content)
    del content
    gc.collect()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    found = {}
    for name, path in path_of.items():
        Path("/proc/self/clear_refs").write_text("5")  # the highest mark starts again from here
        before = memory("VmRSS")
        with suppress(Refused):
            place.stage(path)
        found[name] = memory("VmHWM") - before
    place.close()
    print(json.dumps(found))


def memory(field: str) -> int:
    """What the system says of this process, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) >> 10


if __name__ == "__main__":
    main(Path(sys.argv[1]))
