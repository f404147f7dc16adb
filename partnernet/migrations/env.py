"""Alembic's entrance: runs the migrations on the connection that `core/migrate.py` hands over."""

from typing import Any, Literal

from alembic import context

from partnernet.core.db import Base
from partnernet.core.time import UtcDateTime
from partnernet.models import load_all

load_all()


def plain_type(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types as what they are, so that old migrations need no new code."""
    return "sa.BigInteger()" if kind == "type" and isinstance(thing, UtcDateTime) else False


context.configure(
    render_item=plain_type,
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
