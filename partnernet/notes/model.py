"""Notes: the record of a gathering or a talk."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base, table_of
from partnernet.core.ledger.kinds import TITLE_LIMIT, Field, Kind, day, declare, files, line, prose, reference
from partnernet.core.ledger.tables import OpId
from partnernet.core.words import lazy

PLACE_LIMIT = 200


class Note(Base):
    """What a note has beside an entry's own columns: when and where it was, and at whose place."""

    __tablename__ = "note"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    held: Mapped[str] = mapped_column(String(10), default="")
    """The day as YYYY-MM-DD; empty where nobody knows."""
    host: Mapped[str] = mapped_column(String(52), default="")
    """The partner that hosted it."""
    place: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_note_held", "held"),)


NOTE = declare(
    Kind(
        "note",
        {
            "title": Field(line(TITLE_LIMIT, empty=False)),
            "held": Field(day),
            "host": Field(reference),
            "place": Field(line(PLACE_LIMIT)),
            "body": Field(prose()),
            "files": Field(files),
        },
        table=table_of(Note),
        is_listed=True,
        has_thread=True,
        plural="notes",
        word=lazy("Note"),
        words=lazy("Notes"),
    )
)
