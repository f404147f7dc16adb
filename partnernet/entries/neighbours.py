"""The entries of the same kind that stand next to one by date: one older, one newer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from partnernet.core.entry import Entry
from partnernet.core.policy import visible_in

_entry = Entry.__table__.c
_ID_LENGTH = 52


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What the link to an entry needs."""

    id: str
    kind: str
    title: str
    root: None = None


def neighbours(logs: Sequence[str]) -> list[Any]:
    """Two columns for the page of an entry: the id and title of the next older and newer one, in one text each."""
    return [_next(logs, newer).label("newer" if newer else "older") for newer in (False, True)]


def read(value: str | None, kind: str) -> Neighbour | None:
    """The neighbour that a page found."""
    return Neighbour(value[:_ID_LENGTH], kind, value[_ID_LENGTH:]) if value else None


def _next(logs: Sequence[str], newer: bool) -> Any:
    other = Entry.__table__.alias()
    here, there = tuple_(_entry.when, _entry.id), tuple_(other.c.when, other.c.id)
    order = (other.c.when, other.c.id) if newer else (other.c.when.desc(), other.c.id.desc())
    return (
        select(other.c.id.concat(other.c.title))
        .where(other.c.kind == _entry.kind, other.c.listed, visible_in(logs, other.c))
        .where(there > here if newer else there < here)
        .order_by(*order)
        .limit(1)
        .correlate(Entry.__table__)
        .scalar_subquery()
    )
