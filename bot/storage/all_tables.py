"""The metadata with every table: these modules add theirs when they are imported."""

from bot.storage import (  # noqa: F401  for their tables
    access,
    agenda_queries,
    installations,
    preferences,
    record_tables,
    restore_record,
    retention,
    series,
    surfaces,
    webhooks,
    workflow_steps,
)
from bot.storage.tables import metadata as metadata
