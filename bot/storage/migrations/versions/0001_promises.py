"""Promises, their acts, the deliveries they cause, people and digests."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _teams_and_people()
    _promises()
    _acts()
    _deliveries()
    _forbid_rewriting_history()


def _text(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.String, nullable=nullable)


def _whole(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Integer, nullable=False)


def _flag(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Boolean, nullable=False)


def _at(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, _INSTANT, nullable=nullable)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _inline_key() -> list[sa.PrimaryKeyConstraint]:
    return [sa.PrimaryKeyConstraint("team_id", "id")] if _is_sqlite() else []


def _key_at_last(table: str) -> None:
    """Makes PostgreSQL's primary key after the other indexes.

    Every index starts with the workspace, and while a table has no statistics PostgreSQL finds them all equally good
    for a row's key and takes the newest. Any other than this one reads the whole workspace.
    """
    if not _is_sqlite():
        op.create_primary_key(f"{table}_pkey", table, ["team_id", "id"])


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _teams_and_people() -> None:
    op.create_table("teams", _text("team_id"), _whole("last_number"), sa.PrimaryKeyConstraint("team_id"))
    op.create_table(
        "people",
        _text("team_id"),
        _text("id"),
        _text("name"),
        _text("zone"),
        _text("locale"),
        _flag("is_bot"),
        _flag("is_gone"),
        _at("fetched_at"),
        sa.Column("work_days", _JSON, nullable=False),
        sa.Column("work_start", sa.Time, nullable=False),
        sa.Column("work_end", sa.Time, nullable=False),
        sa.Column("days_off", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "id"),
    )
    op.create_table(
        "digests",
        _text("team_id"),
        _text("channel_id"),
        _text("cadence"),
        _whole("weekday"),
        sa.Column("at", sa.Time, nullable=False),
        _text("zone"),
        _text("set_by"),
        _at("set_at"),
        _at("covered_to"),
        sa.PrimaryKeyConstraint("team_id", "channel_id"),
    )


def _promises() -> None:
    op.create_table(
        "promises",
        _text("team_id"),
        _text("id"),
        _whole("number"),
        _text("owner_id"),
        _text("requester_id"),
        sa.Column("watchers", _JSON, nullable=False),
        _text("made_by"),
        _at("made_at"),
        _text("channel_id"),
        _flag("is_private"),
        _text("permalink"),
        _text("thread_ts"),
        _text("state"),
        _text("what"),
        _at("due_at"),
        _text("due_local"),
        _text("due_zone"),
        _text("done_when"),
        _whole("terms_version"),
        sa.Column("proposal", _JSON),
        *(_at(f"{name}_at", nullable=True) for name in ("reported", "settles", "missed", "closed", "renegotiated")),
        _flag("raised_early"),
        _text("word_act", nullable=True),
        _text("word_note", nullable=True),
        _at("word_at", nullable=True),
        _text("rating"),
        _whole("seq"),
        _at("wakes_at", nullable=True),
        _at("news_at", nullable=True),
        *_inline_key(),
    )
    op.create_index("promises_number", "promises", ["team_id", "number"], unique=True)
    _partial("promises_owing", "promises", ["team_id", "owner_id", "due_at"], "closed_at IS NULL")
    _partial("promises_owed", "promises", ["team_id", "requester_id", "due_at"], "closed_at IS NULL")
    _partial("promises_wake", "promises", ["wakes_at"], "wakes_at IS NOT NULL")
    _partial("promises_news", "promises", ["team_id", "channel_id", "news_at"], "news_at IS NOT NULL")
    _key_at_last("promises")


def _acts() -> None:
    op.create_table(
        "acts",
        _text("team_id"),
        _text("promise_id"),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        _text("act"),
        _text("by"),
        _at("at"),
        _text("note"),
        _text("what", nullable=True),
        _at("due_at", nullable=True),
        _text("due_zone", nullable=True),
        _text("done_when", nullable=True),
        _text("rating"),
        _text("heir", nullable=True),
        sa.Column("rest", _JSON),
        _flag("early"),
        _at("settles_at", nullable=True),
        _text("origin"),
        sa.PrimaryKeyConstraint("team_id", "promise_id", "seq"),
        sa.ForeignKeyConstraint(["team_id", "promise_id"], ["promises.team_id", "promises.id"], name="acts_promise"),
    )
    _partial("acts_made_from", "acts", ["team_id", "origin"], "origin != '' AND seq = 1", unique=True)
    _partial("acts_from", "acts", ["team_id", "promise_id", "origin"], "origin != ''", unique=True)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        *(_text(name) for name in ("team_id", "id", "promise_id", "kind", "recipient", "occasion", "state")),
        _at("due_at"),
        _at("planned_at"),
        _at("lease_until", nullable=True),
        _text("leased_by"),
        _whole("attempt"),
        _whole("tries"),
        _flag("was_unknown"),
        _text("channel_id", nullable=True),
        _text("ts", nullable=True),
        _text("shown"),
        _text("error"),
        _at("ended_at", nullable=True),
        *_inline_key(),
    )
    once = ["team_id", "promise_id", "kind", "recipient", "occasion"]
    op.create_index("deliveries_once", "deliveries", once, unique=True)
    _partial("deliveries_due", "deliveries", ["due_at"], "state = 'pending'")
    _partial("deliveries_of_team", "deliveries", ["team_id", "due_at"], "state = 'pending'")
    _key_at_last("deliveries")


def _forbid_rewriting_history() -> None:
    """An act may be forgotten together with its workspace, but never rewritten."""
    if _is_sqlite():
        op.execute(
            "CREATE TRIGGER acts_stand BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts are never rewritten'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION acts_stand() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'acts are never rewritten'; END $$"
    )
    op.execute("CREATE TRIGGER acts_stand BEFORE UPDATE ON acts FOR EACH ROW EXECUTE FUNCTION acts_stand()")
