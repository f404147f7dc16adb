"""Memory for one entry with very many long versions, one after the other and side by side."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.commands import command
from bench.corpus import Writer
from bench.nodes import FOLDER
from bench.prose import Speaker
from bench.table import Row, show
from partnernet.core.ledger.node import Node, SigningKey, new_incarnation

VERSIONS, LENGTH = 1_000, 100_000
MOST = 60
"""MB, as for any bundle."""


def main(versions: int = VERSIONS) -> None:
    """Print the table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    for side_by_side in (False, True):
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            data, lines, bundle = (Path(folder) / name for name in ("data", "versions.pn.jsonl", "out.pn.zip"))
            with lines.open("wb") as file:
                file.writelines(written(versions, side_by_side=side_by_side))
            command(data, "init", "--name", "Versions")
            idle = command(data, "have")
            for name, arguments in (
                ("imported", ("import", str(lines), "--yes", "--no-index")),
                ("exported", ("export", "--out", str(bundle))),
                ("verified", ("verify",)),
            ):
                memory = command(data, *arguments).memory - idle.memory
                how = "side by side" if side_by_side else "one after the other"
                rows.append(Row(f"{name}, {how}", memory, memory / MOST, f"≤ {MOST} MB", most=1))
    show(f"{versions:,} versions of {LENGTH // 1_000} KB of one entry: MB above an idle command", rows)


def written(versions: int, *, side_by_side: bool) -> Iterator[bytes]:
    """The lines: an entry, and its versions."""
    writer, speaker = Writer(Node(SigningKey.from_seed(bytes(32)), new_incarnation())), Speaker(1)
    text = ""
    while len(text) < LENGTH:
        text += speaker.post(speaker.subject()) + "\n\n"
    made = writer.op("idea", "node", {"title": "Idea", "body": text[:LENGTH]})
    yield made.line + b"\n"
    seen = made.id
    for number in range(versions):
        edit = writer.op("edit", "node", {"body": f"{number} {text}"[:LENGTH]}, ent=made.id, par=[seen])
        seen = seen if side_by_side else edit.id
        yield edit.line + b"\n"


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
