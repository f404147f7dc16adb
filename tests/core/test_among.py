"""Many values as one parameter: what is found, on either database, and by an index."""

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.db import insert_rows, table_of, write
from partnernet.core.ledger.changes import _OPS
from partnernet.core.ledger.tables import Cursor

WANTED = select(Cursor.consumer).where(among(Cursor.consumer, "names"))


def test_those_that_are_among_many_are_found(session: Session) -> None:
    write(session)
    names = ['it"s', "comma, here", "☂", "{braces}", "plain", "NULL"]
    insert_rows(session, table_of(Cursor), [{"consumer": name, "position": 1} for name in (*names, "other")])
    assert set(session.scalars(WANTED, {"names": names})) == set(names)
    assert list(session.scalars(WANTED, {"names": [f"no {n}" for n in range(5_000)] + ["other"]})) == ["other"]
    assert list(session.scalars(WANTED, {"names": []})) == []


def test_an_index_finds_them(session: Session) -> None:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        session.execute(text("set local enable_seqscan = off"))
    explain = "explain query plan " if engine.dialect.name == "sqlite" else "explain "
    statement = _OPS.ops.compile(dialect=engine.dialect)
    given = {"things": '["a"]' if engine.dialect.name == "sqlite" else ["a"], "small": 1, "at_once": 1}
    ordered = tuple(given[name] for name in statement.positiontup) if statement.positiontup else given
    rows = session.connection().exec_driver_sql(explain + str(statement), ordered)
    plan = "\n".join(str(row) for row in rows)
    assert "ix_op_thing" in plan and "scan op" not in plan.lower()
