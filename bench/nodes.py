"""Nodes to measure on, made once for each size and kept under `bench/.data` (not committed) or $PARTNERNET_BENCH."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(os.environ.get("PARTNERNET_BENCH") or Path(__file__).parent / ".data")


@contextmanager
def node_of(size: int, *, is_indexed: bool = True) -> Iterator[tuple[Path, str]]:
    """The data folder of a node with `size` entries and replies, and the token of a session in it.

    An index takes most of the time, and is left out where nobody searches.
    """
    data = FOLDER / f"node-{size}"
    if not is_indexed and not (data / "token").exists():
        data = FOLDER / f"plain-{size}"
    token = data / "token"
    if not token.exists():
        shutil.rmtree(data, ignore_errors=True)
        _make(data, size, is_indexed)
    yield data, token.read_text()


def _make(data: Path, size: int, is_indexed: bool) -> None:
    from bench.corpus import fill
    from partnernet import create_app
    from partnernet.background import catch_up
    from partnernet.core.db import commit, db
    from partnernet.network.founding import ensure

    app = create_app({"DATA": data})
    with app.app_context():
        ensure(db.session(), app)
        commit()
        token = fill(app, size)
        db.session.rollback()
        catch_up(app, index=is_indexed)
        db.engine.dispose()
    (data / "token").write_text(token)
