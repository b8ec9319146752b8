"""One workspace's books over one database connection."""

from sqlalchemy import Connection, Engine

from bot.domain.promise import TeamId
from bot.storage.absences import SqlAbsenceBook
from bot.storage.access import SqlAccessBook
from bot.storage.agendas import SqlAgendaBook
from bot.storage.deliveries import SqlDeliveryBook
from bot.storage.digests import SqlDigestBook
from bot.storage.feeds import SqlFeedBook
from bot.storage.links import SqlLinkBook
from bot.storage.pages import SqlPageBook
from bot.storage.people import Holidays, SqlPersonBook, no_holidays
from bot.storage.promises import SqlPromiseBook
from bot.storage.records import SqlRecordBook
from bot.storage.retention import SqlRetentionBook
from bot.storage.series import SqlSeriesBook
from bot.storage.stops import SqlStopBook
from bot.storage.surfaces import SqlSurfaceBook
from bot.storage.webhooks import SqlWebhookBook
from bot.storage.workflow_steps import SqlStepBook


class RolledBack(Exception):  # noqa: N818  not an error: how a dry run ends its transaction
    """Raised inside a transaction of which nothing is to stay, with what its work returned."""

    def __init__(self, value: object) -> None:
        super().__init__("nothing of it stays")
        self.value = value


class SqlTransaction:
    """Transaction over a connection that the caller begins and ends; every query is limited to the workspace."""

    def __init__(
        self,
        connection: Connection,
        team_id: TeamId,
        numbering: Engine | None = None,
        holidays: Holidays = no_holidays,
    ) -> None:
        self.people = SqlPersonBook(connection, team_id, holidays)
        self.promises = SqlPromiseBook(connection, team_id, numbering, self.people.preload)
        self.absences = SqlAbsenceBook(connection, team_id, self.people.forget_cached)
        self.deliveries = SqlDeliveryBook(connection, team_id)
        self.agendas = SqlAgendaBook(connection, team_id)
        self.digests = SqlDigestBook(connection, team_id)
        self.stops = SqlStopBook(connection, team_id)
        self.records = SqlRecordBook(connection, team_id)
        self.retention = SqlRetentionBook(connection, team_id)
        self.links = SqlLinkBook(connection, team_id)
        self.feeds = SqlFeedBook(connection, team_id)
        self.surfaces = SqlSurfaceBook(connection, team_id)
        self.series = SqlSeriesBook(connection, team_id)
        self.access = SqlAccessBook(connection, team_id)
        self.pages = SqlPageBook(connection, team_id)
        self.webhooks = SqlWebhookBook(connection, team_id)
        self.steps = SqlStepBook(connection, team_id)
