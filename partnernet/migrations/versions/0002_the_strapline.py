"""The network says in one line what it is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the line; it is empty until somebody writes it."""
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.add_column(sa.Column("strapline", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.alter_column("strapline", server_default=None)
