"""A whole database in one file, taken while it is used, and put back into an empty one.

SQLite by its own online backup; PostgreSQL by `pg_dump` and `pg_restore`, which come with it.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from partnernet.core.engine import backup_to, cannot_open, first_words, open_engine, sqlite_module
from partnernet.core.errors import Refused
from partnernet.core.postgres_tools import run

SQLITE, POSTGRES = "sqlite", "postgresql"
NOT_EMPTY = (
    "The database of PARTNERNET_DATABASE_URL holds tables already: make an empty one (createdb), and give its address."
)

Progress = Callable[[int], None]
"""Told how many bytes more are done."""


@dataclass(frozen=True, slots=True)
class Dumped:
    """What is in the copy of a database."""

    kind: str
    """Which database it was."""
    revision: str
    ops: int
    last: str
    """The id of the newest op; empty where there is none."""


def kind_of(engine: Engine) -> str:
    """Which database an engine leads to, in the words of a backup."""
    return SQLITE if engine.dialect.name == "sqlite" else POSTGRES


def size_of(engine: Engine) -> int:
    """About how many bytes a copy will take."""
    with engine.connect() as connection:
        if kind_of(engine) == SQLITE:
            pages = connection.exec_driver_sql("pragma page_count").scalar() or 0
            return int(pages) * int(connection.exec_driver_sql("pragma page_size").scalar() or 0)
        return int(connection.execute(text("select pg_database_size(current_database())")).scalar() or 0)


def dump(engine: Engine, target: Path, progress: Progress = lambda size: None) -> Dumped:
    """Copy a database to a file that is not there yet, as of one moment, and check the copy."""
    if kind_of(engine) == SQLITE:
        backup_to(engine, target, progress)
        return _checked(target)
    with engine.connect() as connection:
        snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
        dumped = _described(connection, POSTGRES)
        given = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        run("pg_dump", engine.url, given)
    run("pg_restore", None, ["--list", str(target)])
    progress(target.stat().st_size)
    return dumped


def check(kind: str, source: Path) -> Dumped | None:
    """Check a copy as far as can be done without a server; what is in it, where that can be seen."""
    if kind == SQLITE:
        return _checked(source)
    run("pg_restore", None, ["--list", str(source)])
    return None


def load(source: Path, url: str) -> Dumped:
    """Put the copy of a PostgreSQL database into an empty one: wholly, or not at all; raises Refused."""
    engine = open_engine(url)
    try:
        if not is_empty(engine):
            raise Refused(NOT_EMPTY)
        given = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source)]
        run("pg_restore", engine.url, given)
        with engine.connect() as connection:
            return _described(connection, POSTGRES)
    finally:
        engine.dispose()


def is_empty(engine: Engine) -> bool:
    """Whether a database holds no tables at all; raises Refused where it cannot be opened."""
    try:
        with engine.connect() as connection:
            return not inspect(connection).get_table_names()
    except DBAPIError as error:
        raise cannot_open(error) from error


@contextlib.contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """An empty database beside that of a PostgreSQL address, gone afterwards; its address. Raises Refused."""
    name = f"partnernet_rehearsal_{os.getpid()}_{os.urandom(4).hex()}"
    server = open_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        try:
            with server.connect() as connection:
                user = connection.exec_driver_sql("select current_user").scalar()
                connection.exec_driver_sql(f"create database {name}")
        except OperationalError as error:
            raise cannot_open(error) from error
        except DBAPIError as error:
            raise Refused(
                f"No database could be made beside to try the backup in ({first_words(error)}): as an administrator of "
                f'PostgreSQL, run alter role "{user}" createdb.'
            ) from error
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.exec_driver_sql(f"drop database if exists {name} with (force)")
    finally:
        server.dispose()


def _checked(path: Path) -> Dumped:
    """What is in a copy of an SQLite database; raises Refused where it is damaged."""
    module = sqlite_module()
    try:
        with contextlib.closing(module.connect(path)) as copy:
            copy.execute("pragma trusted_schema=off")
            copy.execute("pragma journal_mode=delete")  # so that it is one file, and nothing lies beside it
            found = [row[0] for row in copy.execute("pragma integrity_check(3)")]
            if found != ["ok"]:
                raise Refused(f"The copy of the database is damaged ({found[0]}).")
            revision = copy.execute("select version_num from alembic_version").fetchone()
            ops = copy.execute("select count(*) from op").fetchone()
            last = copy.execute("select id from op order by n desc limit 1").fetchone()
    except module.DatabaseError as error:
        raise Refused(f"The copy of the database cannot be read ({error}).") from error
    return Dumped(SQLITE, str(revision[0]) if revision else "", int(ops[0]), str(last[0]) if last else "")


def _described(connection: Connection, kind: str) -> Dumped:
    revision = connection.execute(text("select version_num from alembic_version")).scalar() or ""
    ops = connection.execute(text("select count(*) from op")).scalar_one()
    last = connection.execute(text("select id from op order by n desc limit 1")).scalar() or ""
    return Dumped(kind, revision, ops, last)
