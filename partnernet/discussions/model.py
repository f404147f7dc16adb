"""Discussions: a question or a thought that the network talks over."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base, table_of
from partnernet.core.ledger.kinds import TITLE_LIMIT, Field, Kind, declare, files, line, prose
from partnernet.core.ledger.tables import OpId
from partnernet.core.words import lazy

SUMMARY_LIMIT = 8_000


class Discussion(Base):
    """What a discussion has beside an entry's own columns: where the talk has got to."""

    __tablename__ = "discussion"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    summary: Mapped[str] = mapped_column(Text, default="")


DISCUSSION = declare(
    Kind(
        "discussion",
        {
            "title": Field(line(TITLE_LIMIT, empty=False)),
            "body": Field(prose()),
            "files": Field(files),
            "summary": Field(prose(SUMMARY_LIMIT), shared=True),
        },
        table=table_of(Discussion),
        is_listed=True,
        has_thread=True,
        plural="discussions",
        word=lazy("Discussion"),
        words=lazy("Discussions"),
        prose=("body", "summary"),
    )
)
