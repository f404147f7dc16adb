"""How this server is, for whoever looks after it: what needs them, and how the rest stands."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from partnernet import __version__
from partnernet.backups.standing import Standing, standing
from partnernet.core.consumers import last_position
from partnernet.core.db import db
from partnernet.core.engine import sqlite_path
from partnernet.core.ledger import state
from partnernet.core.time import now_ms
from partnernet.core.words import _, plural
from partnernet.maintenance import unsafe
from partnernet.nodes import alarms, network_key
from partnernet.nodes.alarms import Told


@dataclass(frozen=True, slots=True)
class Report:
    """All of it, in words and figures."""

    alarms: Sequence[Told]
    needs: Sequence[str]
    """What somebody should do, each in a sentence."""
    backups: Standing
    free: int
    """Bytes of the disk that are free."""
    database: str
    database_size: int
    """Bytes; 0 where it lies on another server."""
    search: str
    version: str


def report(session: Session, app: Flask) -> Report:
    """How this server is now; nothing is read that takes long."""
    data, node = Path(app.config["DATA"]), app.extensions["partnernet.node"]
    backups = standing(app.config)
    search, search_needs = _search(session, app)
    needs = [*backups.concerns, *search_needs, *unsafe(app.config)]
    if state.must_ask_first(data, node):
        needs.insert(0, _asked())
    if reminder := network_key.reminder(session, node):
        needs.append(reminder)
    file = sqlite_path(db.engine)
    return Report(
        alarms.unseen(session), needs, backups, shutil.disk_usage(data).free,
        "SQLite" if file else "PostgreSQL", file.stat().st_size if file else 0, search, __version__,
    )  # fmt: skip


def _asked() -> str:
    return _(
        "This server was put back from a backup, and no other server could be asked what was erased since. Exchange "
        "with one from its page; where it is on your own network, tick the box under its address first. Or take in a "
        "bundle of one, and then start this server once with “partnernet serve --without-asking”."
    )


def _search(session: Session, app: Flask) -> tuple[str, list[str]]:
    """How the index stands, and what to do about it."""
    index = app.extensions["partnernet.search"]
    if index.state() is None:
        return _("It is being made anew; until then, nothing is found."), []
    waiting = index.waiting(last_position(session))
    if waiting.is_too_long(now_ms()):
        return _("It is behind."), [
            _("Search has not taken in what changed for more than half an hour: start the server again, and look at "
              "its log if that does not help.")
        ]  # fmt: skip
    if waiting.changes:
        return plural("It takes in %(count)s change.", "It takes in %(count)s changes.", waiting.changes), []
    return _("It is up to date."), []
