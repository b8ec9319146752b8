"""Read many promises by their ids in one statement."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from bot.domain.promise import Promise, PromiseId, TeamId
from bot.storage.among import among
from bot.storage.bulk_select import BulkSelect
from bot.storage.rows import UNREAD, promise_from
from bot.storage.tables import promises

BY_IDS = select(promises).where(promises.c.team_id == bindparam("team"), among(promises.c.id, "promises"))
_BY_IDS = BulkSelect(BY_IDS, UNREAD)


def promises_by_id(connection: Connection, team_id: TeamId, ids: Collection[PromiseId]) -> list[Promise]:
    """Return those of the promises that exist, in no order."""
    return list(map(promise_from, _BY_IDS.rows(connection, {"team": team_id, "promises": sorted(ids)})))
