"""SQLite's own full-text search over the same passages, doing the same work as the page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from partnernet.core.db import db
from partnernet.search.document import Document, documents, ids_in_order

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:
    import sqlite3

SCHEMA = """
create table passage (
  id integer primary key, entity text, kind text, partner text, log text, said_at integer, title text, body text);
create virtual table words using fts5(
  title, body, content='passage', content_rowid='id', tokenize='porter unicode61');
create virtual table vocabulary using fts5vocab('words', 'row');
"""

FILL = "insert into passage (entity, kind, partner, log, said_at, title, body) values (?, ?, ?, ?, ?, ?, ?)"
INDEX = "insert into words (rowid, title, body) select id, title, body from passage"

VISIBLE = "passage.log in ('public', 'network')"
FIRST = f"""
select passage.entity, snippet(words, 1, '<mark>', '</mark>', '…', 32)
from words join passage on passage.id = words.rowid
where words match ? and rank match 'bm25(3.0, 1.0)' and {VISIBLE}
order by rank limit ?
"""
COUNTS = f"""
select passage.kind, passage.partner, count(*)
from words join passage on passage.id = words.rowid
where words match ? and {VISIBLE}
group by passage.kind, passage.partner
"""
CACHE_KILOBYTES = 64_000
CHUNK = 2_000


@dataclass
class Answer:
    """What FTS5 says: the count, the two facets, and the first hits with their snippets."""

    count: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    hits: Sequence[tuple[str, str]] = ()


class Fts5:
    """A database with the passages of a node, and one connection to it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.connection = sqlite3.connect(file)
        self.connection.execute(f"pragma cache_size=-{CACHE_KILOBYTES}")

    def search(self, match: str, limit: int) -> Answer:
        """Ranked, counted exactly, by kind and partner, with snippets."""
        hits = self.connection.execute(FIRST, (match, limit)).fetchall()
        answer = Answer(hits=hits)
        for kind, partner, count in self.connection.execute(COUNTS, (match,)):
            answer.count += count
            answer.kinds[kind] = answer.kinds.get(kind, 0) + count
            answer.partners[partner] = answer.partners.get(partner, 0) + count
        return answer

    def frequencies(self) -> Mapping[str, int]:
        """In how many passages each stem stands."""
        return dict(self.connection.execute("select term, doc from vocabulary"))

    def bodies(self, ids: Sequence[int]) -> Iterator[str]:
        """The texts of some passages."""
        for number in ids:
            for (body,) in self.connection.execute("select body from passage where id = ?", (number,)):
                yield body

    def bytes(self) -> int:
        """How large the tables of the index are, the passages themselves left out."""
        parts = ("sum(length(block)) from words_data", "sum(length(sz)) from words_docsize")
        return sum(int(self.connection.execute(f"select {part}").fetchone()[0]) for part in parts)

    def size(self) -> int:
        """How many passages there are."""
        return int(self.connection.execute("select max(id) from passage").fetchone()[0])


def beside(app: Flask, data: Path) -> Fts5:
    """The same passages in FTS5, made once for each node."""
    file = data / "beside-fts5.db"
    if not file.exists():
        unfinished = file.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _make(app, unfinished)
        unfinished.rename(file)
    return Fts5(file)


def passages(app: Flask) -> Iterator[Document]:
    """Everything that has a document, in the order in which it was written."""
    with app.app_context():
        session = db.session()
        ids = ids_in_order(session)
        for at in range(0, len(ids), CHUNK):
            found = documents(session, ids[at : at + CHUNK])
            yield from (found[entity] for entity in ids[at : at + CHUNK])
        session.rollback()


def _make(app: Flask, file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(SCHEMA)
    for document in passages(app):
        entry = document.entry
        connection.execute(
            FILL, (entry.id, entry.kind, entry.partner or "", entry.log, entry.when, document.named, document.text)
        )
    connection.execute(INDEX)
    connection.execute("insert into words (words) values ('optimize')")
    connection.commit()
    connection.execute("analyze")
    connection.close()
