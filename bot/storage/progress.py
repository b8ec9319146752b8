"""How much has happened so far, over all workspaces: read by the sandbox's guide alone."""

from sqlalchemy import Connection, func, select

from bot.storage.tables import acts, deliveries

_ACTS = select(acts.c.act, func.count()).group_by(acts.c.act)
_SAID = select(deliveries.c.kind, func.count()).where(deliveries.c.ts.is_not(None)).group_by(deliveries.c.kind)


def count_so_far(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the acts by name, and the messages that Slack took by kind."""
    counted = {"acts": connection.execute(_ACTS), "said": connection.execute(_SAID)}
    return {name: {row[0]: row[1] for row in rows} for name, rows in counted.items()}
