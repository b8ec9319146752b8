"""The record of a restore: the latest instant in the backup, and when it was restored."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, delete, func, insert, select

from bot.domain.promise import TeamId
from bot.ports import Restored
from bot.storage.tables import Instant, acts, deliveries, metadata

restores = Table(
    "restores",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("since", Instant, nullable=False),
    Column("at", Instant, nullable=False),
)

_LATEST = [
    select(table.c.team_id, func.max(column, type_=Instant()).label("at")).group_by(table.c.team_id)
    for table, column in ((acts, acts.c.at), (deliveries, deliveries.c.ended_at))
]


def note_restore(connection: Connection, now: datetime) -> None:
    """Record for each workspace when its rows were restored, with the time of the latest act or message in them."""
    latest: dict[str, datetime] = {}
    for statement in _LATEST:
        for row in connection.execute(statement):
            if row.at is not None:
                latest[row.team_id] = max(row.at, latest.get(row.team_id, row.at))
    connection.execute(delete(restores))  # those that the backup brought along
    if latest:
        rows = [{"team_id": team_id, "since": since, "at": now} for team_id, since in latest.items()]
        connection.execute(insert(restores), rows)


def restored(connection: Connection) -> Mapping[TeamId, Restored]:
    """Read which workspaces were restored from a backup, each with its latest restore."""
    return {TeamId(row.team_id): Restored(row.since, row.at) for row in connection.execute(select(restores))}
