"""The constructor that all books of a workspace's transaction share."""

from sqlalchemy import Connection

from bot.domain.promise import TeamId


class SqlBook:
    """Reads and writes rows of one workspace over the connection of its transaction."""

    __slots__ = ("_connection", "_team_id")

    def __init__(self, connection: Connection, team_id: TeamId) -> None:
        self._connection = connection
        self._team_id = team_id
