import threading

import pytest
from sqlalchemy import JSON, Boolean, Column, LargeBinary, MetaData, String, Table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from partnernet.core import db
from partnernet.core.db import Base, commit, write, writing
from partnernet.core.engine import (
    SOON,
    TIMEOUT,
    backup_to,
    compact,
    has_wal_race,
    open_engine,
    sqlite_module,
    sqlite_path,
    truncate_log,
)
from partnernet.core.errors import StorageFull
from partnernet.core.ledger.tables import Cursor

INSERT = text("insert into cursor (consumer, position) values ('a', 1)")


@pytest.fixture
def engine(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'node.db'}")
    with engine.connect().execution_options(writes=True) as connection:
        Base.metadata.create_all(connection, tables=[Cursor.__table__])
        connection.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    with Session(engine, expire_on_commit=False) as session:
        yield session


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(text("select consumer, position from cursor order by 1")).all()


def pragma(session, name):
    return session.execute(text(f"pragma {name}")).scalar_one()


def test_reading_is_all_that_can_be_done_before_write(session, engine):
    with pytest.raises(OperationalError, match="readonly"):
        session.execute(INSERT)
    session.rollback()
    assert rows(engine) == []


def test_write_makes_this_transaction_a_writing_one_and_the_next_one_not(session, engine):
    write(session)
    session.execute(INSERT)
    commit(session)
    assert rows(engine) == [("a", 1)]
    with pytest.raises(OperationalError, match="readonly"):
        session.execute(text("delete from cursor"))


def test_after_a_rollback_everything_is_read_only_again(session, engine):
    write(session)
    session.execute(INSERT)
    session.rollback()
    assert rows(engine) == []
    with pytest.raises(OperationalError, match="readonly"):
        session.execute(INSERT)


def test_write_may_be_said_twice(session, engine):
    write(session)
    session.execute(INSERT)
    write(session)
    commit(session)
    assert rows(engine) == [("a", 1)]


def test_write_begins_anew_what_was_read_before(session, engine):
    assert session.execute(text("select count(*) from cursor")).scalar_one() == 0
    with Session(engine) as another, writing(another):
        another.execute(INSERT)
    write(session)
    assert session.execute(text("select count(*) from cursor")).scalar_one() == 1


def test_a_writer_holds_the_database_from_its_first_word(session, engine):
    write(session)
    found = []

    def second():
        with engine.connect() as connection:
            connection.exec_driver_sql("pragma busy_timeout=1")
            connection.rollback()
            try:
                connection.execution_options(writes=True).begin()
            except OperationalError as error:
                found.append(str(error.orig))

    other = threading.Thread(target=second)
    other.start()
    other.join()
    assert found == ["database is locked"]


def test_readers_go_on_while_somebody_writes(session, engine):
    write(session)
    session.execute(INSERT)
    assert rows(engine) == []
    commit(session)
    assert rows(engine) == [("a", 1)]


def test_the_settings_that_keep_our_promises_are_on(session):
    assert pragma(session, "synchronous") == 2
    assert pragma(session, "foreign_keys") == 1
    assert pragma(session, "trusted_schema") == 0
    assert pragma(session, "secure_delete") == 1
    assert pragma(session, "query_only") == 1
    safe = not has_wal_race(sqlite_module().sqlite_version_info)
    assert pragma(session, "journal_mode") == ("wal" if safe else "truncate")
    write(session)
    assert pragma(session, "query_only") == 0


@pytest.mark.parametrize(
    "version, races",
    [((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 50, 6), True), ((3, 50, 7), False),
     ((3, 51, 2), True), ((3, 51, 3), False), ((3, 52, 0), False), ((4, 0, 0), False)],
)  # fmt: skip
def test_libraries_with_the_wal_race_are_told_apart(version, races):
    assert has_wal_race(version) is races


def test_writing_commits_at_its_end_or_not_at_all(session, engine):
    with pytest.raises(RuntimeError), writing(session):
        session.execute(INSERT)
        raise RuntimeError
    assert rows(engine) == []
    with writing(session):
        session.execute(INSERT)
    assert rows(engine) == [("a", 1)]


def test_those_who_listen_hear_of_a_commit_after_it(session, engine):
    heard = []
    session.info["after_commit"] = [lambda: heard.append(rows(engine))]
    with writing(session):
        session.execute(INSERT)
        assert heard == []
    assert heard == [[("a", 1)]]


def test_a_full_disk_is_told_in_a_sentence(session, engine):
    write(session)
    session.execute(text("pragma max_page_count=1"))
    with pytest.raises((StorageFull, OperationalError)) as full:
        session.execute(
            text("insert into cursor values (:name, 1)"), [{"name": "x" * 9000 + str(n)} for n in range(99)]
        )
        commit(session)
    assert isinstance(full.value, StorageFull) or db.is_full(full.value)


