"""A crowded root: replies, votes and edits on one entry beside the same on as many entries as there are replies."""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.commands import command
from bench.corpus import Writer
from bench.nodes import FOLDER
from bench.prose import Speaker
from bench.table import Row, show
from partnernet.core.ledger.node import Node, SigningKey, new_handle, new_incarnation
from partnernet.core.ledger.op import Op

REPLIES, VOTES, EDITS = 5_000, 2_000, 200
OPS = REPLIES + VOTES + EDITS
ROUNDS = 3
VOTE = "watching"


@dataclass(frozen=True)
class Somebody:
    """A person of a node, as the ledger's verbs ask for one."""

    node: Node
    handle: str
    partner: str | None = None


def main() -> None:
    """Print the table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        importing = imports(Path(folder))
        appending = appends(Path(folder))
    show(
        f"{REPLIES:,} replies, {VOTES:,} votes and {EDITS:,} edits on one root and on many: µs of CPU an op",
        [
            Row("import, on one root", importing[0], importing[0] / importing[1], "≤ 1.5 ×"),
            Row(f"import, on {REPLIES:,} roots", importing[1], 1.0, ""),
            Row("written here, on one root", appending[0], appending[0] / appending[1], "≤ 1.5 ×"),
            Row(f"written here, on {REPLIES:,} roots", appending[1], 1.0, ""),
        ],
    )


# -- taken in --------------------------------------------------------------------------------------


def imports(folder: Path) -> tuple[float, float]:
    """Microseconds of CPU for each op of a bundle: on one root, and on many."""
    writer, speaker = Writer(Node(SigningKey.from_seed(bytes(32)), new_incarnation())), Speaker(1)
    roots = [writer.op("idea", "node", {"title": f"Idea {n}", "body": speaker.post(speaker.subject())})
             for n in range(REPLIES)]  # fmt: skip
    before = folder / "before"
    command(before, "init", "--name", "Roots")
    command(before, "import", str(_lines(folder / "roots.pn.jsonl", roots)), "--yes", "--no-index")
    at = writer.seq, writer.clock
    bundles = []
    for name, some in (("one", roots[:1]), ("many", roots)):
        writer.seq, writer.clock = at
        bundles.append(_lines(folder / f"{name}.pn.jsonl", _talk(writer, speaker, some)))
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        idle = command(before, "have")
        for bundle, figures in zip(bundles, taken, strict=True):
            here = folder / "here"
            shutil.copytree(before, here)
            run = command(here, "import", str(bundle), "--yes", "--no-index")
            figures.append(1e6 * (run.cpu - idle.cpu) / OPS)
            shutil.rmtree(here)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _talk(writer: Writer, speaker: Speaker, roots: Sequence[Op]) -> Iterator[Op]:
    heads = {root.id: root.id for root in roots}
    for n in range(REPLIES):
        root = roots[n % len(roots)]
        yield writer.op("reply", "node", {"body": speaker.post(speaker.subject())}, root=root.id)
        if n < VOTES:
            body = {"mark": VOTE, "value": True}
            yield writer.sign("mark", new_handle(), body, ent=root.id, root=root.id)
        if n < EDITS:
            edit = writer.op("edit", "node", {"body": speaker.post(speaker.subject())}, ent=root.id,
                             par=[heads[root.id]])  # fmt: skip
            heads[root.id] = edit.id
            yield edit


def _lines(path: Path, ops: Sequence[Op] | Iterator[Op]) -> Path:
    with path.open("wb") as file:
        file.writelines(op.line + b"\n" for op in ops)
    return path


# -- written here ----------------------------------------------------------------------------------


def appends(folder: Path) -> tuple[float, float]:
    """Microseconds of CPU for each op that people write one after the other: on one root, and on many."""
    from partnernet import create_app
    from partnernet.core.db import commit, db
    from partnernet.core.entry import Entry
    from partnernet.core.ledger import verbs

    app = create_app({"DATA": folder / "written"})
    with app.app_context():
        session, speaker = db.session(), Speaker(2)
        by = Somebody(app.extensions["partnernet.node"], new_handle())

        def root() -> Entry:
            made = verbs.create(session, by, "idea", "network", {"title": "Idea", "body": "Words."})
            return session.get_one(Entry, made.id)

        def each(n: int, here: Entry) -> Iterator[Callable[[], object]]:
            text = speaker.post(speaker.subject())
            yield lambda: verbs.create(session, by, "reply", "", {"body": text}, under=here)
            if n < VOTES:
                voter = Somebody(by.node, new_handle())
                yield lambda: verbs.mark(session, voter, here, VOTE, True)
            if n < EDITS:
                yield lambda: verbs.edit(session, by, here, {"body": text})

        def cost(roots: Sequence[Entry]) -> float:
            began = time.process_time()
            for n in range(REPLIES):
                for act in each(n, roots[n % len(roots)]):
                    act()
                    commit()
            return 1e6 * (time.process_time() - began) / OPS

        one, many = [root()], [root() for _ in range(REPLIES)]
        commit()
        figures = cost(one), cost(many)
        db.engine.dispose()
    return figures


if __name__ == "__main__":
    main(*sys.argv[1:])
