"""What state the index is in, in figures and in sentences."""

import random
from dataclasses import dataclass, field

from flask import Flask

from partnernet.core.consumers import last_position
from partnernet.core.db import db
from partnernet.search.agreement import Agreement, compare
from partnernet.search.folder import current_folder
from partnernet.search.index import Index
from partnernet.search.lagging import continues
from partnernet.search.state import Damaged


@dataclass(frozen=True, slots=True)
class Status:
    """The index as it is now; `problem` is empty where it can be searched."""

    documents: int
    position: int
    newest: int
    bytes: int
    problem: str = ""
    agreement: Agreement = field(default_factory=Agreement)
    """How it compares with the database; empty where it cannot be searched."""

    @property
    def behind(self) -> int:
        """How many changes it has not read yet."""
        return max(0, self.newest - self.position)

    @property
    def sentence(self) -> str:
        if self.problem:
            return f"{self.problem} It is made by the running server, or by `partnernet index rebuild`."
        if self.behind:
            of = f"{self.behind:,} of {self.newest:,} changes"
            return f"The index is behind by {of}; a running server catches up."
        return "The index is up to date."


def status(app: Flask) -> Status:
    """The state of the index: every file of it checked, its counts and a sample compared with the database."""
    from partnernet.search.generation import Generation

    index: Index = app.extensions["partnernet.search"]
    newest = last_position(db.session())
    try:
        generation = Generation(current_folder(index.folder), index.node)
        generation.check()
        state = generation.state
        if not continues(db.session(), state):
            return Status(0, 0, newest, 0, "The index tells of another history than the database.")
        agreement = compare(db.session(), generation, random.SystemRandom())
    except Damaged as error:
        return Status(0, 0, newest, 0, str(error))
    size = sum(size for size, _ in state.files.values())
    return Status(state.documents, state.position, newest, size, agreement=agreement)


def disagreements(app: Flask) -> list[str]:
    """Where an index that has read everything says something else than the database, in sentences.

    One that is absent, damaged or behind is made anew or catches up by itself, and is no failure.
    """
    from partnernet.search.generation import Generation
    from partnernet.search.upkeep import disagreeing

    index: Index = app.extensions["partnernet.search"]
    session = db.session()
    try:
        generation = Generation(current_folder(index.folder), index.node)
        generation.check()
        state = generation.state
        if state.position != last_position(session) or not continues(session, state):
            return []
        wrong = disagreeing(session, generation)
    except Damaged:
        return []
    finally:
        session.rollback()
    if not wrong:
        return []
    return [
        f"The search index disagrees with {len(wrong):,} of the entries, {wrong[0][:12]} first: "
        "run `partnernet index rebuild`."
    ]