def test_compacting_leaves_no_erased_word_in_the_file(session, engine):
    with writing(session):
        for n in range(200):
            session.execute(text(f"insert into cursor values ('canary-{n}-{'x' * 300}', 1)"))
    with writing(session):
        session.execute(text("delete from cursor"))
    compact(engine)
    assert b"canary" not in sqlite_path(engine).read_bytes()
    with pytest.raises(OperationalError, match="readonly"):
        session.execute(INSERT)


def heard(engine, other):
    """What the connection of somebody else is told from now on, once it is used again."""
    said = []
    other.connection.driver_connection.set_trace_callback(said.append)
    other.close()
    return said


def patience(said):
    """For how long it waits at each step, and what it does at the end, before it waits as long as ever."""
    return [int(each.rpartition("=")[2]) for each in said if "busy_timeout=" in each], said[-3:-1]


CHECKPOINTS = ["pragma wal_checkpoint(passive)", "pragma wal_checkpoint(truncate)"]


def test_compacting_hardly_waits_for_readers_and_says_where_one_kept_it_from_its_end(engine):
    with engine.connect() as reader, engine.connect() as other:
        if pragma(reader, "journal_mode") != "wal":
            pytest.skip("without WAL it cannot begin at all while somebody reads")
        reader.execute(text("select * from cursor"))
        with other.execution_options(writes=True).begin():
            other.execute(INSERT)
        said = heard(engine, other)
        assert not compact(engine)
    assert patience(said) == ([SOON, TIMEOUT * 1_000], CHECKPOINTS)
    assert said.index("vacuum") < said.index(f"pragma busy_timeout={SOON}")
    assert truncate_log(engine)


def test_whoever_empties_the_log_hardly_waits_for_readers_since_nobody_writes_meanwhile(engine):
    with engine.connect() as reader, engine.connect() as other:
        if pragma(reader, "journal_mode") != "wal":
            pytest.skip("without WAL there is no log")
        reader.execute(text("select * from cursor"))
        with other.execution_options(writes=True).begin():
            other.execute(INSERT)
        said = heard(engine, other)
        assert not truncate_log(engine)
    assert patience(said) == ([SOON, TIMEOUT * 1_000], CHECKPOINTS)
    assert truncate_log(engine)


def test_a_backup_can_be_taken_while_somebody_writes(session, engine, tmp_path):
    with writing(session):
        session.execute(INSERT)
    write(session)
    session.execute(text("delete from cursor"))
    backup_to(engine, tmp_path / "copy.db")
    copy = open_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    assert rows(copy) == [("a", 1)]
    copy.dispose()


def test_an_upsert_replaces_but_for_what_is_kept(session, engine):
    with writing(session):
        db.upsert(session, Cursor.__table__, [{"consumer": "a", "position": 1}, {"consumer": "b", "position": 1}])
        db.upsert(session, Cursor.__table__, [{"consumer": "a", "position": 2}])
        db.upsert(session, Cursor.__table__, [{"consumer": "b", "position": 2}], keep={"position"})
        db.insert_missing(
            session, Cursor.__table__, [{"consumer": "a", "position": 3}, {"consumer": "c", "position": 3}]
        )
    assert rows(engine) == [("a", 2), ("b", 1), ("c", 3)]


def test_chunks_hold_everything_once_and_in_order():
    assert list(db.chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(db.chunks([], 2)) == []


def test_memory_has_no_file():
    assert sqlite_path(open_engine("sqlite://")) is None


def test_rows_go_in_with_their_json_and_bytes_and_defaults(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'rows.db'}")
    table = Table(
        "thing", MetaData(), Column("id", String, primary_key=True), Column("said", JSON), Column("raw", LargeBinary),
        Column("open", Boolean), Column("word", String, default="hello"),
    )  # fmt: skip
    first = {"id": "a", "said": {"x": [1, "é"]}, "raw": b"\0\xff", "open": True}
    second = {"id": "b", "said": [], "raw": b"", "open": False}
    with Session(engine) as session:
        write(session)
        table.create(session.connection())
        db.insert_rows(session, table, [first, second])
        db.insert_missing(session, table, [{**second, "raw": b"not this"}, {**second, "id": "c"}])
        db.upsert(session, table, [{**first, "open": None, "raw": b"kept"}], keep={"raw"})
        found = [dict(row) for row in session.execute(table.select().order_by(table.c.id)).mappings()]
    assert found == [
        {**first, "open": None, "word": "hello"},
        {**second, "word": "hello"},
        {**second, "id": "c", "word": "hello"},
    ]
    engine.dispose()
