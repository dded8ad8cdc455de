"""Runs the migrations on the connection it is given (mailbot.store.migrate); no ini file, no URL of its own."""

from alembic import context

from mailbot.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    # SQLite can undo its DDL too: a migration that fails half-way leaves nothing behind.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
