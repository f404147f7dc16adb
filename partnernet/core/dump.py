"""A whole database in one file, taken while it is used, and put back into an empty one.

SQLite by its own online backup; PostgreSQL by `pg_dump` and `pg_restore`, which come with it.
"""

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from sqlalchemy import URL, Connection, Engine, inspect, make_url, text

from partnernet.core.engine import backup_to, open_engine, sqlite_module
from partnernet.core.errors import Refused

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
        _run("pg_dump", engine.url, given)
    _run("pg_restore", None, ["--list", str(target)])
    progress(target.stat().st_size)
    return dumped


def check(kind: str, source: Path) -> Dumped | None:
    """Check a copy as far as can be done without a server; what is in it, where that can be seen."""
    if kind == SQLITE:
        return _checked(source)
    _run("pg_restore", None, ["--list", str(source)])
    return None


def load(source: Path, url: str) -> Dumped:
    """Put the copy of a PostgreSQL database into an empty one: wholly, or not at all."""
    engine = open_engine(url)
    try:
        if not is_empty(engine):
            raise Refused(NOT_EMPTY)
        given = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source)]
        _run("pg_restore", engine.url, given)
        with engine.connect() as connection:
            return _described(connection, POSTGRES)
    finally:
        engine.dispose()


def is_empty(engine: Engine) -> bool:
    """Whether a database holds no tables at all."""
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


@contextlib.contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """An empty database beside that of a PostgreSQL address, gone afterwards; its address."""
    name = f"partnernet_rehearsal_{os.getpid()}_{os.urandom(4).hex()}"
    server = open_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"create database {name}")
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


# -- PostgreSQL's own tools ------------------------------------------------------------------------

_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "host": "PGHOST", "port": "PGPORT"}


def _run(tool: str, url: URL | None, given: list[str]) -> None:
    """Run one of PostgreSQL's tools; the address goes by the environment, where nobody else can read it."""
    program = which(tool)
    if program is None:
        raise Refused(
            f"{tool} was not found: install PostgreSQL's client programs (postgresql-client) on this machine."
        )
    target = [f"--dbname={url.database}"] if url is not None else []
    done = subprocess.run(  # noqa: S603 - a tool of PostgreSQL, with arguments of ours
        [program, *target, *given],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        env={**os.environ, **(_environment(url) if url is not None else {}), "LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refused(f"{tool} could not do it: {(words or ['it does not say why'])[0].rstrip('.')}.")


def _environment(url: URL) -> Mapping[str, str]:
    """The address of a database as PostgreSQL's tools read it."""
    known: dict[str, Any] = {
        "PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password,
        **{_OPTIONS[name]: value for name, value in url.query.items() if name in _OPTIONS},
    }  # fmt: skip
    return {name: str(value) for name, value in known.items() if value}
