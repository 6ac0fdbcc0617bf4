"""Who asked on the website to join, the emails to one person, and how often something was asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "sign_ups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.LargeBinary(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
        sa.Column("address", sa.String(320), nullable=False, server_default=""),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("lists", sa.JSON, nullable=False),
        sa.Column("wording", sa.String(64)),
        sa.Column("page", sa.Text, nullable=False, server_default=""),
        sa.Column("network", sa.String(64), nullable=False, server_default=""),
        sa.Column("agent", sa.Text, nullable=False, server_default=""),
        sa.Column("by_officer", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.CheckConstraint(
            "state IN ('asked', 'sent', 'waiting', 'joined', 'expired', 'refused', 'dropped')",
            name=op.f("ck_sign_ups_state"),
        ),
        sa.ForeignKeyConstraint(["wording"], ["wordings.digest"], name=op.f("fk_sign_ups_wording_wordings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_ups_public_id")),
    )
    op.create_index(op.f("ix_sign_ups_hash"), "sign_ups", ["hash"])
    op.create_index(op.f("ix_sign_ups_state"), "sign_ups", ["state", "expires_at"])
    op.create_table(
        "outbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("dedupe", sa.String(128), nullable=False),
        sa.Column("sign_up_id", _ID),
        sa.Column("subscriber_id", _ID),
        sa.Column("recipient", sa.String(320), nullable=False, server_default=""),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("run", sa.String(32)),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("claimed_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("reply", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'accepted', 'refused', 'uncertain', 'dropped')",
            name=op.f("ck_outbox_state"),
        ),
        sa.CheckConstraint("(state = 'sending') = (run IS NOT NULL)", name=op.f("ck_outbox_run")),
        sa.CheckConstraint(
            "kind IN ('confirm', 'welcome', 'already', 'approved', 'refused', 'added', 'complaint', 'alert')",
            name=op.f("ck_outbox_kind"),
        ),
        sa.UniqueConstraint("dedupe", name=op.f("uq_outbox_dedupe")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "limits",
        sa.Column("bucket", sa.LargeBinary(16), nullable=False),
        sa.Column("window_start", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window_start", name=op.f("pk_limits")),
    )
