"""The files of documents: kept before they are written, and named in the texts that show them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from partnernet.load.document import Document, Enclosure, Unreadable
from partnernet.load.report import Report

Keep = Callable[[Enclosure], dict[str, Any]]
"""Stores a file and says how an op names it; raises Unreadable."""


def kept(documents: Iterable[Document], keep: Keep, report: Report) -> Iterator[Document]:
    """Documents whose files are kept, every part within its limit."""
    for document in documents:
        _keep(document, keep, report)
        document.fit()
        _keep(document, keep, report)
        document.files = list({file["sha256"]: file for file in document.files}.values())
        yield document


def _keep(document: Document, keep: Keep, report: Report) -> None:
    for enclosure in document.enclosures:
        try:
            file = keep(enclosure)
        except Unreadable as error:
            report.bad.append((f"{document.name}: the file {enclosure.name}", str(error)))
            continue
        if enclosure.stands_for:
            document.body = document.body.replace(enclosure.stands_for, f"/files/{file['sha256']}")
        if enclosure.goes_to == "picture" and file["type"].startswith("image/"):
            document.picture = file
        else:
            document.files.append(file)
    document.enclosures.clear()
