"""In which language people who ask to join want a bilingual issue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Those before chose none."""
    op.add_column("sign_ups", sa.Column("language", sa.String(16), nullable=False, server_default=""))
