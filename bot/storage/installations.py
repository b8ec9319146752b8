"""Installations and their sealed tokens, and the states of installations under way."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Row, String, Table, delete, or_, select, update

from bot.domain.promise import TeamId, UserId
from bot.ports.installations import Installation
from bot.storage.events import Run
from bot.storage.sealing import Sealing
from bot.storage.tables import Instant, for_both, metadata

#: `sealed` holds the tokens as encrypted JSON. `team_id` is the organisation's id where Kept is installed in all of it.
installations = Table(
    "installations",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("enterprise_id", String, nullable=False),
    Column("is_org", Boolean, nullable=False),
    Column("name", String, nullable=False),
    Column("app_id", String, nullable=False),
    Column("sealed", String, nullable=False),
    Column("bot_id", String, nullable=False),
    Column("bot_user_id", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("expires_at", Instant),
    Column("installed_by", String, nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

#: `team_id` is '': nobody knows yet where the installation will end.
states = Table(
    "oauth_states",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("state", String, primary_key=True, nullable=False),
    Column("expires_at", Instant, nullable=False),
)


def _upsert(insert: Any) -> Any:
    statement = insert(installations)
    changed = {column.name: statement.excluded[column.name] for column in installations.c if column.name != "team_id"}
    return statement.on_conflict_do_update(index_elements=["team_id"], set_=changed)


_SAVE = for_both(_upsert)
_in_force = installations.c.revoked_at.is_(None)


class Installations:
    """InstallationShelf over a function that runs its transactions."""

    def __init__(self, run: Run, sealing: Sealing) -> None:
        self._run = run
        self._sealing = sealing

    async def save(self, installation: Installation) -> None:
        values = self._written(installation)
        await self._run(lambda connection: connection.execute(_SAVE[connection.dialect.name], values) and None)

    async def find(self, team_id: str, enterprise_id: str = "") -> Installation | None:
        of_org = installations.c.is_org & (installations.c.team_id == enterprise_id)
        wanted = select(installations).where(or_(installations.c.team_id == team_id, of_org), _in_force)
        rows = await self._run(lambda connection: connection.execute(wanted.order_by(installations.c.is_org)).all())
        return self._read(rows[0]) if rows else None

    async def revoke(self, team_id: str, now: datetime) -> bool:
        mark = update(installations).where(installations.c.team_id == team_id, _in_force).values(revoked_at=now)
        return await self._run(lambda connection: connection.execute(mark).rowcount > 0)

    async def remove(self, team_id: str) -> bool:
        gone = delete(installations).where(installations.c.team_id == team_id)
        return await self._run(lambda connection: connection.execute(gone).rowcount > 0)

    async def every(self) -> tuple[Installation, ...]:
        wanted = select(installations).order_by(installations.c.team_id)
        rows = await self._run(lambda connection: connection.execute(wanted).all())
        return tuple(map(self._read, rows))

    async def reseal(self) -> int:
        def work(connection: Connection) -> int:
            locked = select(installations.c.team_id, installations.c.sealed).with_for_update()
            old = [row for row in connection.execute(locked) if not self._sealing.is_first(row.sealed)]
            for row in old:
                sealed = self._sealing.seal(self._sealing.open(row.sealed))
                connection.execute(
                    update(installations).where(installations.c.team_id == row.team_id).values(sealed=sealed)
                )
            return len(old)

        return await self._run(work)

    async def begin(self, state: str, expires_at: datetime) -> None:
        row = {"team_id": "", "state": state, "expires_at": expires_at}
        await self._run(lambda connection: connection.execute(states.insert(), row) and None)

    async def complete(self, state: str, now: datetime) -> bool:
        used = delete(states).where(states.c.team_id == "", states.c.state == state).returning(states.c.expires_at)
        expired = delete(states).where(states.c.team_id == "", states.c.expires_at < now)

        def work(connection: Connection) -> bool:
            row = connection.execute(used).one_or_none()
            connection.execute(expired)
            return row is not None and bool(row.expires_at >= now)

        return await self._run(work)

    def _written(self, installation: Installation) -> dict[str, Any]:
        tokens = {"bot": installation.bot_token, "refresh": installation.refresh_token}
        plain = ("team_id", "enterprise_id", "is_org", "name", "app_id", "bot_id", "bot_user_id")
        values = {name: getattr(installation, name) for name in (*plain, "expires_at", "installed_by", "installed_at")}
        sealed = self._sealing.seal(json.dumps(tokens))
        return values | {"sealed": sealed, "scopes": ",".join(installation.scopes), "revoked_at": None}

    def _read(self, row: Row[Any]) -> Installation:
        tokens = json.loads(self._sealing.open(row.sealed))
        return Installation(
            TeamId(row.team_id),
            tokens["bot"],
            row.bot_id,
            UserId(row.bot_user_id),
            UserId(row.installed_by),
            row.installed_at,
            row.enterprise_id,
            row.name,
            row.app_id,
            tuple(filter(None, row.scopes.split(","))),
            row.is_org,
            tokens["refresh"],
            row.expires_at,
            row.revoked_at,
        )
