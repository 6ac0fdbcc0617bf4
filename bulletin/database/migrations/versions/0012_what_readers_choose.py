"""What readers chose for themselves, and complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Two tables. A server's statistics have samples of what is in a column: not of what people say of themselves."""
    op.create_table(
        "wishes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(128), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.CheckConstraint("kind IN ('language', 'format', 'pause', 'name')", name=op.f("ck_wishes_kind")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_wishes_subscriber_id_subscribers")
        ),
    )
    op.create_index(op.f("ix_wishes_subscriber_id"), "wishes", ["subscriber_id", "kind", "id"])
    op.create_table(
        "complaints",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reply_to", sa.String(320), nullable=False, server_default=""),
        sa.Column("acknowledge_by", sa.String(10), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger),
        sa.Column("outcome", sa.Text, nullable=False, server_default=""),
        sa.Column("closed_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaints_reference")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, column in (("wishes", "value"), ("complaints", "text"), ("complaints", "reply_to")):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
