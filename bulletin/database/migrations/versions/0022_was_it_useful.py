"""How many readers said that an issue was useful."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "useful_answers",
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("answer", sa.String(3), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("issue", "answer", name=op.f("pk_useful_answers")),
    )
