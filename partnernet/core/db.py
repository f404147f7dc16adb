"""The database: `Base`, `write()`, `commit()`, and statements that each database says in its own way.

This module, `among.py`, `engine.py` and `dump.py` beside it are the only ones that know which database it is.
"""

import contextlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, FromClause, LargeBinary, MetaData, Select, Table, bindparam, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from partnernet.core.engine import is_full as is_full
from partnernet.core.engine import open_engine
from partnernet.core.errors import StorageFull
from partnernet.core.words import _

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


@contextlib.contextmanager
def told_at_the_end(session: Session) -> Iterator[None]:
    """Tell those who listen once, when all is done, and not at each commit: they would be in the way of the rest."""
    session.info["after_commit"] = (lambda: None,)
    try:
        yield
    finally:
        session.info.pop("after_commit", None)
        for listener in AFTER_COMMIT:
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
        return StorageFull(_("The disk of this server is full: reading goes on, but nothing can be saved now."))
    return error


# -- statements ------------------------------------------------------------------------------------


def insert_rows(session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all give the same columns."""
    if rows:
        run_for_each(session, _insert_statement(_dialect_insert(session), table, tuple(rows[0])), rows)


def upsert(session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]], keep: Collection[str] = ()) -> None:
    """Insert rows, or replace the given columns, but for `keep`, of those whose primary key is there."""
    if rows:
        given = tuple(name for name in rows[0] if name not in keep)
        run_for_each(session, _upsert_statement(_dialect_insert(session), table, tuple(rows[0]), given), rows)


def insert_missing(session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        statement = _insert_statement(_dialect_insert(session), table, tuple(rows[0]))
        run_for_each(session, statement.on_conflict_do_nothing(), rows)


@lru_cache(maxsize=256)
def _insert_statement(insert: Any, table: Any, names: tuple[str, ...]) -> Any:
    return insert(table).values({name: bindparam(name) for name in names})


@lru_cache(maxsize=256)
def _upsert_statement(insert: Any, table: Any, names: tuple[str, ...], given: tuple[str, ...]) -> Any:
    statement = _insert_statement(insert, table, names)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in given if name not in keys}
    if changed:
        return statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return statement.on_conflict_do_nothing(index_elements=keys)


def run_for_each(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run an insert or update once for each row, without what SQLAlchemy does anew for each of them."""
    connection = session.connection()
    ready = _ready(statement, connection.dialect)
    if ready is None:
        session.execute(statement, list(rows))
    else:
        connection.exec_driver_sql(ready.text, [ready.parameters(row) for row in rows])


@lru_cache(maxsize=256)
def _ready(statement: Any, dialect: Any) -> "_Ready | None":
    """A statement as the driver takes it; None where it has parameters that no row gives."""
    compiled = statement.compile(dialect=dialect)
    if compiled.insert_prefetch or compiled.update_prefetch:
        return None
    return _Ready(compiled, dialect)


class _Ready:
    """The text of a statement, and how a row becomes its parameters."""

    def __init__(self, compiled: Any, dialect: Any) -> None:
        self.text = str(compiled)
        names = tuple(compiled.positiontup or compiled.binds)
        self._names = None if compiled.positional else names
        self._values = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
        self._processors = []
        for at, name in enumerate(names):
            sort = compiled.binds[name].type.dialect_impl(dialect)
            processor = None if isinstance(sort, LargeBinary) else sort.bind_processor(dialect)  # drivers take bytes
            if processor is not None:
                self._processors.append((at, processor))

    def parameters(self, row: Mapping[str, Any]) -> Any:
        """The values of one row, as the driver takes them."""
        values = self._values(row)
        if self._processors:
            changed = list(values)
            for at, process in self._processors:
                changed[at] = process(changed[at])
            values = tuple(changed)
        return values if self._names is None else dict(zip(self._names, values, strict=True))


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


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements over many rows: a declared class always has one."""
    return cast(Table, model.__table__)


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


def optimise(session: Session) -> None:
    """Let SQLite look at how its tables are filled, so that it plans well; other databases do so by themselves."""
    if session.get_bind().dialect.name != "sqlite":
        return
    write(session)
    session.execute(text("pragma analysis_limit=400"))
    session.execute(text("analyze"))
    commit(session)
