"""The digest settings of one workspace's channels, and what their last chances named."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.held_misses import Held
from bot.domain.promise import ChannelId, PromiseId, TeamId, UserId
from bot.ports import Delivery, DeliveryId
from bot.storage.among import among
from bot.storage.book import SqlBook
from bot.storage.bulk_select import BulkSelect
from bot.storage.deliveries import delivery_from
from bot.storage.record_tables import chances
from bot.storage.tables import deliveries, digests, for_both, was_sent

_THIS = (digests.c.team_id == bindparam("team"), digests.c.channel_id == bindparam("channel"))
_GET = select(digests).where(*_THIS)
_CHANNELS = select(digests.c.channel_id).where(digests.c.team_id == bindparam("team")).order_by(digests.c.channel_id)
_REMOVE = delete(digests).where(*_THIS)


def _upsert(insert: Any) -> Any:
    statement = insert(digests)
    news = {column.name: statement.excluded[column.name] for column in digests.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=["team_id", "channel_id"], set_=news)


_HELD = ("before", "last", "next")
_SAVE = for_both(_upsert)
_NAME = for_both(lambda insert: insert(chances).on_conflict_do_nothing())
_IN_TEAM = chances.c.team_id == bindparam("team")
_NAMED = (
    select(chances.c.promise_id)
    .where(_IN_TEAM, chances.c.delivery_id == bindparam("delivery"))
    .order_by(chances.c.promise_id)
)
_NAMING = BulkSelect(
    select(deliveries, chances.c.promise_id.label("named"))
    .join(chances, (chances.c.team_id == deliveries.c.team_id) & (chances.c.delivery_id == deliveries.c.id))
    .where(
        _IN_TEAM,
        among(chances.c.promise_id, "promises"),
        was_sent,
        deliveries.c.ts.is_not(None),
    )
)


class SqlDigestBook(SqlBook):
    """DigestBook over a connection."""

    __slots__ = ()

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
            held=_held_from(row.held or {}),
            pauses=tuple((_instant(begins), _instant(ends)) for begins, ends in (row.held or {}).get("pauses", ())),
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
            "held": _written(setting),
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], values)

    def remove(self, channel_id: ChannelId) -> None:
        self._connection.execute(_REMOVE, {"team": self._team_id, "channel": channel_id})

    def channels(self) -> tuple[ChannelId, ...]:
        return tuple(map(ChannelId, self._connection.execute(_CHANNELS, {"team": self._team_id}).scalars()))

    def name_in(self, delivery_id: DeliveryId, promise_ids: Iterable[PromiseId]) -> None:
        rows = [{"team_id": self._team_id, "promise_id": each, "delivery_id": delivery_id} for each in promise_ids]
        if rows:
            self._connection.execute(_NAME[self._connection.dialect.name], rows)

    def named_in(self, delivery_id: DeliveryId) -> tuple[PromiseId, ...]:
        found = self._connection.execute(_NAMED, {"team": self._team_id, "delivery": delivery_id})
        return tuple(map(PromiseId, found.scalars()))

    def chances_naming(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, Sequence[Delivery]]:
        found: dict[PromiseId, list[Delivery]] = {each: [] for each in promises}
        for row in _NAMING.rows(self._connection, {"team": self._team_id, "promises": sorted(promises)}):
            found[row[-1]].append(delivery_from(row))
        return found


def _held_from(written: Mapping[str, Any]) -> Held:
    return Held(**{name: frozenset(written.get(name, ())) for name in _HELD})


def _written(setting: DigestSetting) -> dict[str, Any]:
    """Return what is left out of posts as JSON; earlier versions read the lists of promises alone."""
    held: dict[str, Any] = {name: sorted(getattr(setting.held, name)) for name in _HELD}
    return held | {"pauses": [[each.isoformat() for each in pause] for pause in setting.pauses]}


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)
