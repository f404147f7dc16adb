"""Ideas: what partners might do together, and where each stands in the cycle."""

from collections.abc import Mapping

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from partnernet.core.db import Base, table_of
from partnernet.core.entry import Entry, Mark
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import (
    TITLE_LIMIT,
    Field,
    Kind,
    MarkKind,
    declare,
    declare_mark,
    files,
    line,
    one_of,
    prose,
)
from partnernet.core.ledger.tables import OpId
from partnernet.core.policy import Actor
from partnernet.core.words import lazy

STAGES: Mapping[str, str] = {
    "discover": lazy("Discover"), "define": lazy("Define"), "develop": lazy("Develop"), "deliver": lazy("Deliver"),
    "do_more": lazy("Do More"),
}  # fmt: skip
"""The cycle, in order: what is stored, and its words."""

FIRST_STAGE = "discover"


class Idea(Base):
    """What an idea has beside an entry's own columns: its stage."""

    __tablename__ = "idea"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    stage: Mapped[str] = mapped_column(String(16), default=FIRST_STAGE)


IDEA = declare(
    Kind(
        "idea",
        {
            "title": Field(line(TITLE_LIMIT, empty=False)),
            "body": Field(prose()),
            "files": Field(files),
            "stage": Field(one_of(*STAGES), shared=True),
        },
        table=table_of(Idea),
        is_listed=True,
        has_thread=True,
        plural="ideas",
        word=lazy("Idea"),
        words=lazy("Ideas"),
    )
)

COUNT_IN = declare_mark(MarkKind("count_in", for_partner=True))
WATCHING = declare_mark(MarkKind("watching", for_partner=True))
CAN_HOST = declare_mark(MarkKind("can_host", for_partner=True))

SAYINGS = (COUNT_IN.name, WATCHING.name, CAN_HOST.name)
"""What a partner can say of an idea."""


def say(session: Session, idea: Entry, mark: str, value: bool, *, by: Actor) -> bool:
    """Say something of an idea for one's partner, or take it back; who counts in watches no longer.

    The answer is whether watching was taken back by it.
    """
    verbs.mark(session, by, idea, mark, value)
    if mark != COUNT_IN.name or not value or not _watches(session, idea, by):
        return False
    verbs.mark(session, by, idea, WATCHING.name, False)
    return True


def _watches(session: Session, idea: Entry, by: Actor) -> bool:
    """Whether the partner, or a person who has none, watches an idea."""
    own = Mark.partner == by.partner if by.partner else (Mark.by == by.handle) & (Mark.node == by.node.id)
    watching = select(Mark.thing).where(Mark.entry == idea.id, Mark.mark == WATCHING.name, Mark.value != "", own)
    return session.scalars(watching.limit(1)).first() is not None
