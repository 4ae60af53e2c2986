"""Run by Alembic for each command: migrates the connection that `storage.schema` hands over, within its transaction."""

from alembic import context

from ozon_desktop.storage.table_base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
