"""The first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("handle", sa.String(length=27), nullable=False),
        sa.Column("card", sa.String(length=52), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("visited", sa.BigInteger(), nullable=False),
        sa.Column("looked", sa.BigInteger(), nullable=False),
        sa.Column("looked_to", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("handle", name=op.f("uq_account_handle")),
    )
    op.create_table(
        "attachment",
        sa.Column("entry", sa.String(length=52), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=141), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "field", "n", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_sha256"), ["sha256"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_last"), ["last"], unique=False)

    op.create_table(
        "cursor",
        sa.Column("consumer", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", name=op.f("pk_cursor")),
    )
    op.create_table(
        "discussion",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion")),
    )
    op.create_table(
        "draft",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("saved", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "form", name=op.f("pk_draft")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("by", sa.String(length=27), nullable=False),
        sa.Column("partner", sa.String(length=52), nullable=True),
        sa.Column("root", sa.String(length=52), nullable=True),
        sa.Column("parent", sa.String(length=52), nullable=True),
        sa.Column("ts", sa.BigInteger(), nullable=False),
        sa.Column("when", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("copied_from", sa.String(length=52), nullable=True),
        sa.Column("superseded_by", sa.String(length=52), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("edited", sa.BigInteger(), nullable=True),
        sa.Column("gaps", sa.Boolean(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("setters", sa.JSON(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("activity", sa.BigInteger(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entry_activity",
            ["activity", "id"],
            unique=False,
            sqlite_where=sa.text("listed = 1"),
            postgresql_where=sa.text("listed"),
        )
        batch_op.create_index("ix_entry_by", ["by", "node"], unique=False)
        batch_op.create_index(
            "ix_entry_copied_from",
            ["copied_from"],
            unique=False,
            sqlite_where=sa.text("copied_from is not null"),
            postgresql_where=sa.text("copied_from is not null"),
        )
        batch_op.create_index(
            "ix_entry_kind_activity",
            ["kind", "activity", "id"],
            unique=False,
            sqlite_where=sa.text("listed = 1"),
            postgresql_where=sa.text("listed"),
        )
        batch_op.create_index(
            "ix_entry_partner_activity",
            ["partner", "activity", "id"],
            unique=False,
            sqlite_where=sa.text("listed = 1"),
            postgresql_where=sa.text("listed"),
        )
        batch_op.create_index(
            "ix_entry_public_activity",
            ["activity", "id"],
            unique=False,
            sqlite_where=sa.text("listed = 1 and log = 'public'"),
            postgresql_where=sa.text("listed and log = 'public'"),
        )
        batch_op.create_index(
            "ix_entry_public_kind_activity",
            ["kind", "activity", "id"],
            unique=False,
            sqlite_where=sa.text("listed = 1 and log = 'public'"),
            postgresql_where=sa.text("listed and log = 'public'"),
        )
        batch_op.create_index(
            "ix_entry_root_when",
            ["root", "when", "id"],
            unique=False,
            sqlite_where=sa.text("root is not null"),
            postgresql_where=sa.text("root is not null"),
        )
        batch_op.create_index(
            "ix_entry_source",
            ["source"],
            unique=False,
            sqlite_where=sa.text("source <> ''"),
            postgresql_where=sa.text("source <> ''"),
        )

    op.create_table(
        "have",
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("inc", sa.String(length=26), nullable=False),
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("ranges", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("node", "inc", "log", name=op.f("pk_have")),
    )
    op.create_table(
        "idea",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=27), nullable=False),
        sa.Column("sender", sa.String(length=52), nullable=True),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("preview", sa.JSON(), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "mark",
        sa.Column("thing", sa.String(length=96), nullable=False),
        sa.Column("entry", sa.String(length=52), nullable=False),
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("by", sa.String(length=27), nullable=False),
        sa.Column("partner", sa.String(length=52), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("ts", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("thing", name=op.f("pk_mark")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_entry"), ["entry"], unique=False)
        batch_op.create_index("ix_mark_mark_subject", ["mark", "subject"], unique=False)

    op.create_table(
        "membership",
        sa.Column("op", sa.String(length=52), nullable=False),
        sa.Column("network", sa.String(length=52), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("stewards", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("op", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_network"), ["network"], unique=False)

    op.create_table(
        "need",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.String(length=52), nullable=False),
        sa.Column("root", sa.String(length=52), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", "entry", name=op.f("pk_need")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index("ix_need_done_account", ["done", "account"], unique=False)
        batch_op.create_index("ix_need_entry", ["entry"], unique=False)

    op.create_table(
        "network",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("welcome", sa.Text(), nullable=False),
        sa.Column("accent", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
    )
    op.create_table(
        "news",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("standfirst", sa.Text(), nullable=False),
        sa.Column("learning", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    op.create_table(
        "node",
        sa.Column("key", sa.String(length=52), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_node")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("held", sa.String(length=10), nullable=False),
        sa.Column("host", sa.String(length=52), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_table(
        "op",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("thing", sa.String(length=96), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("inc", sa.String(length=26), nullable=False),
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("relies_on", sa.String(length=52), nullable=True),
        sa.Column("sig", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_op")),
        sa.UniqueConstraint("id", name=op.f("uq_op_id")),
    )
    with op.batch_alter_table("op", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_op_node_inc_log_seq"), ["node", "inc", "log", "seq"], unique=False)
        batch_op.create_index(
            "ix_op_relies_on",
            ["relies_on"],
            unique=False,
            sqlite_where=sa.text("relies_on is not null"),
            postgresql_where=sa.text("relies_on is not null"),
        )
        batch_op.create_index(batch_op.f("ix_op_thing"), ["thing"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_slug"), ["slug"], unique=False)

    op.create_table(
        "partner",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("art_forms", sa.JSON(), nullable=False),
        sa.Column("offers", sa.Text(), nullable=False),
        sa.Column("seeks", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("who", sa.String(length=27), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("partner", sa.String(length=52), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_who_node", ["who", "node"], unique=False)

    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantine_node"), ["node"], unique=False)

    op.create_table(
        "reading",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=52), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "root", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index("ix_reading_root", ["root"], unique=False)

    op.create_table(
        "rendering",
        sa.Column("entry", sa.String(length=52), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "field", name=op.f("pk_rendering")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "stage",
        sa.Column("batch", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=52), nullable=False),
        sa.Column("thing", sa.String(length=96), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("node", sa.String(length=52), nullable=False),
        sa.Column("inc", sa.String(length=26), nullable=False),
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("relies_on", sa.String(length=52), nullable=True),
        sa.Column("sig", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "n", name=op.f("pk_stage")),
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index("ix_stage_batch_thing", ["batch", "thing"], unique=False)

    op.create_table(
        "touched",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("entity", sa.String(length=52), nullable=False),
        sa.Column("op", sa.String(length=52), nullable=True),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_touched")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("partner", sa.String(length=52), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_link_account_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token", name=op.f("uq_link_token")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_account"), ["account"], unique=False)

    op.create_table(
        "session",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["account.id"], name=op.f("fk_session_account_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_account"), ["account"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_account"))

    op.drop_table("session")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_account"))

    op.drop_table("link")
    op.drop_table("touched")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_index("ix_stage_batch_thing")

    op.drop_table("stage")
    op.drop_table("setting")
    op.drop_table("rendering")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index("ix_reading_root")

    op.drop_table("reading")
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quarantine_node"))

    op.drop_table("quarantine")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_who_node")

    op.drop_table("person")
    op.drop_table("partner")
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_slug"))

    op.drop_table("page")
    with op.batch_alter_table("op", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_op_thing"))
        batch_op.drop_index(
            "ix_op_relies_on",
            sqlite_where=sa.text("relies_on is not null"),
            postgresql_where=sa.text("relies_on is not null"),
        )
        batch_op.drop_index(batch_op.f("ix_op_node_inc_log_seq"))

    op.drop_table("op")
    op.drop_table("note")
    op.drop_table("node")
    op.drop_table("news")
    op.drop_table("network")
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_index("ix_need_entry")
        batch_op.drop_index("ix_need_done_account")

    op.drop_table("need")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_network"))

    op.drop_table("membership")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index("ix_mark_mark_subject")
        batch_op.drop_index(batch_op.f("ix_mark_entry"))

    op.drop_table("mark")
    op.drop_table("import_batch")
    op.drop_table("idea")
    op.drop_table("have")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_entry_source", sqlite_where=sa.text("source <> ''"), postgresql_where=sa.text("source <> ''")
        )
        batch_op.drop_index(
            "ix_entry_root_when", sqlite_where=sa.text("root is not null"), postgresql_where=sa.text("root is not null")
        )
        batch_op.drop_index(
            "ix_entry_public_kind_activity",
            sqlite_where=sa.text("listed = 1 and log = 'public'"),
            postgresql_where=sa.text("listed and log = 'public'"),
        )
        batch_op.drop_index(
            "ix_entry_public_activity",
            sqlite_where=sa.text("listed = 1 and log = 'public'"),
            postgresql_where=sa.text("listed and log = 'public'"),
        )
        batch_op.drop_index(
            "ix_entry_partner_activity", sqlite_where=sa.text("listed = 1"), postgresql_where=sa.text("listed")
        )
        batch_op.drop_index(
            "ix_entry_kind_activity", sqlite_where=sa.text("listed = 1"), postgresql_where=sa.text("listed")
        )
        batch_op.drop_index(
            "ix_entry_copied_from",
            sqlite_where=sa.text("copied_from is not null"),
            postgresql_where=sa.text("copied_from is not null"),
        )
        batch_op.drop_index("ix_entry_by")
        batch_op.drop_index("ix_entry_activity", sqlite_where=sa.text("listed = 1"), postgresql_where=sa.text("listed"))

    op.drop_table("entry")
    op.drop_table("draft")
    op.drop_table("discussion")
    op.drop_table("cursor")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_last"))

    op.drop_table("attempt")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_sha256"))

    op.drop_table("attachment")
    op.drop_table("account")
