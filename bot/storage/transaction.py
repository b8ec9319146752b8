"""One workspace's books over one database connection."""

from collections.abc import Callable, Mapping
from typing import Any

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


#: The books that need a connection and their workspace alone, by their name in a transaction.
_BOOKS: Mapping[str, Callable[[Connection, TeamId], Any]] = {
    "deliveries": SqlDeliveryBook,
    "agendas": SqlAgendaBook,
    "digests": SqlDigestBook,
    "stops": SqlStopBook,
    "records": SqlRecordBook,
    "retention": SqlRetentionBook,
    "links": SqlLinkBook,
    "feeds": SqlFeedBook,
    "surfaces": SqlSurfaceBook,
    "series": SqlSeriesBook,
    "access": SqlAccessBook,
    "pages": SqlPageBook,
    "webhooks": SqlWebhookBook,
    "steps": SqlStepBook,
}


class SqlTransaction:
    """Transaction over a connection that the caller begins and ends; every query is limited to the workspace.

    Most works need two or three of the books, so each is made when it is first used.
    """

    __slots__ = ("_connection", "_holidays", "_numbering", "_team_id", "absences", "people", "promises", *_BOOKS)

    people: SqlPersonBook
    promises: SqlPromiseBook
    absences: SqlAbsenceBook
    deliveries: SqlDeliveryBook
    agendas: SqlAgendaBook
    digests: SqlDigestBook
    stops: SqlStopBook
    records: SqlRecordBook
    retention: SqlRetentionBook
    links: SqlLinkBook
    feeds: SqlFeedBook
    surfaces: SqlSurfaceBook
    series: SqlSeriesBook
    access: SqlAccessBook
    pages: SqlPageBook
    webhooks: SqlWebhookBook
    steps: SqlStepBook

    def __init__(
        self,
        connection: Connection,
        team_id: TeamId,
        numbering: Engine | None = None,
        holidays: Holidays = no_holidays,
    ) -> None:
        self._connection, self._team_id = connection, team_id
        self._numbering, self._holidays = numbering, holidays

    def __getattr__(self, name: str) -> Any:
        """Make a book that was not used yet."""
        connection, team_id = self._connection, self._team_id
        book: Any
        if name == "people":
            book = SqlPersonBook(connection, team_id, self._holidays)
        elif name == "promises":
            book = SqlPromiseBook(connection, team_id, self._numbering, self.people.preload)
        elif name == "absences":
            book = SqlAbsenceBook(connection, team_id, self.people.forget_met)
        elif name in _BOOKS:
            book = _BOOKS[name](connection, team_id)
        else:
            raise AttributeError(name)
        setattr(self, name, book)
        return book
