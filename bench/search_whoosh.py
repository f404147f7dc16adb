"""Stock Whoosh given the same fields: its own analyzer, field, columns and writer, as its manual says."""

from collections.abc import Iterable
from pathlib import Path

from whoosh import fields, index
from whoosh.analysis import LanguageAnalyzer
from whoosh.columns import FixedBytesColumn, NumericColumn, RefBytesColumn

from partnernet.core.ledger.canonical import from_base32
from partnernet.search.document import Document
from partnernet.search.whoosh_fast import TITLE_WEIGHT

NO_ROOT = bytes(32)


def schema() -> fields.Schema:
    """The same things to search in, to filter, to sort and to count by."""
    return fields.Schema(
        id=fields.ID(unique=True),
        text=fields.TEXT(analyzer=LanguageAnalyzer("en"), phrase=True),
        raw=fields.COLUMN(FixedBytesColumn(32)),
        root=fields.COLUMN(FixedBytesColumn(32)),
        kind=fields.COLUMN(RefBytesColumn()),
        log=fields.COLUMN(RefBytesColumn()),
        partner=fields.COLUMN(RefBytesColumn()),
        author=fields.COLUMN(RefBytesColumn()),
        when=fields.COLUMN(NumericColumn("q")),
        stamp=fields.COLUMN(NumericColumn("q")),
    )


def index_stock(folder: Path, documents: Iterable[Document]) -> None:
    """Make an index with the writer as it comes."""
    writer = index.create_in(str(folder), schema()).writer()
    for document in documents:
        entry = document.entry
        writer.add_document(
            id=entry.id,
            text="\n".join([*[document.title] * TITLE_WEIGHT, document.text]),
            raw=from_base32(entry.id, 32),
            root=from_base32(entry.root, 32) if entry.root else NO_ROOT,
            kind=entry.kind.encode(),
            log=entry.log.encode(),
            partner=(entry.partner or "").encode(),
            author=document.author.encode(),
            when=entry.when,
            stamp=document.stamp,
        )
    writer.commit()
