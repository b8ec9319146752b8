"""One workspace's books over one database connection."""

from sqlalchemy import Connection, Engine

from bot.domain.promise import TeamId
from bot.storage.absences import Absences
from bot.storage.access import Access
from bot.storage.agendas import Agendas
from bot.storage.deliveries import Deliveries
from bot.storage.digests import Digests
from bot.storage.feeds import Feeds
from bot.storage.links import Links
from bot.storage.people import Holidays, People, no_holidays
from bot.storage.promises import Promises
from bot.storage.records import Records
from bot.storage.retention import Retained
from bot.storage.series import SeriesBooks
from bot.storage.stops import Stops
from bot.storage.surfaces import Surfaces


class Undone(Exception):  # noqa: N818  not an error: how a rehearsal ends its transaction
    """Raised inside a transaction of which nothing is to stay, with what its work returned."""

    def __init__(self, value: object) -> None:
        super().__init__("nothing of it stays")
        self.value = value


class Books:
    """Transaction over a connection that somebody else begins and ends; no query of theirs leaves the workspace."""

    __slots__ = (
        "absences",
        "access",
        "agendas",
        "deliveries",
        "digests",
        "feeds",
        "links",
        "people",
        "promises",
        "records",
        "retention",
        "series",
        "stops",
        "surfaces",
    )

    def __init__(
        self,
        connection: Connection,
        team_id: TeamId,
        numbering: Engine | None = None,
        holidays: Holidays = no_holidays,
    ) -> None:
        self.promises = Promises(connection, team_id, numbering)
        self.deliveries = Deliveries(connection, team_id)
        self.agendas = Agendas(connection, team_id)
        self.people = People(connection, team_id, holidays)
        self.absences = Absences(connection, team_id, self.people.forget_met)
        self.digests = Digests(connection, team_id)
        self.stops = Stops(connection, team_id)
        self.records = Records(connection, team_id)
        self.retention = Retained(connection, team_id)
        self.links = Links(connection, team_id)
        self.feeds = Feeds(connection, team_id)
        self.surfaces = Surfaces(connection, team_id)
        self.series = SeriesBooks(connection, team_id)
        self.access = Access(connection, team_id)
