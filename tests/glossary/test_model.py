"""How the word list is read."""

import pytest
from sqlalchemy import text, true
from sqlalchemy.orm import Session

from partnernet.core.db import db
from partnernet.core.entry import Entry
from partnernet.glossary.model import standing


def test_terms_are_read_without_going_through_all_entries(session: Session) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan is told by SQLite")
    statement = standing(true()).order_by(Entry.id)
    sql = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in session.execute(text(f"explain query plan {sql}"))]
    assert any("entry" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN entry")]
