"""Fixtures of loading: a founded network, and the command as a person calls it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Refused
from partnernet.core.ledger.tables import OpRow
from partnernet.load.cli import load
from partnernet.network import founding

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

Load = Callable[..., Any]


@pytest.fixture
def network(app: Flask, session: Session) -> Flask:
    """The node, with a network of its own."""
    node = founding.found(session, app.extensions["partnernet.node"], app.config["DATA"], "Saltmarsh Arts")
    commit(session)
    app.extensions["partnernet.node"] = node
    return app


@pytest.fixture
def run(network: Flask) -> Load:
    """Call `partnernet load …` and give back what it reports."""

    def call(*words: object, index: bool = False) -> dict[str, Any]:
        arguments = [str(word) for word in words] + ["--json"] + ([] if index else ["--no-index"])
        result = CliRunner().invoke(load, arguments, catch_exceptions=False, standalone_mode=False)
        if isinstance(result.exception, Refused):
            raise result.exception
        report: dict[str, Any] = json.loads(result.output.splitlines()[-1])
        return report

    return call


def entries(*kinds: str) -> Sequence[Entry]:
    """All entities of some kinds, oldest first."""
    rows = select(Entry).where(Entry.kind.in_(kinds)).order_by(Entry.when, Entry.id)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def only(kind: str) -> Entry:
    """The one entity of a kind."""
    (entry,) = entries(kind)
    return entry


def ops() -> int:
    """How many ops there are."""
    return db.session.scalar(select(func.count()).select_from(OpRow)) or 0


def shared(name: str) -> Path:
    """A path of the real documents; skips loudly where they are missing."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real documents in {SHARED} are missing")
    return path
