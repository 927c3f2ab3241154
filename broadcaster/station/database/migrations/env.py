"""Run by Alembic for every command; the connection and its transaction are the caller's."""

from alembic import context

from broadcaster.station.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=True,
    # SQLite can do DDL in a transaction; Alembic assumes it cannot. A half-applied migration would be worse.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
