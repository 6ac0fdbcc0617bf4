"""What the web archive published: ids of feeds, anchors, and what was last public, so that a change is noticed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "published_feeds",
        sa.Column("bulletin", sa.String(64), nullable=False),
        sa.Column("feed_id", sa.Text, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bulletin", name=op.f("pk_published_feeds")),
    )
    op.create_table(
        "published_issues",
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("feed_id", sa.Text, nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("model", sa.LargeBinary, nullable=False),
        sa.Column("corrections", sa.JSON, nullable=False),
        sa.Column("removed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("issue", name=op.f("pk_published_issues")),
    )
    op.create_table(
        "published_anchors",
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("anchor", sa.String(255), nullable=False),
        sa.Column("leads_to", sa.String(255), nullable=False),
        sa.Column("place", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("issue", "anchor", name=op.f("pk_published_anchors")),
    )
