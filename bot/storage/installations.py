"""Installations and their encrypted tokens, and the states of installations under way."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Row,
    String,
    Table,
    bindparam,
    delete,
    literal,
    or_,
    select,
    union_all,
    update,
)

from bot.domain.promise import TeamId, UserId
from bot.domain.webhooks import SECRET_PREFIX
from bot.ports.books import Stop
from bot.ports.installations import Installation
from bot.storage.encryption import Cipher, WebhookSecrets
from bot.storage.errors import DatabaseError
from bot.storage.events import Run
from bot.storage.stops import SqlStopBook
from bot.storage.tables import Instant, for_both, metadata, stops
from bot.storage.webhooks import webhooks

#: Slack's event times have whole seconds: an event in the same second as an installation counts as later.
A_SECOND = timedelta(seconds=1)

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

#: Workspaces that were seen to use their organisation's installation: scheduled work knows the workspace alone.
org_workspaces = Table(
    "org_workspaces",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("enterprise_id", String, nullable=False),
)

#: `team_id` is '': the workspace is not known before the installation completes.
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


def _note(insert: Any) -> Any:
    statement = insert(org_workspaces)
    changed = {"enterprise_id": statement.excluded.enterprise_id}
    return statement.on_conflict_do_update(index_elements=["team_id"], set_=changed)


_SAVE, _NOTE = for_both(_upsert), for_both(_note)
_in_force = installations.c.revoked_at.is_(None)
_of_org = select(org_workspaces.c.team_id).where(org_workspaces.c.enterprise_id == bindparam("installed"))
_LIFT = delete(stops).where(
    stops.c.subject == "", or_(stops.c.team_id == bindparam("installed"), stops.c.team_id.in_(_of_org))
)
#: Slack's error for a token that it took back.
REVOKED = "token_revoked"


def installed(connection: Connection) -> frozenset[TeamId]:
    """Return the workspaces with an installation in force, of their own or of their organisation."""
    is_theirs = installations.c.team_id == org_workspaces.c.enterprise_id
    of_org = select(org_workspaces.c.team_id).join(installations, is_theirs).where(_in_force)
    found = union_all(select(installations.c.team_id).where(_in_force), of_org)
    return frozenset(map(TeamId, connection.execute(found).scalars()))


def is_readable(connection: Connection, keys: Sequence[str]) -> bool:
    """Return whether the keys decrypt the tokens of every installation in force, and every webhook's secret.

    Without keys there are no tokens to decrypt: one workspace's own is a setting.
    """
    tokens = connection.execute(select(installations.c.sealed).where(_in_force)).scalars() if keys else ()
    secrets = WebhookSecrets(keys)
    try:
        for sealed in tokens:
            Cipher(keys).decrypt(sealed)
        for stored in connection.execute(select(webhooks.c.secret)).scalars():
            secrets.decrypted(stored)
    except DatabaseError:
        return False
    return True


class SqlInstallationBook:
    """InstallationBook over a function that runs its transactions."""

    def __init__(self, run: Run, cipher: Cipher) -> None:
        self._run = run
        self._cipher = cipher

    async def save(self, installation: Installation) -> None:
        values = self._written(installation)

        def work(connection: Connection) -> None:
            connection.execute(_SAVE[connection.dialect.name], values)
            connection.execute(_LIFT, {"installed": installation.team_id})

        await self._run(work)

    async def find(self, team_id: str, enterprise_id: str = "") -> Installation | None:
        noted = select(org_workspaces.c.enterprise_id).where(org_workspaces.c.team_id == team_id)
        of_org = installations.c.is_org & installations.c.team_id.in_(union_all(select(literal(enterprise_id)), noted))
        wanted = select(installations).where(or_(installations.c.team_id == team_id, of_org), _in_force)
        rows = await self._run(lambda connection: connection.execute(wanted.order_by(installations.c.is_org)).all())
        return self._read(rows[0]) if rows else None

    async def renew(self, team_id: str, bot_token: str, refresh_token: str, expires_at: datetime | None) -> bool:
        sealed = self._encrypted(bot_token, refresh_token)
        mark = update(installations).where(installations.c.team_id == team_id, _in_force)
        changed = mark.values(sealed=sealed, expires_at=expires_at)
        return await self._run(lambda connection: connection.execute(changed).rowcount > 0)

    async def note_member(self, team_id: str, enterprise_id: str) -> None:
        row = {"team_id": team_id, "enterprise_id": enterprise_id}
        await self._run(lambda connection: connection.execute(_NOTE[connection.dialect.name], row) and None)

    async def members(self, enterprise_id: str) -> tuple[TeamId, ...]:
        rows = await self._run(lambda connection: connection.execute(_of_org, {"installed": enterprise_id}).all())
        return tuple(sorted(TeamId(row.team_id) for row in rows))

    async def revoke(self, team_id: str, at: datetime) -> bool:
        mark = update(installations).where(installations.c.team_id == team_id, _in_force)
        mark = mark.where(installations.c.installed_at < at + A_SECOND).values(revoked_at=at)

        def work(connection: Connection) -> bool:
            if not connection.execute(mark).rowcount:
                return False
            members = connection.execute(_of_org, {"installed": team_id}).scalars()
            for each in (TeamId(team_id), *members):
                SqlStopBook(connection, TeamId(each)).set(Stop(TeamId(each), "", REVOKED, at))
            return True

        return await self._run(work)

    async def revoked(self, before: datetime) -> tuple[TeamId, ...]:
        wanted = select(installations.c.team_id).where(installations.c.revoked_at < before)
        rows = await self._run(lambda connection: connection.execute(wanted.order_by(installations.c.team_id)).all())
        return tuple(TeamId(row.team_id) for row in rows)

    async def remove(self, team_id: str) -> bool:
        gone = delete(installations).where(installations.c.team_id == team_id)
        return await self._run(lambda connection: connection.execute(gone).rowcount > 0)

    async def reencrypt(self) -> int:
        def work(connection: Connection) -> int:
            return sum(self._reencrypted(connection, column) for column in (installations.c.sealed, webhooks.c.secret))

        return await self._run(work)

    def _reencrypted(self, connection: Connection, column: Column[str]) -> int:
        """Encrypt a column with the first key; a webhook's secret may be in clear text so far."""
        keys = list(column.table.primary_key.columns)
        locked = select(*keys, column.label("stored")).with_for_update()
        old = [row for row in connection.execute(locked) if not self._cipher.is_by_first_key(row.stored)]
        for row in old:
            plain = row.stored if row.stored.startswith(SECRET_PREFIX) else self._cipher.decrypt(row.stored)
            this = [key == getattr(row, key.name) for key in keys]
            connection.execute(update(column.table).where(*this).values({column.name: self._cipher.encrypt(plain)}))
        return len(old)

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
        plain = ("team_id", "enterprise_id", "is_org", "name", "app_id", "bot_id", "bot_user_id")
        values = {name: getattr(installation, name) for name in (*plain, "expires_at", "installed_by", "installed_at")}
        sealed = self._encrypted(installation.bot_token, installation.refresh_token)
        return values | {"sealed": sealed, "scopes": ",".join(installation.scopes), "revoked_at": None}

    def _encrypted(self, bot_token: str, refresh_token: str) -> str:
        return self._cipher.encrypt(json.dumps({"bot": bot_token, "refresh": refresh_token}))

    def _read(self, row: Row[Any]) -> Installation:
        tokens = json.loads(self._cipher.decrypt(row.sealed))
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
