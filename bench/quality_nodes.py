"""A node for each collection, filled once as a person would fill it and kept under `bench/.data`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from flask import Flask

from bench.nodes import FOLDER
from partnernet import migrations

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
JUDGED = SHARED / "judged"
COLLECTIONS = ("cranfield", "cacm", "stackfaq-a")
LOADS = {
    "questions": (
        ("notes", SHARED / "committee-minutes-md"),
        ("jsonl", SHARED / "iiif-network-news" / "docs.jsonl"),
        ("mail", SHARED / "discussions-usenet" / "archive.mbox"),
    ),
    **{name: (("jsonl", JUDGED / name / "docs.jsonl"),) for name in COLLECTIONS},
}
"""What `partnernet load` brings into each node."""


@contextmanager
def opened(name: str) -> Iterator[Flask]:
    """The app of a node that holds one collection and nothing else, with an index made by the present code."""
    from partnernet import create_app
    from partnernet.core.db import db
    from partnernet.search.indexer import rebuild_now

    app = create_app({"DATA": _filled(name)})
    rebuild_now(app)
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


def _filled(name: str) -> Path:
    data = FOLDER / f"quality-{name}"
    filled, shape = data / "filled", _shape()
    if not filled.exists() or filled.read_text() != shape:
        shutil.rmtree(data, ignore_errors=True)
        _run(data, "init", "--name", name)
        for kind, path in LOADS[name]:
            _run(data, "load", kind, str(path), "--no-index")
        filled.write_text(shape)
    return data


def _shape() -> str:
    """What tells one shape of the database from another: its migrations."""
    steps = sorted(Path(migrations.__path__[0]).rglob("*.py"))
    return sha256(b"".join(step.read_bytes() for step in steps)).hexdigest()


def _run(data: Path, *words: str) -> None:
    environment = os.environ | {"PARTNERNET_DATA": str(data)}
    subprocess.run([sys.executable, "-m", "partnernet", *words], env=environment, check=True, stdout=sys.stderr)
