"""Add the columns and tables of deliveries: doubts, catch-ups, stops, whose turn a workspace is, and Slack's events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("resend_at", _INSTANT))
    op.add_column("deliveries", sa.Column("told_in", sa.String))
    op.create_table(
        "stops",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("error", sa.String, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT),
        sa.PrimaryKeyConstraint("team_id", "subject"),
    )
    op.create_table(
        "turns",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("held_by", sa.String, nullable=False),
        sa.Column("held_until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("team_id"),
    )
    _events()


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("event_id", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("lease_until", _INSTANT, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("done_at", _INSTANT),
        sa.Column("error", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "event_id"),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index("events_open", "events", ["lease_until"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("events_received", "events", ["received_at"])
