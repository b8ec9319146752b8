"""The tables for queries; migrations create them.

Every primary and unique key starts with `team_id`, so that the database can be split by workspace one day.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Time,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeEngine

from bot.domain.errors import NaiveTimeError
from bot.domain.working_time import aware

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class NaiveColumnError(NaiveTimeError, DontWrapMixin):
    """A naive time on its way into a column; SQLAlchemy lets it pass unwrapped."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant: `timestamptz` on PostgreSQL, whole microseconds since 1970 on SQLite."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        try:
            instant = aware(value)
        except NaiveTimeError as error:
            raise NaiveColumnError(str(error)) from error
        return instant if dialect.name == "postgresql" else (instant - EPOCH) // MICROSECOND

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """None where the driver gives aware UTC instants itself, as asyncpg does."""
        return None if dialect.name == "postgresql" else _from_microseconds


def _from_microseconds(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + timedelta(0, 0, value)


metadata = MetaData()
json_column = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _text(name: str, *, key: bool = False) -> "Column[str]":
    return Column(name, String, primary_key=key, nullable=False)


def _flag(name: str) -> "Column[bool]":
    return Column(name, Boolean, nullable=False)


def _instant(name: str, *, nullable: bool = False) -> "Column[datetime]":
    return Column(name, Instant, nullable=nullable)


teams = Table("teams", metadata, _text("team_id", key=True), Column("last_number", Integer, nullable=False))

#: `wakes_at` is Promise.next_clock_at(); `news_at` is the latest of missed, renegotiated and closed.
promises = Table(
    "promises",
    metadata,
    _text("team_id", key=True),
    _text("id", key=True),
    Column("number", Integer, nullable=False),
    _text("owner_id"),
    _text("requester_id"),
    Column("watchers", json_column, nullable=False),
    _text("made_by"),
    _instant("made_at"),
    _text("channel_id"),
    _flag("is_private"),
    _text("permalink"),
    _text("thread_ts"),
    _text("state"),
    _text("what"),
    _instant("due_at"),
    _text("due_local"),
    _text("due_zone"),
    _text("done_when"),
    Column("terms_version", Integer, nullable=False),
    Column("proposal", json_column),
    _instant("reported_at", nullable=True),
    _instant("settles_at", nullable=True),
    _instant("missed_at", nullable=True),
    _instant("closed_at", nullable=True),
    _instant("renegotiated_at", nullable=True),
    _instant("repaired_at", nullable=True),
    _flag("raised_early"),
    Column("word_act", String),
    Column("word_note", String),
    _instant("word_at", nullable=True),
    _text("rating"),
    Column("seq", Integer, nullable=False),
    _instant("wakes_at", nullable=True),
    _instant("news_at", nullable=True),
    Column("series_id", String),
    Column("lead_days", Integer),
    *(Column("estimate_minutes", Integer), Column("priority", String)),
)

acts = Table(
    "acts",
    metadata,
    _text("team_id", key=True),
    _text("promise_id", key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("act"),
    _text("by"),
    _instant("at"),
    _text("note"),
    Column("what", String),
    _instant("due_at", nullable=True),
    Column("due_zone", String),
    Column("done_when", String),
    _text("rating"),
    Column("heir", String),
    Column("rest", json_column),
    _flag("early"),
    _instant("settles_at", nullable=True),
    _text("origin"),
    *(Column("estimate_minutes", Integer), Column("priority", String)),
    ForeignKeyConstraint(["team_id", "promise_id"], ["promises.team_id", "promises.id"], name="acts_promise"),
)

#: `promise_id` is '' for what belongs to no promise. `planned_at` is when it was meant to go, `due_at` when it is tried
#: next. `lease_until` is set exactly while an attempt is under way; `tries` counts the failures that were its own.
#: `resend_at` is set for a message that may have arrived; `told_in` names the gathered message that includes it.
deliveries = Table(
    "deliveries",
    metadata,
    _text("team_id", key=True),
    _text("id", key=True),
    _text("promise_id"),
    _text("kind"),
    _text("recipient"),
    _text("occasion"),
    _text("state"),
    _instant("due_at"),
    _instant("planned_at"),
    _instant("lease_until", nullable=True),
    _text("leased_by"),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    _flag("was_unknown"),
    Column("channel_id", String),
    Column("ts", String),
    _text("shown"),
    _text("error"),
    _instant("ended_at", nullable=True),
    _instant("resend_at", nullable=True),
    Column("told_in", String),
)

#: Why nothing is sent for now: `subject` is a person, a channel, or '' for the whole workspace.
stops = Table(
    "stops",
    metadata,
    _text("team_id", key=True),
    _text("subject", key=True),
    _text("error"),
    _instant("since"),
    _instant("until", nullable=True),
)

#: The process that has reserved a workspace for sending; PostgreSQL only.
turns = Table("turns", metadata, _text("team_id", key=True), _text("held_by"), _instant("held_until"))

#: Events as received from Slack; `lease_until` is set while one is being handled, `done_at` once it was.
events = Table(
    "events",
    metadata,
    _text("team_id", key=True),
    _text("event_id", key=True),
    _text("body"),
    _instant("received_at"),
    _instant("lease_until"),
    Column("attempt", Integer, nullable=False),
    _instant("done_at", nullable=True),
    _text("error"),
)

people = Table(
    "people",
    metadata,
    _text("team_id", key=True),
    _text("id", key=True),
    _text("name"),
    _text("zone"),
    _text("locale"),
    _flag("is_bot"),
    _flag("is_gone"),
    _instant("fetched_at"),
    Column("work_days", json_column, nullable=False),
    Column("work_start", Time, nullable=False),
    Column("work_end", Time, nullable=False),
    Column("days_off", json_column, nullable=False),
    Column("preferences", json_column),
    Column("is_admin", Boolean),
    Column("is_guest", Boolean),
    Column("absences", json_column),
    Column("asked", json_column),
)

digests = Table(
    "digests",
    metadata,
    _text("team_id", key=True),
    _text("channel_id", key=True),
    _text("cadence"),
    Column("weekday", Integer, nullable=False),
    Column("at", Time, nullable=False),
    _text("zone"),
    _text("set_by"),
    _instant("set_at"),
    _instant("covered_to"),
    _flag("of_members"),
    _instant("paused_at", nullable=True),
    _instant("covered_from", nullable=True),
    Column("held", json_column),
)


def _partial(name: str, *columns: "Column[Any]", where: Any, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


#: Conditions of partial indexes are literals: no planner matches a bound value, and SQLite plans at each run for one.
is_open = promises.c.closed_at.is_(None)
is_pending = deliveries.c.state == literal_column("'pending'")
was_sent = deliveries.c.state == literal_column("'sent'")

Index("promises_number", promises.c.team_id, promises.c.number, unique=True)
_partial("promises_owing", promises.c.team_id, promises.c.owner_id, promises.c.due_at, where=is_open)
_partial("promises_owed", promises.c.team_id, promises.c.requester_id, promises.c.due_at, where=is_open)
_partial("promises_wake", promises.c.wakes_at, where=promises.c.wakes_at.is_not(None))
_partial(
    "promises_news",
    promises.c.team_id,
    promises.c.channel_id,
    promises.c.news_at,
    where=promises.c.news_at.is_not(None),
)
_has_origin = acts.c.origin != literal_column("''")
_partial(
    "acts_made_from",
    acts.c.team_id,
    acts.c.origin,
    where=_has_origin & (acts.c.seq == literal_column("1")),
    unique=True,
)
_partial("acts_from", acts.c.team_id, acts.c.promise_id, acts.c.origin, where=_has_origin, unique=True)
Index(
    "deliveries_once",
    deliveries.c.team_id,
    deliveries.c.promise_id,
    deliveries.c.kind,
    deliveries.c.recipient,
    deliveries.c.occasion,
    unique=True,
)
_partial("deliveries_due", deliveries.c.due_at, where=is_pending)
_partial("events_open", events.c.lease_until, where=events.c.done_at.is_(None))
Index("events_received", events.c.received_at)
_partial("deliveries_of_team", deliveries.c.team_id, deliveries.c.due_at, where=is_pending)


def for_both(build: Callable[[Any], Executable]) -> dict[str, Executable]:
    """The same upsert for each database, by its name; `build` gets that database's `insert`."""
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}
