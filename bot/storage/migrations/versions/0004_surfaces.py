"""Where Kept listens, who was welcomed, and the way from a message in Slack back to what it was about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "listening",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("set_by", sa.String, nullable=False),
        sa.Column("set_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id"),
    )
    op.create_table(
        "welcomes",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person"),
    )
    stands = sa.text("ts IS NOT NULL")
    columns = ["team_id", "channel_id", "ts"]
    op.create_index("deliveries_standing", "deliveries", columns, sqlite_where=stands, postgresql_where=stands)
