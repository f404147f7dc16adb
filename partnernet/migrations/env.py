"""Alembic's entrance: runs the migrations on the connection that `core/migrate.py` hands over."""

from alembic import context

from partnernet.core.db import Base
from partnernet.models import load_all

load_all()

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
