"""One workspace's books over one database connection."""

from functools import cached_property

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


class Undone(Exception):  # noqa: N818  not an error: how a rehearsal ends its transaction
    """Raised inside a transaction of which nothing is to stay, with what its work returned."""

    def __init__(self, value: object) -> None:
        super().__init__("nothing of it stays")
        self.value = value


class SqlTransaction:
    """Transaction over a connection that the caller begins and ends; every query is limited to the workspace.

    Most works need two or three of the books, so each is made when it is first used.
    """

    def __init__(
        self,
        connection: Connection,
        team_id: TeamId,
        numbering: Engine | None = None,
        holidays: Holidays = no_holidays,
    ) -> None:
        self._connection, self._team_id = connection, team_id
        self._numbering, self._holidays = numbering, holidays

    @cached_property
    def people(self) -> SqlPersonBook:
        return SqlPersonBook(self._connection, self._team_id, self._holidays)

    @cached_property
    def promises(self) -> SqlPromiseBook:
        return SqlPromiseBook(self._connection, self._team_id, self._numbering, self.people.preload)

    @cached_property
    def absences(self) -> SqlAbsenceBook:
        return SqlAbsenceBook(self._connection, self._team_id, self.people.forget_met)

    deliveries = cached_property(lambda self: SqlDeliveryBook(self._connection, self._team_id))
    agendas = cached_property(lambda self: SqlAgendaBook(self._connection, self._team_id))
    digests = cached_property(lambda self: SqlDigestBook(self._connection, self._team_id))
    stops = cached_property(lambda self: SqlStopBook(self._connection, self._team_id))
    records = cached_property(lambda self: SqlRecordBook(self._connection, self._team_id))
    retention = cached_property(lambda self: SqlRetentionBook(self._connection, self._team_id))
    links = cached_property(lambda self: SqlLinkBook(self._connection, self._team_id))
    feeds = cached_property(lambda self: SqlFeedBook(self._connection, self._team_id))
    surfaces = cached_property(lambda self: SqlSurfaceBook(self._connection, self._team_id))
    series = cached_property(lambda self: SqlSeriesBook(self._connection, self._team_id))
    access = cached_property(lambda self: SqlAccessBook(self._connection, self._team_id))
    pages = cached_property(lambda self: SqlPageBook(self._connection, self._team_id))
    webhooks = cached_property(lambda self: SqlWebhookBook(self._connection, self._team_id))
    steps = cached_property(lambda self: SqlStepBook(self._connection, self._team_id))
