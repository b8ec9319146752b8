"""Add the note of what could stop a promise, for its owner alone; and which promises a last chance named."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0008"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "obstacles",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("promise_id", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("noted_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "promise_id", "person"),
    )
    op.create_table(
        "chances",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("promise_id", sa.String, nullable=False),
        sa.Column("delivery_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "promise_id", "delivery_id"),
    )
    op.create_index("chances_of_delivery", "chances", ["team_id", "delivery_id"])
