"""The key that unsubscribe links are signed with is known by its fingerprint, so that no other one takes its place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One table. Its row comes with the first mailing that is sent."""
    op.create_table(
        "link_keys",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_link_keys"),
    )
