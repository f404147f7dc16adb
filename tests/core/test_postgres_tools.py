"""What PostgreSQL's own tools complain of is told as what is to be done; any name and password reach them whole."""

import json
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from partnernet.core import dump
from partnernet.core.engine import open_engine
from partnernet.core.errors import Refused, StorageFull
from partnernet.core.postgres_tools import complaint, run
from tests.postgres import ON_POSTGRES, fresh_database

MISMATCH = """\
pg_dump: error: aborting because of server version mismatch
pg_dump: detail: server version: 16.4 (Debian 16.4-1); pg_dump version: 13.14
"""
on_postgres = pytest.mark.skipif(not ON_POSTGRES, reason="needs PostgreSQL: run by .ci/postgres")


@pytest.mark.parametrize(
    "words, sentence",
    [
        (MISMATCH, "pg_dump (13.14) is older than the server of the database (16.4): install PostgreSQL's client "
                   "programs of version 16 on this machine, and put them first in the PATH."),
        ("pg_restore: error: unsupported version (1.16) in file header\n", "came from (unsupported version (1.16)"),
        ('pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "x"\nCommand was: …',
         'The server of this database is older than the one that the backup came from (unrecognized configuration '
         'parameter "x")'),
        ("pg_restore: error: could not execute query: ERROR:  permission denied for schema public\n",
         "make an empty database that belongs to it"),
        ('pg_dump: error: connection to server at "127.0.0.1", port 1 failed: Connection refused\n\tIs the server …',
         "look at PARTNERNET_DATABASE_URL."),
        ("pg_dump: error: something quite new.\n", "pg_dump could not do it: something quite new."),
        ("", "it does not say why."),
    ],
)  # fmt: skip
def test_each_complaint_says_what_to_do(words: str, sentence: str) -> None:
    said = complaint("pg_restore" if "pg_restore" in words else "pg_dump", words).sentence
    assert sentence in said and "error:" not in said and "\n" not in said


def test_a_full_disk_is_one() -> None:
    words = "pg_dump: error: could not write to output file: No space left on device"
    assert isinstance(complaint("pg_dump", words), StorageFull)


@pytest.mark.parametrize("tool", ["pg_dump", "pg_restore"])
def test_a_tool_that_is_missing_is_said_to_be(tool: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match=f"{tool} was not found: install PostgreSQL's client programs"):
        run(tool, None, [])


PASSWORD, USER, DATABASE = "p@ss:w/o%rd # \"quote' é", "arts user", "tide's = net"


def test_any_name_and_password_reach_it_and_none_stands_in_its_arguments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tool = tmp_path / "pg_dump"
    kept = tmp_path / "kept.json"
    tool.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"json.dump([sys.argv[1:], dict(os.environ)], open({str(kept)!r}, 'w'))\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    url = make_url("postgresql://host:5433/x?sslmode=require").set(
        username=USER, password=PASSWORD, database=DATABASE
    )  # fmt: skip
    run("pg_dump", url, ["--format=custom"])
    arguments, environment = json.loads(kept.read_text())
    assert arguments == [r"--dbname=dbname='tide\'s = net'", "--format=custom"]
    assert (environment["PGUSER"], environment["PGPASSWORD"]) == (USER, PASSWORD)
    assert (environment["PGHOST"], environment["PGPORT"], environment["PGSSLMODE"]) == ("host", "5433", "require")


@on_postgres
def test_a_database_of_any_name_is_copied_while_it_is_used_and_put_back(tmp_path: Path) -> None:
    plain = fresh_database(os.environ["PARTNERNET_TEST_DATABASE_URL"])
    engine = open_engine(make_url(plain).set(drivername="postgresql+psycopg"))
    server = engine.execution_options(isolation_level="AUTOCOMMIT")
    odd = f"{DATABASE} {os.urandom(4).hex()}"
    quoted = odd.replace('"', '""')
    with server.connect() as connection:
        connection.exec_driver_sql(f'create database "{quoted}"')
        connection.exec_driver_sql(f'create database "{quoted} 2"')
    there = open_engine(make_url(plain).set(drivername="postgresql+psycopg", database=odd))
    with there.connect().execution_options(writes=True) as connection:
        for statement in ("create table alembic_version (version_num text)", "create table op (n int, id text)"):
            connection.execute(text(statement))
        connection.execute(text("insert into op values (1, 'first')"))
        connection.commit()
        connection.execute(text("insert into op values (2, 'not committed yet')"))
        dumped = dump.dump(there, tmp_path / "copy")
        connection.rollback()
    again = make_url(plain).set(drivername="postgresql+psycopg", database=f"{odd} 2")
    loaded = dump.load(tmp_path / "copy", again.render_as_string(hide_password=False))
    assert dumped == loaded and (loaded.ops, loaded.last) == (1, "first")
    for each in (engine, there):
        each.dispose()


@on_postgres
def test_a_user_who_may_make_no_database_is_told_what_to_say() -> None:
    plain = make_url(fresh_database(os.environ["PARTNERNET_TEST_DATABASE_URL"])).set(drivername="postgresql+psycopg")
    engine = open_engine(plain)
    name = f"poor {os.urandom(4).hex()}"
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"create role \"{name}\" login password 'x'")
    poor = plain.set(username=name, password="x").render_as_string(hide_password=False)
    try:
        with pytest.raises(Refused, match=f'alter role "{name}" createdb'), dump.scratch_database(poor):
            pass
    finally:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(f'drop role "{name}"')
        engine.dispose()


def test_a_database_that_cannot_be_reached_is_a_sentence() -> None:
    pytest.importorskip("psycopg")
    engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(Refused, match=r"cannot be opened \(.*\): look at PARTNERNET_DATABASE_URL"):
        dump.is_empty(engine)
    engine.dispose()
