"""Words that must not leave: planted in every column that can hold words, of every table that follows from no op."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, LargeBinary, String, Table, Text, insert
from sqlalchemy.orm import Session

from partnernet.core.db import Base, commit, write
from partnernet.core.ledger.tables import OpRow, Touched
from partnernet.core.ledger.verify import projected_tables
from partnernet.core.time import UtcDateTime
from partnernet.entries.model import Rendering

NUMBER = 7_310_000


def local_tables() -> list[Table]:
    """Every table that is neither the ledger nor made of it: whatever is added later is one of them by itself."""
    travel = {table.name for table in projected_tables()}
    travel |= {model.__tablename__ for model in (OpRow, Touched, Rendering)}
    return [table for table in Base.metadata.sorted_tables if table.name not in travel]


def plant(session: Session) -> dict[str, str]:
    """Add a row of canaries to every local table; commits. Which column each of them stands in."""
    planted: dict[str, str] = {}
    rows: dict[str, dict[str, Any]] = {}
    write(session)
    for table in local_tables():
        rows[table.name] = {column.name: _value(column, rows, planted) for column in table.columns}
        session.execute(insert(table), [rows[table.name]])
    commit(session)
    return planted


def _value(column: "Column[Any]", rows: dict[str, dict[str, Any]], planted: dict[str, str]) -> Any:
    for key in column.foreign_keys:
        if key.column.table.name in rows:
            return rows[key.column.table.name][key.column.name]
    canary = canary_of(len(planted))
    where = f"{column.table.name}.{column.name}"
    if isinstance(column.type, String | Text | LargeBinary | JSON):
        planted[canary] = where
    if isinstance(column.type, LargeBinary):
        return canary.encode()
    if isinstance(column.type, JSON):
        is_list = column.server_default is not None and "[" in str(column.server_default.arg)
        return [canary] if is_list else {canary: canary}
    if isinstance(column.type, String | Text):
        return canary
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, UtcDateTime):
        return datetime.now(UTC)
    return NUMBER + len(planted)


def canary_of(number: int) -> str:
    """A word that no id and no digest holds by chance: base32 has no 9 and no 0, and hexadecimal no q."""
    return f"q09{number:03}z"


def found(content: bytes, planted: dict[str, str]) -> list[str]:
    """The columns whose canaries are in something that leaves."""
    return [where for canary, where in planted.items() if canary.encode() in content]
