"""One workspace's books over one database connection."""

from sqlalchemy import Connection, Engine

from bot.domain.promise import TeamId
from bot.storage.deliveries import Deliveries
from bot.storage.digests import Digests
from bot.storage.people import People
from bot.storage.promises import Promises
from bot.storage.stops import Stops


class Books:
    """Transaction over a connection that somebody else begins and ends; no query of theirs leaves the workspace."""

    __slots__ = ("deliveries", "digests", "people", "promises", "stops")

    def __init__(self, connection: Connection, team_id: TeamId, numbering: Engine | None = None) -> None:
        self.promises = Promises(connection, team_id, numbering)
        self.deliveries = Deliveries(connection, team_id)
        self.people = People(connection, team_id)
        self.digests = Digests(connection, team_id)
        self.stops = Stops(connection, team_id)
