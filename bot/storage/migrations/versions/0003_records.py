"""Add the tables of digests, records and dependencies: opened records, links, notes and personal feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("digests", sa.Column("of_members", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("digests", sa.Column("paused_at", _INSTANT))
    op.create_table(
        "open_records",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person"),
    )
    op.create_table(
        "needs",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("promise_id", sa.String, nullable=False),
        sa.Column("needs_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "promise_id", "needs_id"),
    )
    op.create_index("needs_under", "needs", ["team_id", "needs_id"])
    _notes_and_feeds()
    _indexes()


def _notes_and_feeds() -> None:
    op.create_table(
        "need_bys",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("promise_id", sa.String, nullable=False),
        sa.Column("latest_at", _INSTANT, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "promise_id"),
    )
    op.create_table(
        "feeds",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person"),
    )


def _indexes() -> None:
    """Partial ones: PostgreSQL would otherwise take a new index for a promise's own key (see 0001)."""
    is_closed, is_open = sa.text("closed_at IS NOT NULL"), sa.text("closed_at IS NULL")
    op.create_index(
        "promises_closed",
        "promises",
        ["team_id", "owner_id", "closed_at"],
        sqlite_where=is_closed,
        postgresql_where=is_closed,
    )
    op.create_index(
        "promises_coming",
        "promises",
        ["team_id", "channel_id", "due_at"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
