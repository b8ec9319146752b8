"""Promises that come again: the rule they follow, and which of them a promise belongs to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("promises", sa.Column("series_id", sa.String))
    op.create_table(
        "series",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("owner_id", sa.String, nullable=False),
        sa.Column("requester_id", sa.String, nullable=False),
        sa.Column("watchers", _JSON, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("done_when", sa.String, nullable=False),
        sa.Column("rule", _JSON, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("is_private", sa.Boolean, nullable=False),
        sa.Column("permalink", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("wakes_at", _INSTANT),
        sa.Column("ended_at", _INSTANT),
        sa.Column("ended_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "id"),
    )
    _index("series_wake", ["wakes_at"], "wakes_at IS NOT NULL")
    _index("series_owing", ["team_id", "owner_id"], "ended_at IS NULL")
    _index("series_owed", ["team_id", "requester_id"], "ended_at IS NULL")


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "series", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
