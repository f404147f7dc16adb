"""What search keeps: searches that people have saved, what is new of each, the glossary, the text of files."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables of search."""
    _saved_searches()
    _glossary()
    _file_texts()


def _saved_searches() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("saved", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("looked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index("ix_saved_search_account", "saved_search", ["account"])
    op.create_table(
        "saved_match",
        sa.Column("search", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(52), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["search"], ["saved_search.id"], name=op.f("fk_saved_match_search_saved_search"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("search", "entry", name=op.f("pk_saved_match")),
    )
    op.create_index("ix_saved_match_account_position", "saved_match", ["account", "position"])


def _glossary() -> None:
    op.create_table(
        "term",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )


def _file_texts() -> None:
    op.create_table(
        "file_reading",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("ending", sa.String(12), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_reading")),
    )
    op.create_table(
        "file_text",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "n", name=op.f("pk_file_text")),
    )
