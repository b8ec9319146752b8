"""The tables of records, chains, private notes and feeds, beside bot.storage.tables."""

from typing import Any

from sqlalchemy import Column, Index, String, Table

from bot.storage.tables import Instant, is_open, metadata, promises


def _key(*names: str) -> "list[Column[Any]]":
    return [Column(name, String, primary_key=True, nullable=False) for name in ("team_id", *names)]


#: Whose record everybody may see.
open_records = Table("open_records", metadata, *_key("person"), Column("opened_at", Instant, nullable=False))

#: What stands on what: `promise_id` cannot be kept before `needs_id` is.
needs = Table("needs", metadata, *_key("promise_id", "needs_id"))
Index("needs_under", needs.c.team_id, needs.c.needs_id)

#: The requester's own note of the latest useful date, told to nobody else.
need_bys = Table(
    "need_bys",
    metadata,
    *_key("promise_id"),
    Column("latest_at", Instant, nullable=False),
    Column("zone", String, nullable=False),
)

#: What could stop a promise, as one person foresaw it: told again to them alone, and only while they owe it.
obstacles = Table(
    "obstacles",
    metadata,
    *_key("promise_id", "person"),
    Column("words", String, nullable=False),
    Column("noted_at", Instant, nullable=False),
)

#: Which promises a last chance named, so that it is redrawn when one of them moves.
chances = Table("chances", metadata, *_key("promise_id", "delivery_id"))
Index("chances_of_delivery", chances.c.team_id, chances.c.delivery_id)

#: A person's private calendar feed; of its secret only a hash is kept.
feeds = Table(
    "feeds",
    metadata,
    *_key("person"),
    Column("secret_hash", String, nullable=False),
    Column("made_at", Instant, nullable=False),
)

_is_closed = promises.c.closed_at.is_not(None)
Index(
    "promises_closed",
    promises.c.team_id,
    promises.c.owner_id,
    promises.c.closed_at,
    sqlite_where=_is_closed,
    postgresql_where=_is_closed,
)
Index(
    "promises_coming",
    promises.c.team_id,
    promises.c.channel_id,
    promises.c.due_at,
    sqlite_where=is_open,
    postgresql_where=is_open,
)
