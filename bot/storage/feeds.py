"""The private calendar feeds of one workspace."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from bot.domain.promise import UserId
from bot.ports.records import Feed
from bot.storage.book import SqlBook
from bot.storage.record_tables import feeds

_IN_TEAM = feeds.c.team_id == bindparam("team")
_OF_PERSON = (_IN_TEAM, feeds.c.person == bindparam("whose"))
_GET, _REMOVE = select(feeds).where(*_OF_PERSON), delete(feeds).where(*_OF_PERSON)
_WITH_SECRET = select(feeds).where(_IN_TEAM, feeds.c.secret_hash == bindparam("secret"))


class SqlFeedBook(SqlBook):
    """FeedBook over a connection."""

    __slots__ = ()

    def get(self, person: UserId) -> Feed | None:
        key = {"team": self._team_id, "whose": person}
        return _feed(self._connection.execute(_GET, key).one_or_none())

    def with_secret(self, secret_hash: str) -> Feed | None:
        key = {"team": self._team_id, "secret": secret_hash}
        return _feed(self._connection.execute(_WITH_SECRET, key).one_or_none())

    def save(self, feed: Feed) -> None:
        self.remove(feed.person)
        values = {
            "team_id": self._team_id,
            "person": feed.person,
            "secret_hash": feed.secret_hash,
            "made_at": feed.made_at,
        }
        self._connection.execute(insert(feeds), values)

    def remove(self, person: UserId) -> None:
        self._connection.execute(_REMOVE, {"team": self._team_id, "whose": person})


def _feed(row: "Row[Any] | None") -> Feed | None:
    return Feed(UserId(row.person), row.secret_hash, row.made_at) if row is not None else None
