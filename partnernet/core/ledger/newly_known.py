"""What came before this version knew its kind: it was kept and passed on, and is shown from now on."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.project import project
from partnernet.core.ledger.tables import OpRow


def show_newly_known(session: Session) -> int:
    """Project the entities of known kinds that have no row yet; how many there were."""
    shown = exists().where(Entry.id == OpRow.id)
    statement = select(OpRow.id).where(OpRow.thing == OpRow.id, OpRow.kind.in_(list(KINDS)), ~shown)
    entities = session.scalars(statement.order_by(OpRow.id)).all()
    for some in chunks(entities):
        project(session, some, "replay")
    return len(entities)
