"""Stock Whoosh given the same fields: its own analyzers, columns and writer, as its manual says."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import fields, formats, index
from whoosh.analysis import LanguageAnalyzer, SimpleAnalyzer

from partnernet.core.ledger.canonical import from_base32
from partnernet.core.time import from_ms
from partnernet.search import whoosh_fast
from partnernet.search.document import Document
from partnernet.search.interface import SEPARATOR
from partnernet.search.occurrences import HEADING_WEIGHT, TITLE_WEIGHT


def schema() -> fields.Schema:
    """The words stemmed, with their places; the words as they are written; and the very same columns."""
    columns = {name: field for name, field in whoosh_fast.schema().items() if isinstance(field, fields.COLUMN)}
    return fields.Schema(
        text=fields.TEXT(analyzer=LanguageAnalyzer("en"), phrase=True),
        word=fields.FieldType(formats.Existence(), SimpleAnalyzer(), scorable=False),
        **columns,
    )


def index_stock(folder: Path, documents: Iterable[Document]) -> None:
    """Make an index with the writer as it comes."""
    writer = index.create_in(str(folder), schema()).writer()
    for document in documents:
        columns = _columns(document)
        for part, passage in enumerate(document.passages):
            title = "\n".join([document.named] * TITLE_WEIGHT)
            headings = "\n".join([passage.above, *[passage.heading] * HEADING_WEIGHT])
            words = "\n".join((document.named, passage.above, passage.heading, passage.text))
            writer.add_document(text="\n".join((title, headings, passage.text)), word=words, part=part, **columns)
    writer.commit()


def _columns(document: Document) -> dict[str, Any]:
    entry = document.entry
    return {
        "raw": from_base32(entry.id, 32), "root": from_base32(entry.root or entry.id, 32), "kind": entry.kind.encode(),
        "log": entry.log.encode(), "partner": (entry.partner or "").encode(), "author": document.author.encode(),
        "tags": SEPARATOR.join(entry.tags).encode(), "stage": document.stage.encode(), "lang": document.lang.encode(),
        "year": str(from_ms(entry.when).year).encode(), "when": entry.when, "stamp": document.stamp,
    }  # fmt: skip
