"""The text of attached files, as it is searched: tables beside the ledger that never travel.

They hold what some process read out of a file that an entity names, and are made anew wherever the file is.
"""

from collections.abc import Mapping

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnernet.core.db import Base
from partnernet.core.words import lazy

WAITING, ABSENT = "waiting", "absent"
"""The status of a file that is not read yet, and of one that is not even here yet."""

WHY: Mapping[str, str] = {
    "locked": lazy("Its text cannot be searched: it is locked with a password."),
    "protected": lazy("Its text cannot be searched: it is protected in a way that is not known here."),
    "damaged": lazy("Its text cannot be searched: it is damaged, or is not what its name says."),
    "unpacks": lazy("Its text cannot be searched: it unpacks to far more than it should."),
    "slow": lazy("Its text cannot be searched: reading it took too long."),
    "memory": lazy("Its text cannot be searched: reading it takes too much memory."),
    "large": lazy("Its text cannot be searched: it is too large."),
    "empty": lazy("Its text cannot be searched: there is none in it, perhaps because it was scanned."),
    "part": lazy("Only the first part of its text is searched: it is very long."),
}
"""For each reason that a file is not read, or not to its end, the sentence that says so."""


class FileReading(Base):
    """What became of a file: its status, and why where it has no text."""

    __tablename__ = "file_reading"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    ending: Mapped[str] = mapped_column(String(12))
    """The ending of its name, by which it is read."""
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(12), default="")
    unit: Mapped[str] = mapped_column(String(8), default="")
    """What its pages are: page, slide or sheet; empty where it has none."""
    pieces: Mapped[int] = mapped_column(Integer, default=0)
    """So many rows of `FileText`."""
    characters: Mapped[int] = mapped_column(Integer, default=0)
    lang: Mapped[str] = mapped_column(String(12), default="")
    """The language that its text looks to be in; empty where that is not clear."""
    version: Mapped[int] = mapped_column(Integer)
    """That of the program which read it."""


class FileText(Base):
    """A piece of a file's text, small enough to be found by itself; `page` is 0 where there are none."""

    __tablename__ = "file_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    page: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(Text, default="")
    """The name of the page, where it has one."""
    text: Mapped[str] = mapped_column(Text)
