"""What thousands of nodes in the tests share, made once in each process: tables, templates, routes, statements."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.util import LRUCache

from partnernet.core import engine as engines
from partnernet.core import migrate
from partnernet.core.engine import open_engine
from tests.postgres import fresh_database
from tests.routes import Routes


class Templates(BytecodeCache):
    """Compiled templates, kept by their name and the hash of their source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template that was compiled before."""
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one that has just been compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def share() -> None:
    """Let the apps of this process share what they compile: it depends on the source alone."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}
    Flask.url_map_class = Routes
    for dialect in (SQLiteDialect, PGDialect):
        dialect.__eq__, dialect.__hash__ = _is_alike, _hash_of_type
    engines.create_engine = _engine
    os.fsync = _written  # no power goes while they run; a program of its own, which a test may kill, waits for the disk


def _written(fd: Any) -> None:
    """Take a file that is open for written."""
    os.fstat(fd)


STATEMENTS: LRUCache[Any, Any] = LRUCache(2_000)
"""Compiled statements. SQLAlchemy keeps them for an engine; here all engines of a process speak one dialect."""


def _engine(*args: Any, **options: Any) -> Engine:
    engine = create_engine(*args, **options)
    engine._compiled_cache = STATEMENTS
    return engine


def _is_alike(one: object, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_type(one: object) -> int:
    return hash(type(one))


@cache
def _tables() -> Path:
    """An SQLite database with all tables and nothing in them."""
    folder = Path(tempfile.mkdtemp(prefix="partnernet-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "partnernet.db"
    _migrate(f"sqlite:///{path}")
    return path


@cache
def _tables_on_postgres(url: str) -> str:
    """The same on the PostgreSQL of the tests: its address."""
    made = fresh_database(url)
    _migrate(made)
    return made


def _migrate(url: str) -> None:
    engine = open_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with tempfile.TemporaryDirectory() as folder:
        migrate.upgrade(engine, Path(folder))
    engine.dispose()


def database_in(folder: Path) -> str | None:
    """Give a node that is not there yet a database with tables; its address where it does not lie in the folder."""
    if url := os.environ.get("PARTNERNET_TEST_DATABASE_URL"):
        return fresh_database(url, like=_tables_on_postgres(url))
    path = folder / "partnernet.db"
    if not path.exists() and not (folder / "node.key").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_tables(), path)
    return None
