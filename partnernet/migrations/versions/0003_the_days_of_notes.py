"""What was held on some days is found by the day."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Index the days of notes."""
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_held", ["held"], unique=False)
