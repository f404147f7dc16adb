"""Terms: the words of the network, each with the other words for the same thing. Everybody keeps them together."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from partnernet.core.db import Base, table_of
from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import Field, Kind, declare, line, lines, prose
from partnernet.core.ledger.tables import OpId
from partnernet.core.words import lazy
from partnernet.partners.model import sorting_name

WORD_LIMIT = 100
ALSO_LIMIT = 12
MEANING_LIMIT = 4_000


class Term(Base):
    """What a term has beside an entry's own columns, which hold the word itself and what it means."""

    __tablename__ = "term"

    id: Mapped[str] = mapped_column(OpId, primary_key=True)
    also: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Other words for the same thing."""
    said_by: Mapped[str] = mapped_column(Text, default="")
    """Whose word it is: artists, commissioners, one partner."""


TERM = declare(
    Kind(
        "term",
        {
            "title": Field(line(WORD_LIMIT, empty=False), shared=True),
            "also": Field(lines(ALSO_LIMIT, WORD_LIMIT), shared=True),
            "body": Field(prose(MEANING_LIMIT), shared=True),
            "said_by": Field(line(WORD_LIMIT), shared=True),
        },
        table=table_of(Term),
        has_acts=True,
        plural="glossary",
        word=lazy("Word"),
        words=lazy("Word list"),
    )
)


def plain(word: str) -> str:
    """A word as it is compared: without capitals, accents and needless spaces."""
    return sorting_name(" ".join(word.split()))


def words_of(term: Any) -> Iterator[str]:
    """The word of a term, then the others for the same thing, each once."""
    seen: set[str] = set()
    for word in (term.title, *term.also):
        if (key := plain(word)) and key not in seen:
            seen.add(key)
            yield word


def standing(visible: ColumnElement[bool]) -> Select[Any]:
    """The terms that somebody may see: id, kind, root, title, and the columns beside."""
    return (
        select(Entry.id, Entry.kind, Entry.root, Entry.title, Term.also, Term.said_by)
        .join(Term, Term.id == Entry.id)
        .where(
            Entry.id.in_(select(Term.id)),  # few; by the join alone SQLite goes through all entries
            Entry.kind == TERM.name, visible, ~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None),
        )
    )  # fmt: skip


def groups(session: Session, visible: ColumnElement[bool]) -> list[Sequence[str]]:
    """The words of each term that has several, as far as somebody may see them, in one order for ever."""
    found = session.execute(standing(visible).order_by(Entry.id)).all()
    return [words for term in found if len(words := list(words_of(term))) > 1]
