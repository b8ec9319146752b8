"""How Alembic runs here: over the connection, and inside the transaction, that bot.storage.schema hands it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
