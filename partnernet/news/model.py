"""News: something that happened, told for everybody, with what was learned from it."""

from typing import Any

from sqlalchemy import JSON, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base, table_of
from partnernet.core.ledger.kinds import (
    TITLE_LIMIT,
    Field,
    Kind,
    address,
    declare,
    files,
    line,
    lines,
    picture,
    prose,
)
from partnernet.core.ledger.tables import OpId
from partnernet.core.words import lazy

STANDFIRST_LIMIT = 500
POINTS_LIMIT, POINT_LIMIT = 12, 300


class News(Base):
    """What a news item has beside an entry's own columns."""

    __tablename__ = "news"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    standfirst: Mapped[str] = mapped_column(Text, default="")
    learning: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """The learning points, each a line."""
    link: Mapped[str] = mapped_column(Text, default="")
    """Where the story was told first."""


NEWS = declare(
    Kind(
        "news",
        {
            "title": Field(line(TITLE_LIMIT, empty=False)),
            "standfirst": Field(line(STANDFIRST_LIMIT)),
            "body": Field(prose()),
            "picture": Field(picture),
            "learning": Field(lines(POINTS_LIMIT, POINT_LIMIT)),
            "link": Field(address),
            "files": Field(files),
        },
        table=table_of(News),
        is_listed=True,
        has_thread=True,
        plural="news",
        word=lazy("News"),
        words=lazy("News"),
    )
)
