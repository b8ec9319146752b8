"""The tables of records, chains, private notes and feeds."""

from typing import Any

from sqlalchemy import Column, Index, String, Table

from bot.storage.tables import Instant, is_open, metadata, promises


def _key(*names: str) -> "list[Column[Any]]":
    return [Column(name, String, primary_key=True, nullable=False) for name in ("team_id", *names)]


#: Whose record everybody may see.
open_records = Table("open_records", metadata, *_key("person"), Column("opened_at", Instant, nullable=False))

#: Dependencies: `promise_id` cannot be kept before `needs_id` is.
needs = Table("needs", metadata, *_key("promise_id", "needs_id"))
Index("needs_under", needs.c.team_id, needs.c.needs_id)

#: The latest useful date, as a private note of the requester.
need_bys = Table(
    "need_bys",
    metadata,
    *_key("promise_id"),
    Column("latest_at", Instant, nullable=False),
    Column("zone", String, nullable=False),
)

#: Obstacles to a promise, as private notes of one person; shown again only to them, and only while they owe it.
obstacles = Table(
    "obstacles",
    metadata,
    *_key("promise_id", "person"),
    Column("words", String, nullable=False),
    Column("noted_at", Instant, nullable=False),
)

#: The promises that a "last chance" message lists, so that it is redrawn when one of them changes.
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
