"""What a request does to the database: which transactions it began, and how to undo what it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, event, insert, select

from partnernet.core.db import Base

Dump = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(slots=True)
class Watch:
    """Counts the writing transactions of an engine."""

    begun: int = 0
    committed: int = 0

    def over(self, engine: Engine) -> "Watch":
        """Begin to watch."""
        event.listen(engine, "begin", self._began)
        event.listen(engine, "commit", self._committed)
        return self

    def reset(self) -> None:
        """Count from zero again."""
        self.begun = self.committed = 0

    def _began(self, connection: Connection) -> None:
        self.begun += bool(connection.get_execution_options().get("writes"))

    def _committed(self, connection: Connection) -> None:
        self.committed += bool(connection.get_execution_options().get("writes"))


def dump(engine: Engine) -> Dump:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)
            for table in Base.metadata.sorted_tables
        }


def restore(engine: Engine, before: Dump) -> None:
    """Put every table back to what it was."""
    with engine.connect().execution_options(writes=True) as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
        for table in Base.metadata.sorted_tables:
            if before[table.name]:
                connection.execute(insert(table), [dict(row) for row in before[table.name]])
        connection.commit()
