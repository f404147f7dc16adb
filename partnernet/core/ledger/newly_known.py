"""What came before this version could read it: it was kept and passed on, and is shown from now on.

Any kind, field, mark or document may be new to a version, a revocation included, so everything is derived again.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import CHUNK
from partnernet.core.ledger.project import project
from partnernet.core.ledger.tables import OpRow, Touched

_thing = OpRow.__table__.c.thing


def show_newly_known(session: Session) -> int:
    """Project everything again; how many times an entity came to be shown otherwise."""
    before = session.scalar(select(func.max(Touched.position))) or 0
    for some in all_things(session):
        project(session, some, "replay")
    return session.scalar(select(func.count()).select_from(Touched).where(Touched.position > before)) or 0


def all_things(session: Session) -> Iterator[Sequence[str]]:
    """Everything that ops change, a few hundred things at a time."""
    last = ""
    while things := session.scalars(select(_thing).where(_thing > last).distinct().order_by(_thing).limit(CHUNK)).all():
        yield things
        last = things[-1]
