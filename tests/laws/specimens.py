"""The kinds and marks that exist for the laws alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import JSON, BigInteger, Column, MetaData, String, Table, Text

from partnernet.core.ledger import kinds
from partnernet.core.ledger.kinds import KINDS, MARKS, Field, Kind, MarkKind

TABLES = MetaData()
TESTPAGE = Table(
    "testpage", TABLES,
    Column("id", String(52), primary_key=True),
    Column("summary", Text, default=""),
    Column("points", JSON, default=list),
    Column("count", BigInteger, default=0),
)  # fmt: skip
PAGE = Kind(
    "testpage",
    {
        "title": Field(kinds.line(kinds.TITLE_LIMIT)),
        "body": Field(kinds.prose()),
        "summary": Field(kinds.prose(), shared=True),
        "points": Field(kinds.lines()),
        "count": Field(kinds.moment),
        "files": Field(kinds.files),
        "picture": Field(kinds.picture),
    },
    table=TESTPAGE,
    is_listed=True,
    has_thread=True,
)
REPLY = Kind("testreply", {"body": Field(kinds.prose())})
TEST_KINDS = (PAGE, REPLY)
TEST_MARKS = (MarkKind("testvote", value=kinds.one_of("yes", "no", ""), for_partner=True),)


@contextmanager
def declared() -> Iterator[None]:
    """Declare the kinds and marks of the tests for a while."""
    for kind in TEST_KINDS:
        kinds.declare(kind)
    for mark in TEST_MARKS:
        kinds.declare_mark(mark)
    try:
        yield
    finally:
        for kind in TEST_KINDS:
            del KINDS[kind.name]
        for mark in TEST_MARKS:
            del MARKS[mark.name]
