"""The digest settings of one workspace's channels."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.storage.tables import digests, for_both

_THIS = (digests.c.team_id == bindparam("team"), digests.c.channel_id == bindparam("channel"))
_GET = select(digests).where(*_THIS)
_REMOVE = delete(digests).where(*_THIS)


def _upsert(insert: Any) -> Any:
    statement = insert(digests)
    news = {column.name: statement.excluded[column.name] for column in digests.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=["team_id", "channel_id"], set_=news)


_SAVE = for_both(_upsert)


class Digests:
    """DigestBook over a connection."""

    __slots__ = ("_connection", "_team_id")

    def __init__(self, connection: Connection, team_id: TeamId) -> None:
        self._connection = connection
        self._team_id = team_id

    def get(self, channel_id: ChannelId) -> DigestSetting | None:
        row = self._connection.execute(_GET, {"team": self._team_id, "channel": channel_id}).one_or_none()
        if row is None:
            return None
        return DigestSetting(
            team_id=TeamId(row.team_id),
            channel_id=ChannelId(row.channel_id),
            cadence=Cadence(row.cadence),
            at=row.at,
            zone=row.zone,
            set_by=UserId(row.set_by),
            set_at=row.set_at,
            covered_to=row.covered_to,
            weekday=row.weekday,
            of_members=row.of_members,
            paused_at=row.paused_at,
            covered_from=row.covered_from,
        )

    def save(self, setting: DigestSetting) -> None:
        values = {
            "team_id": self._team_id,
            "channel_id": setting.channel_id,
            "cadence": setting.cadence.value,
            "weekday": setting.weekday,
            "at": setting.at,
            "zone": setting.zone,
            "set_by": setting.set_by,
            "set_at": setting.set_at,
            "covered_to": setting.covered_to,
            "of_members": setting.of_members,
            "paused_at": setting.paused_at,
            "covered_from": setting.covered_from,
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], values)

    def remove(self, channel_id: ChannelId) -> None:
        self._connection.execute(_REMOVE, {"team": self._team_id, "channel": channel_id})
