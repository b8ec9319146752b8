"""Deletion of a workspace: an uninstallation leaves no row behind."""

from datetime import datetime

from sqlalchemy import Connection, delete

from bot.domain.promise import TeamId
from bot.storage.all_tables import metadata
from bot.storage.installations import A_SECOND, installations


def delete_workspace_rows(connection: Connection, team_id: TeamId, left_at: datetime | None = None) -> int:
    """Delete every row of a workspace in every table; return the number of rows.

    An installation younger than `left_at` stays: the workspace installed Kept again before the uninstall was
    processed. The installation is deleted first, so that a concurrent revocation finds none or is deleted below.
    """
    gone = delete(installations).where(installations.c.team_id == team_id)
    if left_at is not None:
        gone = gone.where(installations.c.installed_at < left_at + A_SECOND)
    rows = connection.execute(gone).rowcount
    tables = [each for each in reversed(metadata.sorted_tables) if "team_id" in each.c and each is not installations]
    return rows + sum(connection.execute(delete(table).where(table.c.team_id == team_id)).rowcount for table in tables)
