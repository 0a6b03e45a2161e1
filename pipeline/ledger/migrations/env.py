"""Alembic runs inside the connection that the ledger opened."""

from alembic import context

from pipeline.ledger.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
