"""Counts of acts and messages over all workspaces, for the sandbox's guide."""

from sqlalchemy import Connection, func, select

from bot.storage.tables import acts, deliveries

_ACTS = select(acts.c.act, func.count()).group_by(acts.c.act)
_SENT = select(deliveries.c.kind, func.count()).where(deliveries.c.ts.is_not(None)).group_by(deliveries.c.kind)


def count_so_far(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the acts by name, and the messages that Slack took by kind."""
    counted = {"acts": connection.execute(_ACTS), "said": connection.execute(_SENT)}
    return {name: {row[0]: row[1] for row in rows} for name, rows in counted.items()}
