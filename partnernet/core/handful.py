"""`handful(session, statement, "line")`: the first rows of a statement, as many as memory holds easily."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.orm import Session

BYTES = 4 << 20
FETCHED = 16
"""Rows that are fetched at a time: a line may have 1 MiB."""


def handful(session: Session, statement: Executable, *large: str) -> Sequence[Any]:
    """The first rows of a statement, at least one if there is any, until their `large` columns have so many bytes."""
    found: list[Any] = []
    size = 0
    with session.execute(statement, execution_options={"yield_per": FETCHED}) as rows:
        for row in rows:
            found.append(row)
            size += sum(len(getattr(row, name) or b"") for name in large)
            if size >= BYTES:
                break
    return found
