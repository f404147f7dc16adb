"""A crowded root: replies, votes and edits on one entry beside the same on as many entries as there are replies."""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
            Row("import, on one root", importing[0], importing[0] / importing[1], "≤ 1.5 ×", most=1.5),
            Row(f"import, on {REPLIES:,} roots", importing[1], 1.0, ""),
            Row("written here, on one root", appending[0], appending[0] / appending[1], "≤ 1.5 ×", most=1.5),
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
    """Microseconds of CPU for each op that people write one after the other: on one root, and on many.

    A tenth is written so and measured, at every fullness of the root; the others come in all at once between.
    """
    from partnernet import create_app
    from partnernet.core.db import chunks, commit, db
    from partnernet.core.entry import Entry
    from partnernet.core.ledger.log import receive

    app = create_app({"DATA": folder / "written"})
    with app.app_context():
        session, node, speaker = db.session(), app.extensions["partnernet.node"], Speaker(2)
        writer = Writer(replace(node, inc=new_incarnation()))

        def entries(count: int) -> list[Entry]:
            made = [writer.op("idea", "node", {"title": "Idea", "body": "Words."}) for _ in range(count)]
            for some in chunks(made):
                receive(session, some)
            commit()
            found = [session.get_one(Entry, op.id) for op in made]
            session.expunge_all()  # a request holds a few: to forget thousands of them would cost more than the writing
            return found

        figures = [_written(session, node, writer, speaker, entries(count)) for count in (1, REPLIES)]
        db.engine.dispose()
    return figures[0], figures[1]


def _written(session: Any, node: Node, writer: Writer, speaker: Speaker, roots: Sequence[Any]) -> float:
    from partnernet.core.db import commit
    from partnernet.core.ledger import verbs
    from partnernet.core.ledger.log import receive

    by = Somebody(node, new_handle())
    taken: dict[str, list[float]] = {"reply": [], "vote": [], "edit": []}

    def measure(kind: str, act: Callable[[], object]) -> None:
        began = time.process_time()
        act()
        commit()
        taken[kind].append(time.process_time() - began)

    between: list[Op] = []
    for n in range(REPLIES):
        here, text, voter = roots[n % len(roots)], speaker.post(speaker.subject()), Somebody(node, new_handle())
        if n % 10:
            between.append(writer.op("reply", "node", {"body": text}, root=here.id))
            if n < VOTES:
                body = {"mark": VOTE, "value": True}
                between.append(writer.sign("mark", voter.handle, body, ent=here.id, root=here.id))
            continue
        receive(session, between)
        commit()
        between.clear()
        measure("reply", lambda: verbs.create(session, by, "reply", "", {"body": text}, under=here))  # noqa: B023
        if n < VOTES:
            measure("vote", lambda: verbs.mark(session, voter, here, VOTE, True))  # noqa: B023
        if n < 10 * EDITS:
            measure("edit", lambda: verbs.edit(session, by, here, {"body": text}))  # noqa: B023
    mean = {kind: statistics.mean(seconds) for kind, seconds in taken.items()}
    return 1e6 * (REPLIES * mean["reply"] + VOTES * mean["vote"] + EDITS * mean["edit"]) / OPS


if __name__ == "__main__":
    main(*sys.argv[1:])
