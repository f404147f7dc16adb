"""Memory for a bundle of a gigabyte with attachments: made, and taken in."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.commands import command
from bench.corpus import CHUNK, Writer, record
from bench.nodes import FOLDER
from bench.table import Row, show

OPS = 20_000
FILES = 10


def main(megabytes: int = 1_000) -> None:
    """Print the table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        source, fresh, bundle = (Path(folder) / name for name in ("source", "fresh", "large.pn.zip"))
        fill(source, megabytes)
        idle = command(source, "have")
        out = command(source, "export", "--out", str(bundle))
        command(fresh, "init", "--name", "Fresh")
        into = command(fresh, "import", str(bundle), "--yes", "--no-index")
        size = bundle.stat().st_size / 1e6
    show(
        f"A bundle of {size:,.0f} MB, {OPS:,} ops and {FILES} files: MB above an idle command",
        [
            Row(f"made in {out.wall:.0f} s", out.memory - idle.memory, (out.memory - idle.memory) / 60, "≤ 60 MB",
                most=1),
            Row(f"taken in in {into.wall:.0f} s", into.memory - idle.memory, (into.memory - idle.memory) / 60,
                "≤ 60 MB", most=1),
        ],
    )  # fmt: skip


def fill(data: Path, megabytes: int) -> None:
    """A node with notes that have large files, among other entries."""
    from partnernet import create_app
    from partnernet.core.db import chunks, commit, db
    from partnernet.core.ledger.log import receive

    app = create_app({"DATA": data})
    with app.app_context():
        node, files = app.extensions["partnernet.node"], app.extensions["partnernet.files"]
        ops = list(record(node, OPS))
        writer = Writer(node, seq=len(ops), clock=ops[-1].ts)
        for number in range(FILES):
            stored = files.store(Noise(megabytes * 1_000_000 // FILES), 1 << 40)
            file: dict[str, Any] = {
                "sha256": stored.sha256, "name": f"film-{number}.bin", "type": "application/octet-stream",
                "size": stored.size,
            }  # fmt: skip
            ops.append(writer.op("note", "node", {"title": f"Film {number}", "body": "See below.", "files": [file]}))
        for some in chunks(ops, CHUNK):
            receive(db.session(), some)
            commit()
        db.engine.dispose()


class Noise:
    """A file of random bytes, as large as one wishes."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        given = self._left if size < 0 else min(size, self._left)
        self._left -= given
        return os.urandom(given)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(1 << 16):
            yield piece


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
