"""What Alembic runs around the steps in versions/: on the connection, and in the transaction, that it is handed."""

from __future__ import annotations

from alembic import context

from bulletin.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
