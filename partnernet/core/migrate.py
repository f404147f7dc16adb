"""Bringing a database up to date, with a copy of it taken before anything changes."""

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from partnernet.core.engine import backup_to, cannot_open, sqlite_path
from partnernet.core.errors import Refused
from partnernet.core.ledger.newly_known import show_newly_known
from partnernet.core.time import now_ms

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
BACKUPS_KEPT = 3

log = logging.getLogger(__name__)


def upgrade(engine: Engine, data: Path) -> None:
    """Run the migrations that are missing, and show what the older program could not; else it costs one query."""
    try:
        present = current(engine)
    except DBAPIError as error:
        raise cannot_open(error) from error
    if present == newest():
        return
    if present is not None and present not in revisions():
        raise Refused("This database was made by a newer version of PartnerNet: update the program to open it.")
    if present is not None:
        backup(engine, data, present)
    from alembic import command

    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        command.upgrade(configuration(connection), "head")
        if present is not None:
            with Session(connection) as session:
                show_newly_known(session)


def current(engine: Engine) -> str | None:
    """The revision that a database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("select version_num from alembic_version")).scalar()


def revisions() -> list[str]:
    """All revisions, oldest first: the files are numbered."""
    return sorted(path.stem.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def newest() -> str:
    """The revision that this program needs."""
    return revisions()[-1]


def backup(engine: Engine, data: Path, revision: str) -> Path | None:
    """Copy an SQLite database aside before it is changed; PostgreSQL's is the steward's to dump."""
    if sqlite_path(engine) is None:
        return None
    folder = data / "before-upgrade"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"partnernet-{revision}-{now_ms()}.db"
    backup_to(engine, target)
    for old in sorted(folder.glob("partnernet-*.db"), key=lambda path: path.stat().st_mtime)[:-BACKUPS_KEPT]:
        old.unlink()
    log.info("a copy of the database as it was is kept at %s", target)
    return target


def configuration(connection: Any = None) -> Any:
    """Alembic's settings, without a file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
