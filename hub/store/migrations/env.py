"""Called by Alembic: runs the revisions on the connection that `hub.store.migrate` has opened."""

from alembic import context

from hub.store.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
