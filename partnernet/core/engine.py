"""Engines with the settings that keep our promises, and the care that SQLite's files need."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from partnernet.core.errors import Refused, StorageFull

CACHE_KIB, ROOMY_CACHE_KIB = 2_000, 28_000
TIMEOUT, SOON = 30, 100
"""How long one waits for others to let go of an SQLite database: usually in seconds; in milliseconds, where nobody can
write meanwhile."""
SAFE_SQLITE = (3, 51, 3)
PAGES = 1_024
"""Pages that are copied at a time."""
BACKPORTED = {(3, 44): 6, (3, 50): 7}


def open_engine(url: Any, **options: Any) -> Engine:
    """An engine with the settings that keep our promises: full sync, immediate writes, read-only reads."""
    text_url = url.render_as_string(hide_password=False) if hasattr(url, "render_as_string") else str(url)
    options |= {"json_serializer": _to_json, "json_deserializer": orjson.loads}
    if text_url.startswith("sqlite"):
        module = sqlite_module()
        options.setdefault("connect_args", {}).update({"timeout": TIMEOUT, "check_same_thread": False})
        engine = create_engine(text_url, module=module, **options)
        event.listen(engine, "connect", _connect_sqlite(module))
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _leave_sqlite)
        return engine
    try:
        engine = create_engine(text_url, **{"pool_pre_ping": True, **options})
    except ModuleNotFoundError as error:
        raise Refused(
            f"PARTNERNET_DATABASE_URL asks for a database whose driver is missing ({error.name}): "
            "install PartnerNet with its extra `postgres`."
        ) from error
    event.listen(engine, "begin", _begin_postgres)
    return engine


def cannot_open(error: DBAPIError) -> Refused:
    """A database that cannot be reached or read, in a sentence."""
    why = first_words(error)
    if is_full(error):
        return StorageFull(f"The database cannot be opened ({why}): its disk seems to be full; make room there first.")
    return Refused(f"The database cannot be opened ({why}): look at PARTNERNET_DATABASE_URL.")


def is_full(error: BaseException) -> bool:
    """Whether a database error says that there is no room left."""
    words = str(getattr(error, "orig", error)).lower()
    signs = ("disk is full", "disk i/o error", "no space left", "could not extend")
    return any(sign in words for sign in signs)


def first_words(error: DBAPIError) -> str:
    """The first line of what a database says."""
    return str(error.orig).strip().partition("\n")[0].rstrip(".")


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def sqlite_module() -> ModuleType:
    """The SQLite binding to use: Python's own where its library is mended, else the bundled one."""
    import sqlite3

    if not has_wal_race(sqlite3.sqlite_version_info):
        return sqlite3
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    return sqlite3 if has_wal_race(dbapi2.sqlite_version_info) else dbapi2


def has_wal_race(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can damage a WAL database that several connections use (3.7.0 to 3.51.2)."""
    if version >= SAFE_SQLITE:
        return False
    return version[2] < BACKPORTED.get((version[0], version[1]), 1 << 30)


def _connect_sqlite(module: ModuleType) -> Callable[[Any, Any], None]:
    journal = "truncate" if has_wal_race(module.sqlite_version_info) else "wal"

    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"journal_mode={journal}", "synchronous=full", "foreign_keys=on", "trusted_schema=off",
            # Each connection has a cache of its own, and the system keeps the pages of the file as well.
            "secure_delete=on", "temp_store=memory", f"cache_size=-{CACHE_KIB}", "journal_size_limit=67108864",
        ):  # fmt: skip
            connection.execute(f"pragma {pragma}")

    return connect


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    info = connection.connection.info
    if info.get("writes") is not writes:
        connection.exec_driver_sql("pragma query_only=off" if writes else "pragma query_only=on")
        info["writes"] = writes
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def make_room(connection: Connection) -> None:
    """Let a connection keep more of the database in memory until it is given back.

    The ids of new rows fall all over the indexes: with little memory their pages are written and read anew
    for each few of them.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"pragma cache_size=-{ROOMY_CACHE_KIB}")
        connection.connection.info["roomy"] = True


def _leave_sqlite(connection: Any, record: Any) -> None:
    if connection is not None and record.info.pop("roomy", False):
        connection.execute(f"pragma cache_size=-{CACHE_KIB}")


def _begin_postgres(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes", False):
        # As in SQLite, what is read in one transaction is of one moment.
        connection.exec_driver_sql("set transaction isolation level repeatable read, read only")


def sqlite_path(engine: Engine) -> Path | None:
    """The file of an SQLite database; None in memory, or for another database."""
    if engine.dialect.name != "sqlite" or not engine.url.database or engine.url.database == ":memory:":
        return None
    return Path(engine.url.database)


def backup_to(engine: Engine, target: Path, progress: Callable[[int], None] = lambda size: None) -> None:
    """Copy an SQLite database, while it is used, to a file; `progress` is told how many bytes more are done."""
    with engine.connect() as connection, contextlib.closing(sqlite_module().connect(target)) as copy:
        size = connection.exec_driver_sql("pragma page_size").scalar() or 0
        # What is read first settles the moment: without it, every change meanwhile would begin the copy anew.
        connection.exec_driver_sql("select count(*) from sqlite_master")
        left: list[int] = []

        def step(status: int, remaining: int, total: int) -> None:
            progress(((left[-1] if left else total) - remaining) * size)
            left[:] = [remaining]

        connection.connection.driver_connection.backup(copy, pages=PAGES, progress=step)  # type: ignore[union-attr] # open, so there is one


def compact(engine: Engine) -> bool:
    """Write an SQLite database anew, so that nothing erased is left in the unused parts of its pages.

    `secure_delete` wipes a row that goes, but not the copies of it that stay behind in the free space
    of a page whenever rows are moved to another one. False where a reader holds on to the old pages: the
    new ones stand in the log then, and are the database as soon as `truncate_log` can empty it.
    """
    return _truncated(engine, "vacuum")


def truncate_log(engine: Engine) -> bool:
    """Write what stands in SQLite's log into the database, and cut the log off; False where somebody still reads it."""
    return _truncated(engine)


def _truncated(engine: Engine, *first: str) -> bool:
    """Do something, then empty the log.

    Nobody can write while that waits for readers, and a backup reads for minutes: so it hardly waits. Most of the
    log is written into the database before, beside whoever writes.
    """
    if engine.dialect.name != "sqlite":
        return True
    checkpoints = (f"pragma busy_timeout={SOON}", "pragma wal_checkpoint(passive)", "pragma wal_checkpoint(truncate)")
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        connection.info.pop("writes", None)
        usual = cursor.execute("pragma busy_timeout").fetchall()[0][0]
        try:
            for statement in ("pragma query_only=off", *first, *checkpoints):
                answer = cursor.execute(statement).fetchall()
        finally:
            cursor.execute(f"pragma busy_timeout={usual}")
    busy: bool = answer[0][0] != 0
    return not busy
