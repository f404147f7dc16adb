"""Comparing the rows of a table in two databases, a page at a time, and reading rows that may be damaged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Integer, LargeBinary, Table, Text, func, literal, select, tuple_, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from partnernet.core.db import CHUNK
from partnernet.core.handful import BYTES

LIMIT = 500
"""How many findings are told; more would help nobody."""

Key = tuple[Any, ...]
Row = Mapping[str, Any]


@dataclass
class Findings:
    """What was found to be wrong, in sentences."""

    sentences: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        """Add a sentence, unless there are so many that one more tells nothing."""
        if len(self.sentences) < LIMIT:
            self.sentences.append(sentence)
        elif len(self.sentences) == LIMIT:
            self.sentences.append("There is more; this is where the list ends.")


def compare(session: Session, scratch: Session, table: Table, findings: Findings) -> None:
    """Report the rows of a table that differ from those in the scratch database, are missing or too many."""
    for keys in _few(session, table, findings):
        is_rows, should_rows = _fetch(session, table, keys, findings), _fetch(scratch, table, keys, findings)
        for key in is_rows:
            if key not in should_rows:
                findings.add(f"{_name(table, key)}: no op says that this is there.")
                continue
            for name, value in should_rows[key].items():
                if is_rows[key][name] != value:
                    findings.add(f"{_name(table, key)}: {name} is not what the ops say.")
    for keys in _few(scratch, table, findings):
        here = _fetch(session, table, keys, Findings())
        for key in keys:
            if key not in here:
                findings.add(f"{_name(table, key)}: the ops say that this is there, and it is not.")


def pages(session: Session, table: Table, findings: Findings) -> Iterator[list[Row]]:
    """All rows of a table in the order of its key, in lists; what cannot be read is reported."""
    for keys in _few(session, table, findings):
        found = _fetch(session, table, keys, findings)
        yield [found[key] for key in keys if key in found]


def _few(session: Session, table: Table, findings: Findings) -> Iterator[list[Key]]:
    """The keys of a table in their order, of as many rows at a time as memory holds easily."""
    large = [column for column in table.columns if isinstance(column.type, LargeBinary | Text)]
    for keys in _keys(session, table, findings):
        sizes = _sizes(session, table, keys, large) if large else {}
        few: list[Key] = []
        size = 0
        for key in keys:
            size += sizes.get(key, 0)
            if few and size > BYTES:
                yield few
                few, size = [], sizes.get(key, 0)
            few.append(key)
        yield few


def _sizes(session: Session, table: Table, keys: Sequence[Key], large: Sequence[Any]) -> dict[Key, int]:
    """How long the large columns of some rows are; of rows that cannot be read, that each is too large."""
    size = sum((func.coalesce(func.length(column), 0) for column in large), literal(0))
    columns = list(table.primary_key)
    try:
        rows = session.execute(select(*columns, size).where(_among(columns, keys))).all()
    except (DBAPIError, ValueError, TypeError):
        return dict.fromkeys(keys, BYTES)
    return {tuple(row[:-1]): row[-1] for row in rows}


def _keys(session: Session, table: Table, findings: Findings) -> Iterator[list[Key]]:
    columns = list(table.primary_key)
    last: Key | None = None
    while True:
        page = select(*columns).order_by(*columns).limit(CHUNK)
        try:
            keys = [tuple(row) for row in session.execute(page if last is None else page.where(_after(columns, last)))]
        except (DBAPIError, ValueError):
            findings.add(f"{table.name}: its keys cannot be read; restore it from a backup.")
            return
        if not keys:
            return
        yield keys
        last = keys[-1]


def _after(columns: Sequence[Any], last: Key) -> Any:
    return columns[0] > last[0] if len(columns) == 1 else tuple_(*columns) > tuple_(*last)


def _fetch(session: Session, table: Table, keys: Sequence[Key], findings: Findings) -> dict[Key, Row]:
    """The rows of some keys; each one that cannot be read is reported, and left out."""
    try:
        return _select(session, table, keys)
    except (DBAPIError, ValueError, TypeError):
        rows: dict[Key, Row] = {}
        for key in keys:
            try:
                rows |= _select(session, table, [key])
            except (DBAPIError, ValueError, TypeError):
                findings.add(f"{_name(table, key)}: it cannot be read.")
        return rows


def _select(session: Session, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
    columns = list(table.primary_key)
    wanted = select(*(_as_stored(column) for column in table.columns)).where(_among(columns, keys))
    rows = session.execute(wanted).mappings()
    return {tuple(row[column.name] for column in columns): dict(row) for row in rows}


def _among(columns: Sequence[Any], keys: Sequence[Key]) -> Any:
    return columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)


def _as_stored(column: Any) -> Any:
    """A column whose values are read as they lie there: 3 is not 1, although both are true."""
    if isinstance(column.type, Boolean):
        return type_coerce(column, Integer).label(column.name)
    return column


def _name(table: Table, key: Key) -> str:
    return f"{table.name} {'/'.join(str(part) for part in key)}"
