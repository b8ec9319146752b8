"""Forgetting a workspace: what an uninstallation leaves behind is nothing."""

from sqlalchemy import Connection, delete

from bot.domain.promise import TeamId
from bot.storage import agendas, installations, record_tables, series, surfaces  # noqa: F401  so that the metadata knows every table
from bot.storage.tables import metadata


def forget(connection: Connection, team_id: TeamId) -> int:
    """Deletes every row of a workspace, in every table there is; returns how many."""
    tables = [table for table in reversed(metadata.sorted_tables) if "team_id" in table.c]
    return sum(connection.execute(delete(table).where(table.c.team_id == team_id)).rowcount for table in tables)
