"""Migrations: they make what the models say, copy before they change, and are whole or not at all."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from partnernet import models
from partnernet.core import migrate
from partnernet.core.db import Base, commit, write
from partnernet.core.engine import open_engine
from partnernet.core.errors import Refused, StorageFull
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself, open_node
from partnernet.glossary.model import Term
from tests.postgres import fresh_database

SECOND = '''"""A second step."""

import sqlalchemy as sa
from alembic import op

revision = "%(next)s"
down_revision = "%(newest)s"


def upgrade() -> None:
    op.create_table("kettle", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("insert into setting (name, value) values ('kettle', 'on')")
    with op.batch_alter_table("setting") as batch:
        batch.add_column(sa.Column("note", sa.Text))
'''
NEWEST = migrate.newest()
NEXT = f"{int(NEWEST) + 1:04}"
SECOND %= {"next": NEXT, "newest": NEWEST}
BROKEN = SECOND + '    raise ZeroDivisionError("the power went")\n'


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    server = os.environ.get("PARTNERNET_TEST_DATABASE_URL")
    url = fresh_database(server) if server else f"sqlite:///{tmp_path / 'partnernet.db'}"
    engine = open_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    yield engine
    engine.dispose()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations in a folder of their own, to which a test may add."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "FOLDER", folder)
    return folder


@pytest.fixture
def present(engine: Engine, folder: Path, tmp_path: Path) -> Path:
    """A database that is up to date, with something in it; where to write its next migration."""
    migrate.upgrade(engine, tmp_path)
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("insert into setting (name, value) values ('hall', 'open')"))
        connection.commit()
    return folder / "versions" / f"{NEXT}_second.py"


def told(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {row.name: row.value for row in connection.execute(text("select name, value from setting"))}


def schema(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine)
    return {table: [column["name"] for column in found.get_columns(table)] for table in found.get_table_names()}


def copies(folder: Path) -> list[Path]:
    return sorted((folder / "before-upgrade").glob("*.db"))


def only_sqlite(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's copies are its steward's to make")


def test_the_migrations_make_what_the_models_say(engine: Engine, tmp_path: Path) -> None:
    models.load_all()
    migrate.upgrade(engine, tmp_path)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_comparison_would_see_a_table_that_no_migration_makes(engine: Engine, tmp_path: Path) -> None:
    models.load_all()
    migrate.upgrade(engine, tmp_path)
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("drop table draft"))
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata)


def test_every_revision_follows_the_one_before() -> None:
    from alembic.script import ScriptDirectory

    scripts = list(ScriptDirectory.from_config(migrate.configuration()).walk_revisions())[::-1]
    assert [script.revision for script in scripts] == migrate.revisions()
    assert [script.down_revision for script in scripts] == [None, *migrate.revisions()[:-1]]


def test_a_new_database_is_made_without_a_copy(engine: Engine, tmp_path: Path) -> None:
    migrate.upgrade(engine, tmp_path)
    assert migrate.current(engine) == migrate.newest()
    assert not copies(tmp_path)


def test_a_database_that_is_up_to_date_is_left_alone(
    engine: Engine, present: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "configuration", None)
    migrate.upgrade(engine, tmp_path)
    assert told(engine) == {"hall": "open"} and not copies(tmp_path)


def test_a_copy_is_taken_before_a_database_is_changed(engine: Engine, present: Path, tmp_path: Path) -> None:
    only_sqlite(engine)
    before = schema(engine)
    present.write_text(SECOND)
    migrate.upgrade(engine, tmp_path)
    assert migrate.current(engine) == NEXT
    assert told(engine) == {"hall": "open", "kettle": "on"} and "note" in schema(engine)["setting"]
    (copy,) = copies(tmp_path)
    kept = create_engine(f"sqlite:///{copy}")
    assert (schema(kept), told(kept), migrate.current(kept)) == (before, {"hall": "open"}, NEWEST)
    kept.dispose()


def test_what_an_older_program_could_not_show_is_shown_by_a_newer_one(
    engine: Engine, present: Path, tmp_path: Path
) -> None:
    models.load_all()
    author = NodeItself(open_node(tmp_path))
    with Session(engine) as session:
        write(session)
        op = verbs.create(session, author, "term", "network", {"title": "CPD", "also": ["training"]})
        for table in ("entry", "term", "touched"):
            session.execute(text(f"delete from {table}"))
        commit(session)
    present.write_text(SECOND)
    migrate.upgrade(engine, tmp_path)
    with Session(engine) as session:
        assert session.execute(text("select title from entry")).scalar() == "CPD"
        assert session.execute(text("select entity, op, cause from touched")).all() == [(op.id, op.id, "replay")]
        assert session.get_one(Term, op.id).also == ["training"]


def test_few_copies_are_kept_the_newest(engine: Engine, present: Path, tmp_path: Path) -> None:
    only_sqlite(engine)
    taken = [migrate.backup(engine, tmp_path, NEWEST) for _ in range(migrate.BACKUPS_KEPT + 2)]
    assert len(set(taken)) == len(taken)
    assert copies(tmp_path) == taken[-migrate.BACKUPS_KEPT :]


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine: Engine, present: Path, tmp_path: Path) -> None:
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
        connection.commit()
    before = schema(engine)
    with pytest.raises(Refused, match="newer version of PartnerNet: update the program"):
        migrate.upgrade(engine, tmp_path)
    assert (schema(engine), migrate.current(engine), copies(tmp_path)) == (before, "9999", [])


def test_a_migration_that_is_cut_short_changes_nothing_and_the_next_start_works(
    engine: Engine, present: Path, tmp_path: Path
) -> None:
    before = schema(engine)
    present.write_text(BROKEN)
    with pytest.raises(ZeroDivisionError):
        migrate.upgrade(engine, tmp_path)
    assert (schema(engine), told(engine), migrate.current(engine)) == (before, {"hall": "open"}, NEWEST)
    present.write_text(SECOND)
    migrate.upgrade(engine, tmp_path)
    assert migrate.current(engine) == NEXT
    assert told(engine) == {"hall": "open", "kettle": "on"}


def test_what_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "partnernet.db").write_text("This is a shopping list: milk, eggs, a second kettle. " * 40)
    engine = open_engine(f"sqlite:///{tmp_path / 'partnernet.db'}")
    with pytest.raises(Refused, match=r"cannot be opened \(.+\): look at PARTNERNET_DATABASE_URL\.$"):
        migrate.upgrade(engine, tmp_path)
    engine.dispose()


def test_a_database_that_has_no_room_to_be_opened_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(engine: Engine) -> str:
        raise OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(migrate, "current", fail)
    engine = open_engine(f"sqlite:///{tmp_path / 'partnernet.db'}")
    with pytest.raises(StorageFull, match=r"cannot be opened \(disk I/O error\): .+ make room there first\.$"):
        migrate.upgrade(engine, tmp_path)
