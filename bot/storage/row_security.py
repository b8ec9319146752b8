"""PostgreSQL's row level security: within a workspace's transaction no other workspace's row can be seen or written.

Every query names its workspace; PostgreSQL enforces it again (docs/adr/0015). Such a transaction
runs as the role MEMBER, which owns no table and has no right to tokens, and whose policies let through the rows of
`kept.team` alone. Both are set together with BEGIN, in the same message to the server, and end with the transaction.
What concerns all workspaces (claims, backups, migrations) runs as the role of DATABASE_URL, to which no policy applies.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import asyncpg
import structlog
from asyncpg.prepared_stmt import PreparedStatement
from asyncpg.types import Attribute
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.promise import TeamId
from bot.storage.direct import check_allowed
from bot.storage.schema import MIGRATION_LOCK

log = structlog.get_logger("kept.storage")

MEMBER = "kept_member"
#: Tables outside of workspace transactions: tokens, events, reservations, the schema version.
OF_ALL = frozenset({"installations", "oauth_states", "org_workspaces", "events", "turns", "alembic_version"})

_STATE = text(
    """
    SELECT (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS may_create,
      EXISTS (SELECT FROM pg_roles WHERE rolname = :member) AS is_there,
      EXISTS (SELECT FROM pg_roles WHERE rolname = :member AND pg_has_role(oid, 'SET')) AS may_become
    """
)
_ALL_GRANTED = text(
    "SELECT bool_and(has_table_privilege(:member, c.oid, 'DELETE')) FROM pg_class c "
    "WHERE c.oid = ANY(ARRAY(SELECT to_regclass(quote_ident(name)) FROM unnest(CAST(:tables AS text[])) AS name))"
)

#: A server has one list of roles: another database's Kept may make it at the same moment.
_CREATE = f"DO $$ BEGIN CREATE ROLE {MEMBER} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$"


@lru_cache(2048)
def _shared(column: Attribute) -> Attribute:
    """Return the first of equal descriptions of a column."""
    return column


class _Prepared(PreparedStatement):  # type: ignore[misc]  # asyncpg has no types
    """A prepared statement whose columns are described by the same objects as in others and on other connections.

    SQLAlchemy caches them with each statement of each connection, where they were a third of its memory.
    """

    __slots__ = ()

    def get_attributes(self) -> tuple[Attribute, ...]:
        return tuple(_shared(column) for column in super().get_attributes())


class WorkspaceConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection whose transactions begin with `entering`, which sets their role and workspace."""

    entering = ""

    async def prepare(self, query: str, **options: Any) -> PreparedStatement:
        statement = await super().prepare(query, **options)
        statement.__class__ = _Prepared
        return statement

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        if self.entering and query.startswith("BEGIN"):
            query += self.entering
        status: str = await super().execute(query, *args, **options)
        return status


def entering(team_id: TeamId) -> str:
    """Return the SQL after BEGIN that sets a transaction's role and workspace.

    >>> entering(TeamId("T1"))
    " SET LOCAL ROLE kept_member; SET LOCAL kept.team = 'T1';"
    >>> entering(TeamId("T1'; DROP TABLE promises; --"))
    " SET LOCAL ROLE kept_member; SET LOCAL kept.team = '';"
    """
    is_id = team_id.isascii() and team_id.replace("_", "").replace("-", "").isalnum()
    return f" SET LOCAL ROLE {MEMBER}; SET LOCAL kept.team = '{team_id if is_id else ''}';"


def restricted_to(statements: Collection[str], engine: AsyncEngine) -> AsyncEngine:
    """Return an engine that commits each statement by itself, without row level security, and runs only these.

    Any other statement raises ForbiddenStatementError.
    """
    restricted = engine.execution_options(isolation_level="AUTOCOMMIT", restricted_to=frozenset(statements))

    def check(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        check_allowed(connection, statement)

    event.listen(restricted.sync_engine, "before_cursor_execute", check)
    return restricted


def is_in_force(connection: Connection) -> bool:
    """Return whether transactions can run as MEMBER, without changing anything."""
    return bool(connection.execute(_STATE, {"member": MEMBER}).one().may_become) and _has_all(connection)


async def put_in_force(engine: AsyncEngine) -> bool:
    """Create MEMBER with its rights, if missing; return whether transactions may run as it.

    The role belongs to the server and not to the database, so no migration makes it: a restored database has its
    policies, and finds or makes the role when it is opened.
    """
    try:
        async with engine.begin() as connection:
            if not await connection.run_sync(_may_become):
                log.warning("row level security is not in force: kept doctor says why")
                return False
            await connection.run_sync(_grant)
    except DBAPIError as fault:
        log.warning("row level security is not in force", error=type(fault.orig).__name__)
        return False
    return True


def _may_become(connection: Connection) -> bool:
    """Return whether MEMBER exists and may be assumed; create it if that is allowed."""
    state = connection.execute(_STATE, {"member": MEMBER}).one()
    if state.may_become or not state.may_create:
        return bool(state.may_become)
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    if not state.is_there:
        connection.exec_driver_sql(_CREATE)
    connection.exec_driver_sql(f"GRANT {MEMBER} TO CURRENT_USER")
    return True


def _grant(connection: Connection) -> None:
    """Grant MEMBER the rights that a workspace's transaction needs, if missing."""
    if _has_all(connection):
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    named = ", ".join(f'"{name}"' for name in _tables(connection))
    connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {named} TO {MEMBER}")
    connection.exec_driver_sql(
        f"DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {MEMBER}', current_schema()); END $$"
    )


def _has_all(connection: Connection) -> bool:
    asked = {"member": MEMBER, "tables": _tables(connection)}
    return bool(connection.execute(_ALL_GRANTED, asked).scalar_one())


def _tables(connection: Connection) -> list[str]:
    """Return the tables of a workspace's transactions."""
    found = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return sorted(set(found.scalars()) - OF_ALL)
