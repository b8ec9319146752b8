"""How Alembic runs here: over the connection, and inside the transaction, that bot.storage.schema hands it."""

from alembic import context

attributes = context.config.attributes
context.configure(connection=attributes["connection"], on_version_apply=attributes["applied"])
context.run_migrations()
