"""A mailing may have several editions, and each delivery says which one is its reader's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Each mailing gets its one edition as the first, for everyone; then all deliveries are of it."""
    op.create_table(
        "mailing_editions",
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("n", sa.SmallInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signature", sa.JSON, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("readers", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("mailing_id", "n", name=op.f("pk_mailing_editions")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_editions_mailing_id_mailings")),
        sa.ForeignKeyConstraint(["digest"], ["editions.digest"], name=op.f("fk_mailing_editions_digest_editions")),
    )
    op.execute(
        "INSERT INTO mailing_editions (mailing_id, n, digest, signature, items, readers) "
        """SELECT id, 1, edition, '[{"consent": false, "lists": []}]', '[]', """
        "(SELECT count(*) FROM deliveries d WHERE d.mailing_id = mailings.id) + "
        "coalesce((SELECT sum(number) FROM kept_counts k WHERE k.mailing_id = mailings.id), 0) FROM mailings"
    )
    on_server = op.get_bind().dialect.name == "postgresql"
    if on_server:
        op.drop_column("mailings", "edition")
    else:
        _make_mailings_anew()
    op.add_column("deliveries", sa.Column("edition", sa.SmallInteger, nullable=False, server_default="1"))
    # SQLite copies the table for this.
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("edition", server_default=None)  # a delivery has to say it
        deliveries.create_foreign_key(
            op.f("fk_deliveries_mailing_id_mailing_editions"),
            "mailing_editions",
            ["mailing_id", "edition"],
            ["mailing_id", "n"],
        )
        if not on_server:
            deliveries.alter_column("reply", server_default="")  # as it was, which the copy would put in brackets
            deliveries.alter_column("attempts", server_default="0")


def _make_mailings_anew() -> None:
    """Without a column that refers to another table, which SQLite can't drop.

    Other tables refer to this one. They may do without its rows until this transaction ends; SQLite counts for whom a
    row is missing, and looks for them again as the rows come back.
    """
    op.execute("PRAGMA defer_foreign_keys=ON")
    op.execute("CREATE TABLE kept_mailings AS SELECT id, key, issue, lists, began_at FROM mailings")
    op.drop_index(op.f("ix_mailings_issue"), "mailings")
    op.drop_table("mailings")
    op.create_table(
        "mailings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("lists", sa.JSON, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("key", name=op.f("uq_mailings_key")),
    )
    op.create_index(op.f("ix_mailings_issue"), "mailings", ["issue"])
    op.execute("INSERT INTO mailings SELECT id, key, issue, lists, began_at FROM kept_mailings ORDER BY id")
    op.drop_table("kept_mailings")
