"""The database: engine, `Base`, `write()` and `commit()`. The only module that knows which database it is."""

import contextlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, FromClause, MetaData, Select, bindparam, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from partnernet.core.errors import StorageFull

SAFE_SQLITE = (3, 51, 3)
BACKPORTED = {(3, 44): 6, (3, 50): 7}
CHUNK = 400  # bound parameters in one IN list: below every database's limit
LEDGER_LOCK = 7_307_198_121  # the number of PostgreSQL's advisory lock for appends

T = TypeVar("T")

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    """Every table of a node; names of constraints are settled here."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, with engines made by `open_engine`."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
        url = options.pop("url")
        return open_engine(url, **options)


db = Database(model_class=Base, session_options={"expire_on_commit": False})


# -- engines ---------------------------------------------------------------------------------------


def open_engine(url: Any, **options: Any) -> Engine:
    """An engine with the settings that keep our promises: full sync, immediate writes, read-only reads."""
    text_url = url.render_as_string(hide_password=False) if hasattr(url, "render_as_string") else str(url)
    options |= {"json_serializer": _to_json, "json_deserializer": orjson.loads}
    if text_url.startswith("sqlite"):
        module = sqlite_module()
        options.setdefault("connect_args", {}).update({"timeout": 30, "check_same_thread": False})
        engine = create_engine(text_url, module=module, **options)
        event.listen(engine, "connect", _connect_sqlite(module))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(text_url, **{"pool_pre_ping": True, **options})
    event.listen(engine, "begin", _begin_postgres)
    return engine


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
    return sqlite3 if has_wal_race(dbapi2.sqlite_version_info) else dbapi2  # type: ignore[no-any-return]


def has_wal_race(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can damage a WAL database that several connections use (3.7.0 to 3.51.2)."""
    if version >= SAFE_SQLITE:
        return False
    return version[2] < BACKPORTED.get(version[:2], 1 << 30)


def _connect_sqlite(module: ModuleType) -> Callable[[Any, Any], None]:
    journal = "truncate" if has_wal_race(module.sqlite_version_info) else "wal"

    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"journal_mode={journal}", "synchronous=full", "foreign_keys=on", "trusted_schema=off",
            "secure_delete=on", "temp_store=memory", "cache_size=-8000", "journal_size_limit=67108864",
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


def _begin_postgres(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("set transaction read only")


# -- transactions ----------------------------------------------------------------------------------


def write(session: Session | None = None) -> None:
    """Make this a writing transaction; until it is called, everything is read from a read-only one.

    What was read before may have changed in between, so read again what the writing depends on.
    """
    session = _plain(session)
    if session.info.get("writing"):
        return
    if session.in_transaction():
        session.rollback()
    try:
        session.connection(execution_options={"writes": True})
    except OperationalError as error:
        raise _full(error) from error
    session.info["writing"] = True


def lock_ledger(session: Session) -> None:
    """Hold the ledger until this transaction ends, so that numbers and positions commit in order."""
    if session.get_bind().dialect.name == "postgresql" and not session.info.get("ledger_locked"):
        session.execute(text("select pg_advisory_xact_lock(:n)"), {"n": LEDGER_LOCK})
        session.info["ledger_locked"] = True


def commit(session: Session | None = None) -> None:
    """Make everything since `write()` last, then tell those who listen; the only place that commits."""
    session = _plain(session)
    try:
        session.commit()
    except OperationalError as error:
        session.rollback()
        raise _full(error) from error
    for listener in session.info.get("after_commit", ()) or AFTER_COMMIT:
        listener()


AFTER_COMMIT: list[Callable[[], None]] = []
"""Called after each commit: a hint that there may be something new, never the truth."""


@contextlib.contextmanager
def writing(session: Session | None = None) -> Iterator[Session]:
    """A whole writing transaction outside a request: committed at the end, or rolled back."""
    session = _plain(session)
    write(session)
    try:
        yield session
        commit(session)
    except BaseException:
        session.rollback()
        raise


def _plain(session: Session | None) -> Session:
    return db.session() if session is None else session


@event.listens_for(Session, "after_transaction_end")
def _forget_writing(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("writing", None)
        session.info.pop("ledger_locked", None)


def _full(error: DBAPIError) -> Exception:
    if is_full(error):
        return StorageFull("The disk of this server is full: reading goes on, but nothing can be saved now.")
    return error


def is_full(error: BaseException) -> bool:
    """Whether a database error says that there is no room left."""
    words = str(getattr(error, "orig", error)).lower()
    signs = ("disk is full", "disk i/o error", "no space left", "could not extend")
    return any(sign in words for sign in signs)


# -- statements ------------------------------------------------------------------------------------


def upsert(
    session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]], keep: Collection[str] = ()
) -> None:
    """Insert rows, or replace the given columns, but for `keep`, of those whose primary key is there."""
    if not rows:
        return
    given = tuple(name for name in rows[0] if name not in keep)
    session.execute(_upsert_statement(_dialect_insert(session), table, tuple(rows[0]), given), list(rows))


@lru_cache(maxsize=256)
def _upsert_statement(insert: Any, table: Any, names: tuple[str, ...], given: tuple[str, ...]) -> Any:
    statement = insert(table).values({name: bindparam(name) for name in names})
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in given if name not in keys}
    if changed:
        return statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return statement.on_conflict_do_nothing(index_elements=keys)


def insert_missing(session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        session.execute(_dialect_insert(session)(table).on_conflict_do_nothing(), list(rows))


def insert_selected(session: Session, table: FromClause, names: Sequence[str], wanted: Select[Any]) -> None:
    """Insert the rows of a query, columns in the order of the names, but for those that are there."""
    statement = _dialect_insert(session)(table).from_select(list(names), wanted)
    session.execute(statement.on_conflict_do_nothing())


def _dialect_insert(session: Session) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgres_insert

        return postgres_insert
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def sqlite_path(engine: Engine) -> Path | None:
    """The file of an SQLite database; None in memory, or for another database."""
    if engine.dialect.name != "sqlite" or not engine.url.database or engine.url.database == ":memory:":
        return None
    return Path(engine.url.database)


def optimise(session: Session) -> None:
    """Let SQLite look at how its tables are filled, so that it plans well; other databases do so by themselves."""
    if session.get_bind().dialect.name != "sqlite":
        return
    write(session)
    session.execute(text("pragma analysis_limit=400"))
    session.execute(text("analyze"))
    commit(session)


def backup_to(engine: Engine, target: Path) -> None:
    """Copy an SQLite database, while it is used, to a file."""
    with engine.connect() as connection, contextlib.closing(sqlite_module().connect(target)) as copy:
        connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]


def compact(engine: Engine) -> None:
    """Write an SQLite database anew, so that nothing erased is left in the unused parts of its pages.

    `secure_delete` wipes a row that goes, but not the copies of it that stay behind in the free space
    of a page whenever rows are moved to another one.
    """
    if engine.dialect.name != "sqlite":
        return
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        connection.info.pop("writes", None)
        for statement in ("pragma query_only=off", "vacuum", "pragma wal_checkpoint(truncate)"):
            cursor.execute(statement)
            cursor.fetchall()
