"""From when a preview is: whether anything has come since, and whether the same file waits already."""

from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.ledger.node import Node
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.model import BY_FILE, WAITING, ImportBatch
from partnernet.nodes.admit import let_in

FILE, STAND = "file", "stand"
"""Under which a preview keeps the SHA-256 of the file, and how things stood here when it was read."""


def stand(session: Session, node: Node) -> str:
    """How things stand: the newest statement here, and whose statements are let in."""
    newest = session.scalar(select(func.max(OpRow.n))) or 0
    writers = {log: sorted(nodes) for log, nodes in let_in(session, node).writers.items()}
    return f"{newest} {sha256(orjson.dumps(writers)).hexdigest()[:16]}"


def is_new(session: Session, batch: ImportBatch, node: Node) -> bool:
    """Whether the preview of an import from a file says what it would do now."""
    preview: dict[str, Any] = batch.preview
    return STAND not in preview or preview[STAND] == stand(session, node)


def same_file(session: Session, by: str, digest: str) -> ImportBatch | None:
    """The import that waits already of the very file that somebody brings."""
    of_person = select(ImportBatch).where(
        ImportBatch.state == WAITING, ImportBatch.way == BY_FILE, ImportBatch.by == by
    )
    return next((batch for batch in session.scalars(of_person) if batch.preview.get(FILE) == digest), None)
