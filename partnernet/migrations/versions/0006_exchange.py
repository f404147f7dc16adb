"""What exchange keeps: other nodes and their rights, what they hold, what was given away, alarms, revocations."""

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

UNDER_A_ROOT = sa.text("root is not null")
ERASING = sa.text("kind in ('redact', 'erase_person')")


def upgrade() -> None:
    """Make the tables of exchange."""
    _nodes()
    _membership()
    _quarantine()
    _ops()
    _handed_over()
    _peers()
    _crowded()


def _nodes() -> None:
    with op.batch_alter_table("node") as batch:
        batch.add_column(sa.Column("name", sa.Text(), server_default="", nullable=False))
        batch.add_column(sa.Column("address", sa.Text(), server_default="", nullable=False))
        batch.add_column(sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("reads", sa.JSON(), server_default="[]", nullable=False))
        batch.add_column(sa.Column("writes", sa.JSON(), server_default='["public", "network"]', nullable=False))
        batch.add_column(sa.Column("origin", sa.String(length=12), server_default="steward", nullable=False))
        batch.add_column(sa.Column("paired", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("met", sa.Text(), server_default="", nullable=False))
        batch.add_column(sa.Column("paired_by", sa.String(length=27), server_default="", nullable=False))
        batch.add_column(sa.Column("quota", sa.JSON(), server_default="{}", nullable=False))
    op.execute("update node set origin = 'seen', writes = '[]' where not admitted")
    op.create_table(
        "intake",
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("ops", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("node", "day", name=op.f("pk_intake")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )


def _membership() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("nodes", sa.JSON(), server_default="[]", nullable=False))
        batch.add_column(sa.Column("key", sa.String(length=52), server_default="", nullable=False))
    op.create_table(
        "revocation",
        sa.Column("op", sa.String(length=52), nullable=False),
        sa.Column("network", sa.String(length=52), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("keep", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("op", name=op.f("pk_revocation")),
    )
    op.create_index(op.f("ix_revocation_network"), "revocation", ["network"])
    op.create_index(op.f("ix_revocation_node"), "revocation", ["node"])


def _quarantine() -> None:
    """Let what a network vouches for be found among what waits; what waits already is looked at once."""
    with op.batch_alter_table("quarantine") as batch:
        batch.add_column(sa.Column("network", sa.String(length=52), nullable=True))
        batch.add_column(sa.Column("files", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index(
        "ix_quarantine_network", "quarantine", ["network"],
        sqlite_where=sa.text("network is not null"), postgresql_where=sa.text("network is not null"),
    )  # fmt: skip
    waiting = sa.table("quarantine", sa.column("id"), sa.column("line"), sa.column("network"))
    connection = op.get_bind()
    for op_id, line in connection.execute(sa.select(waiting.c.id, waiting.c.line)).all():
        head = orjson.loads(line).get("h")
        if isinstance(head, dict) and head.get("v") == 1 and head.get("kind") in ("membership", "network"):
            network = head.get("ent") or op_id
            connection.execute(sa.update(waiting).where(waiting.c.id == op_id).values(network=network))


def _ops() -> None:
    op.create_index("ix_op_erasing", "op", ["n"], sqlite_where=ERASING, postgresql_where=ERASING)
    op.create_table(
        "lacking",
        sa.Column("op", sa.String(length=52), nullable=False),
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("op", name=op.f("pk_lacking")),
    )


def _handed_over() -> None:
    with op.batch_alter_table("import_batch") as batch:
        batch.add_column(sa.Column("way", sa.String(length=8), server_default="file", nullable=False))
        batch.add_column(sa.Column("hold", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "handover",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=27), nullable=False),
        sa.Column("to", sa.String(length=52), nullable=True),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("selection", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_at"), "handover", ["at"])
    op.create_table(
        "peer_have",
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("have", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_peer_have")),
    )


def _peers() -> None:
    op.create_table(
        "peer",
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("tried", sa.BigInteger(), nullable=True),
        sa.Column("reached", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_peer")),
    )
    op.create_table(
        "brought",
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_brought")),
    )


def _crowded() -> None:
    """Let the figures of an entry be taken from an index, however much stands under it."""
    op.drop_index("ix_entry_root_when", "entry")
    op.create_index(
        "ix_entry_root_when", "entry", ["root", "when", "id", "log", "deleted", "redacted", "arrived"],
        sqlite_where=UNDER_A_ROOT, postgresql_where=UNDER_A_ROOT,
    )  # fmt: skip
    op.drop_index("ix_mark_entry", "mark")
    op.create_index("ix_mark_entry_mark", "mark", ["entry", "mark"])
