"""The entries of a kind before and after each other are found by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Index what is listed by kind and day, for members and for strangers."""
    for name, only in (("ix_entry_kind_when", ""), ("ix_entry_public_kind_when", " and log = 'public'")):
        op.create_index(
            name, "entry", ["kind", "when", "id"],
            sqlite_where=sa.text("listed = 1" + only), postgresql_where=sa.text("listed" + only),
        )  # fmt: skip
