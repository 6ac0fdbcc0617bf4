"""What came back by email, and how far each mailbox has been read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "returns",
        sa.Column("id", _ID, nullable=False),
        sa.Column("report_key", sa.LargeBinary(16), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("class", sa.String(16), nullable=False),
        sa.Column("subscriber_id", _ID),
        sa.Column("delivery_id", _ID),
        sa.Column("counts_as_soft", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("is_proof", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("status", sa.String(32), nullable=False, server_default=""),
        sa.Column("diagnostic", sa.Text, nullable=False, server_default=""),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("report_key", name=op.f("uq_returns_report_key")),
    )
    op.create_index(op.f("ix_returns_delivery_id"), "returns", ["delivery_id"])
    op.create_index(
        "ix_returns_open",
        "returns",
        ["class"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(op.f("ix_returns_subscriber_id"), "returns", ["subscriber_id"])
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("uid_validity", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("last_uid", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailboxes")),
    )
