"""The dates that were published for readers' calendars, and the issues that have them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Two tables. Nothing was published before, so both are empty."""
    op.create_table(
        "calendar_entries",
        sa.Column("uid", sa.String(160), nullable=False),
        sa.Column("bulletin", sa.String(64), nullable=False),
        sa.Column("item_key", sa.String(255), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("issue", sa.String(128), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("last_on", sa.String(10), nullable=False),
        sa.Column("modified_at", sa.BigInteger, nullable=False),
        sa.Column("cancelled_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_calendar_entries")),
    )
    op.create_index("ix_calendar_entries_bulletin", "calendar_entries", ["bulletin", "last_on"])
    op.create_table(
        "calendar_mentions",
        sa.Column("issue", sa.String(128), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("uid", sa.String(160), nullable=False),
        sa.Column("published_on", sa.String(10), nullable=False),
        sa.Column("gone_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("issue", "name", name=op.f("pk_calendar_mentions")),
        sa.ForeignKeyConstraint(
            ["uid"], ["calendar_entries.uid"], name=op.f("fk_calendar_mentions_uid_calendar_entries")
        ),
    )
    op.create_index("ix_calendar_mentions_uid", "calendar_mentions", ["uid"])
