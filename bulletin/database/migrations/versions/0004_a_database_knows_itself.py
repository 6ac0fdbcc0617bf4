"""A database has an id of its own, so that a workspace notices when another one stands in its place."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """One table with one row."""
    identity = op.create_table(
        "identity", sa.Column("id", sa.String(32), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_identity")
    )
    op.bulk_insert(identity, [{"id": secrets.token_hex(16)}])
